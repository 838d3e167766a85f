// A list of messages, in a conversation or a thread: order, days, what is new, scrolling, and moving by arrow keys.

import { h, fill } from "./dom.js";
import { t } from "./i18n/index.js";
import { reconcile } from "./keyed.js";
import { isReply, logOf } from "./logs.js";
import { drawMessage, stampOf } from "./message.js";
import { readOlder } from "./reading.js";
import { state } from "./state.js";
import { day, dayName } from "./time.js";
import { on } from "./topics.js";
import { typingSentence } from "./typing.js";

/** Messages of one author this close together share a head. Seconds. */
const TOGETHER = 300;
/** So near the bottom, in pixels, counts as reading the newest. */
const NEAR = 80;

/**
 * @param {HTMLElement} root becomes the scrolling part
 * @param {{channel: string, threadTs?: string, unreadFrom?: ?string, empty: () => HTMLElement, read?: () => void}} place
 *   unreadFrom: last_read when she came; read: called when the newest message is on the screen
 * @returns {() => void} stops
 */
export function mountMessages(root, place) {
  const { scroller, older, empty, list, writers, down } = build(root);
  const bottom = keepAtBottom(scroller, list, down);
  const log = () => logOf(place.channel, place.threadTs);
  const readNewest = () => bottom.isThere() && log() && place.read?.();
  const show = (channel) => {
    if (channel && channel !== place.channel) return;
    const messages = log()?.messages ?? [];
    if (saysSomethingNew(messages.at(-1))) bottom.go();
    list.setAttribute("aria-busy", String(!log()));
    older.hidden = !log()?.hasMore;
    fill(empty, log() && messages.length === 0 && place.empty());
    reconcile(list, entries(messages, place));
    keepOneStop(list);
    bottom.follow();
    readNewest();
  };
  /** Who writes sees her own words, also when she had scrolled up. */
  let last = log()?.messages.at(-1)?.ts;
  const saysSomethingNew = (newest) => {
    const isNew = newest?.user === state.me.id && newest.ts !== last;
    last = newest?.ts;
    return isNew;
  };
  const showWriters = () => {
    writers.textContent = typingSentence(place.channel, place.threadTs ?? null);
    bottom.follow();
  };
  older.addEventListener("click", () => bottom.stayWhile(() => readOlder(place.channel)));
  down.addEventListener("click", () => {
    bottom.go();
    readNewest();
  });
  list.addEventListener("keydown", (event) => walk(event, list));
  addEventListener("focus", readNewest);
  show();
  const stops = [
    on("messages", show), on("people", () => show()), on("conversations", readNewest), on("typing", showWriters),
    bottom.stop, () => removeEventListener("focus", readNewest),
  ];
  return () => stops.forEach((stop) => stop());
}

function build(root) {
  const parts = {
    older: h("button", { class: "button plain older" }, t("messages.older")),
    empty: h("div", { class: "empty-place" }),
    list: h("ol", { class: "messages", "aria-label": t("messages") }),
    writers: h("p", { class: "typing", "aria-live": "off" }),
    down: h("button", { class: "button to-newest", hidden: true }, t("messages.newest")),
  };
  const scroller = h("div", { class: "scroller" }, parts.older, parts.empty, parts.list, parts.writers);
  fill(root, scroller, parts.down);
  return { ...parts, scroller };
}

/** Who reads the newest line goes on seeing it; who has scrolled up is left in peace, with a way down. */
function keepAtBottom(scroller, list, down) {
  let there = true;
  const follow = () => {
    if (there) scroller.scrollTop = scroller.scrollHeight;
  };
  scroller.addEventListener("scroll", () => {
    there = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;
    down.hidden = there;
  });
  // Pictures and long answers arrive late and must not push the newest line out of sight.
  const growth = new ResizeObserver(follow);
  growth.observe(list);
  growth.observe(scroller);
  return {
    follow,
    isThere: () => there,
    go: () => {
      there = true;
      follow();
    },
    /** Lets older lines come in above without moving those on the screen. */
    stayWhile: async (work) => {
      const height = scroller.scrollHeight;
      await work();
      scroller.scrollTop += scroller.scrollHeight - height;
    },
    stop: () => growth.disconnect(),
  };
}

function entries(messages, place) {
  const rows = [];
  let previous = null;
  for (const message of messages) {
    if (!previous || day(previous.ts) !== day(message.ts)) rows.push(dayRow(message));
    if (isFirstNew(message, previous, place)) rows.push(newRow());
    const look = { inThread: Boolean(place.threadTs), continues: continues(message, previous) && rows.at(-1).key === previous.ts };
    rows.push({ key: message.ts, stamp: stampOf(message, look), make: () => drawMessage(message, look) });
    if (place.threadTs && !isReply(message) && messages.length > 1) rows.push(repliesRow(messages.length - 1));
    previous = message;
  }
  return rows;
}

function continues(message, previous) {
  if (!previous) return false;
  const same = previous.author?.id === message.author?.id && previous.author?.name === message.author?.name;
  return same && !message.subtype && !previous.subtype && !message.ephemeral && message.ts - previous.ts < TOGETHER;
}

const isFirstNew = (message, previous, { unreadFrom }) =>
  Boolean(unreadFrom) && message.ts > unreadFrom && (!previous || previous.ts <= unreadFrom);

function dayRow({ ts }) {
  const name = dayName(Number(ts));
  return { key: `day-${day(ts)}`, stamp: name, make: () => h("li", { class: "day" }, h("span", {}, name)) };
}

const newRow = () => ({ key: "new", stamp: "", make: () => h("li", { class: "new-line" }, h("span", {}, t("messages.new"))) });

function repliesRow(count) {
  const words = t("thread.replies", { count });
  return { key: "replies", stamp: words, make: () => h("li", { class: "replies-line" }, h("span", {}, words)) };
}

/** One message is a stop for the Tab key; the arrows go on from there. */
function keepOneStop(list) {
  const stops = [...list.querySelectorAll(":scope > .message")];
  if (stops.length && !stops.some((one) => one.tabIndex === 0)) stops.at(-1).tabIndex = 0;
}

function walk(event, list) {
  const stop = event.target;
  if (!stop.classList.contains("message")) return;
  const stops = [...list.querySelectorAll(":scope > .message")];
  const at = stops.indexOf(stop);
  const next = { ArrowUp: stops[at - 1], ArrowDown: stops[at + 1], Home: stops[0], End: stops.at(-1) }[event.key];
  if (!next) return;
  event.preventDefault();
  stop.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
