// "Bo skriver …": who is writing where, until they send or fall silent.

import { isReply } from "./logs.js";
import { nameOf, firstName } from "./state.js";
import { t } from "./i18n/index.js";
import { tell } from "./topics.js";

const FADES_AFTER = 5000;
/** @type {Map<string, Map<string, number>>} place -> person -> timer */
const writers = new Map();

const placeOf = (channel, threadTs) => `${channel}/${threadTs ?? ""}`;

export function heardTyping({ channel, thread_ts: threadTs, person }) {
  const place = placeOf(channel, threadTs);
  if (!writers.has(place)) writers.set(place, new Map());
  const here = writers.get(place);
  clearTimeout(here.get(person));
  here.set(person, setTimeout(() => forget(place, person), FADES_AFTER));
  tell("typing");
}

export function stoppedTyping(channel, message) {
  forget(placeOf(channel, isReply(message) ? message.thread_ts : null), message.user);
}

/** @returns {string} empty when nobody writes */
export function typingSentence(channel, threadTs) {
  const names = [...(writers.get(placeOf(channel, threadTs))?.keys() ?? [])].map((id) => firstName(nameOf(id)));
  if (names.length === 0) return "";
  return names.length === 1 ? t("typing.one", { name: names[0] }) : t("typing.many");
}

function forget(place, person) {
  const here = writers.get(place);
  if (!here?.has(person)) return;
  clearTimeout(here.get(person));
  here.delete(person);
  tell("typing");
}
