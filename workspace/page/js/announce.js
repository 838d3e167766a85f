// What a screen reader is told without moving the focus: new messages, and short notices.

import { h } from "./dom.js";
import { t } from "./i18n/index.js";
import { plain } from "./mrkdwn.js";
import { nameOf, state } from "./state.js";

const KEPT_LINES = 6;

/** A new message, anywhere; her own are not read back to her. */
export function announceMessage(channel, message) {
  if (message.user === state.me.id && !message.ephemeral) return;
  const from = message.author?.name ?? nameOf(message.user);
  const where = state.conversations.get(channel)?.name ?? "";
  say(t("announce.message", { from, where, text: plain(message.text ?? "") }));
}

export function say(sentence) {
  const log = document.getElementById("announcer");
  log.append(h("p", {}, sentence));
  while (log.childElementCount > KEPT_LINES) log.firstElementChild.remove();
}
