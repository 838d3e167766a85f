// Times as Swedish care staff read them: Europe/Stockholm, 24 hours, whatever the computer believes.

import { language, t } from "./i18n/index.js";

const ZONE = "Europe/Stockholm";
const formats = new Map();

function format(options) {
  const key = language() + JSON.stringify(options);
  if (!formats.has(key)) {
    const locale = language() === "sv" ? "sv-SE" : "en-GB";
    formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options }));
  }
  return formats.get(key);
}

const parts = (seconds) =>
  Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
      second: "2-digit", hourCycle: "h23",
    }).formatToParts(new Date(seconds * 1000)).map(({ type, value }) => [type, value]),
  );

/** "14.05" in Swedish, "14:05" in English. @param {number} seconds since 1970 */
export function clock(seconds) {
  const { hour, minute } = parts(seconds);
  return language() === "sv" ? `${hour}.${minute}` : `${hour}:${minute}`;
}

/** With seconds, for the traffic list. */
export function exactClock(seconds) {
  const { hour, minute, second } = parts(seconds);
  return `${hour}:${minute}:${second}`;
}

/** "2026-11-30" in Stockholm. */
export function day(seconds) {
  const { year, month, day: date } = parts(seconds);
  return `${year}-${month}-${date}`;
}

/** "I dag", "I går" or "måndag 30 november". @param {number} now seconds */
export function dayName(seconds, now = Date.now() / 1000) {
  if (day(seconds) === day(now)) return t("time.today");
  if (day(seconds) === day(now - 86400)) return t("time.yesterday");
  return longDay(seconds);
}

export const longDay = (seconds) =>
  format({ weekday: "long", day: "numeric", month: "long" }).format(new Date(seconds * 1000));

/** For tool tips and screen readers. */
export const full = (seconds) =>
  `${format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(new Date(seconds * 1000))} ${clock(seconds)}`;

/** "2026-11-30T14:30", what a datetime-local field holds, for seconds since 1970. */
export function toLocalField(seconds) {
  const { hour, minute } = parts(seconds);
  return `${day(seconds)}T${hour}:${minute}`;
}

/** The other way. Two rounds, since the offset itself depends on the moment. */
export function fromLocalField(text) {
  const wanted = Date.parse(`${text}:00Z`) / 1000;
  let seconds = wanted;
  for (let round = 0; round < 2; round += 1) {
    seconds += wanted - Date.parse(`${toLocalField(seconds)}:00Z`) / 1000;
  }
  return seconds;
}

/** Slack's date tokens, as far as staff meet them. @param {string} pattern e.g. "{date_short} {time}" */
export function slackDate(seconds, pattern) {
  const date = new Date(seconds * 1000);
  const words = {
    date: format({ day: "numeric", month: "long", year: "numeric" }).format(date),
    date_short: format({ day: "numeric", month: "short", year: "numeric" }).format(date),
    date_long: format({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(date),
    date_num: day(seconds),
    time: clock(seconds),
    time_secs: exactClock(seconds),
    ago: clock(seconds),
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => {
    const pretty = name.endsWith("_pretty");
    if (pretty && [t("time.today"), t("time.yesterday")].includes(dayName(seconds))) return dayName(seconds);
    return words[pretty ? name.slice(0, -"_pretty".length) : name] ?? whole;
  });
}
