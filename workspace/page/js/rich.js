// Draws the tree that mrkdwn.js and blocks/rich_text.js make. Every text becomes a text node.

import { h } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { t } from "./i18n/index.js";
import { addressOf, go } from "./route.js";
import { nameOf, state } from "./state.js";
import { slackDate } from "./time.js";

/** Addresses that a click may follow. javascript:, data: and the like stay text. */
const SAFE = /^(https?:|mailto:|tel:)/i;

const DRAW = {
  text: ({ text }) => text,
  break: () => h("br"),
  bold: ({ children }) => h("strong", {}, draw(children)),
  italic: ({ children }) => h("em", {}, draw(children)),
  strike: ({ children }) => h("s", {}, draw(children)),
  underline: ({ children }) => h("u", {}, draw(children)),
  highlight: ({ children }) => h("mark", {}, draw(children)),
  quote: ({ children }) => h("blockquote", {}, draw(children)),
  code: ({ text }) => h("code", {}, text),
  pre: ({ text }) => h("pre", { tabindex: 0 }, h("code", {}, text)),
  link: ({ url, children }) => link(url, draw(children)),
  user: ({ id, label }) => mention(`@${known(id) ? nameOf(id) : label || id}`, id === state.me?.id),
  group: ({ id, label }) => mention(label || `@${id}`, false),
  broadcast: ({ range }) => mention(`@${range}`, true),
  channel: ({ id, label }) => channelLink(id, label),
  date: (node) => dated(node),
  emoji: ({ name, unicode }) => emoji(name, unicode),
};

/** @param {import("./mrkdwn.js").Node[]} nodes @returns {(Node|string)[]} */
export const draw = (nodes) => nodes.map((node) => DRAW[node.type](node));

/** @param {string} name Slack's name @param {string} [unicode] code points, when Slack sends them */
export function emoji(name, unicode) {
  const sign = EMOJI.get(name) ?? fromCodePoints(unicode);
  return sign ? h("span", { class: "emoji", title: `:${name}:` }, sign) : `:${name}:`;
}

/** @param {string} url @param {any} content */
export function link(url, content) {
  if (!SAFE.test(url)) return h("span", {}, content);
  const away = url.startsWith("http") ? { target: "_blank", rel: "noopener noreferrer" } : {};
  return h("a", { href: url, ...away }, content);
}

const known = (id) => state.people.has(id) || id === state.app?.bot_user_id;

const mention = (text, mine) => h("span", { class: mine ? "mention mine" : "mention" }, text);

function channelLink(id, label) {
  const conversation = state.conversations.get(id);
  const name = `#${conversation?.name ?? (label || t("channel.unknown"))}`;
  if (!conversation) return mention(name, false);
  const follow = (event) => {
    event.preventDefault();
    go({ channel: id, thread: null, tab: null });
  };
  return h("a", { href: addressOf({ channel: id, thread: null, tab: null }), on: { click: follow } }, name);
}

function dated({ timestamp, pattern, url, fallback }) {
  const words = Number.isFinite(timestamp) ? slackDate(timestamp, pattern) : fallback;
  return url ? link(url, words) : h("time", {}, words);
}

function fromCodePoints(unicode) {
  if (!unicode) return null;
  return String.fromCodePoint(...unicode.split("-").map((hex) => Number.parseInt(hex, 16)));
}
