// Messages, kept by the place where they are read: a conversation's top level, or a thread in it.

import { tell } from "./topics.js";

/** @typedef {{messages: object[], hasMore: boolean}} Log oldest message first */

/** @type {Map<string, Log>} only places that have been read */
const logs = new Map();

const place = (channel, threadTs) => (threadTs ? `${channel}/${threadTs}` : channel);

/** @returns {?Log} null until it has been read */
export const logOf = (channel, threadTs = null) => logs.get(place(channel, threadTs)) ?? null;

export function setLog(channel, threadTs, log) {
  logs.set(place(channel, threadTs), log);
  tell("messages", channel);
}

/** Forgets what was read, so that it is read anew: frames may have been missed. */
export function forgetLogs() {
  logs.clear();
}

/** Puts a new or changed message where it belongs. */
export function keep(channel, message) {
  for (const log of placesOf(channel, message)) {
    const at = log.messages.findIndex(({ ts }) => ts >= message.ts);
    if (at === -1) log.messages.push(message);
    else log.messages.splice(at, log.messages[at].ts === message.ts ? 1 : 0, message);
  }
  tell("messages", channel);
}

/** For what the page itself sent: the stream may have brought it already, and newer. */
export function keepIfNew(channel, message) {
  const known = placesOf(channel, message).some((log) => log.messages.some(({ ts }) => ts === message.ts));
  if (!known) keep(channel, message);
}

export function drop(channel, ts) {
  for (const [key, log] of logs) {
    if (key === channel || key.startsWith(`${channel}/`)) log.messages = log.messages.filter((one) => one.ts !== ts);
  }
  tell("messages", channel);
}

export function prepend(channel, messages, hasMore) {
  const log = logs.get(channel);
  log.messages = [...messages, ...log.messages];
  log.hasMore = hasMore;
  tell("messages", channel);
}

export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

function placesOf(channel, message) {
  const top = !isReply(message) || message.subtype === "thread_broadcast";
  const keys = [top && channel, message.thread_ts && place(channel, message.thread_ts), place(channel, message.ts)];
  return [...new Set(keys)].map((key) => logs.get(key)).filter(Boolean);
}
