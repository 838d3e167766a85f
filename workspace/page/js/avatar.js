// A person's picture. It never says more than the name beside it, so it is decoration.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { EMOJI } from "./emoji.js";

/**
 * @param {?string} url @param {string} name
 * @param {{emoji?: string, size?: "small"|"large"}} [more] emoji: an app may speak with one instead of its picture
 */
export function avatar(url, name, { emoji, size = "" } = {}) {
  const sign = emoji && EMOJI.get(emoji.replaceAll(":", ""));
  if (sign) return h("span", { class: `avatar sign ${size}`, "aria-hidden": "true" }, sign);
  if (!url) return h("span", { class: `avatar sign ${size}`, "aria-hidden": "true" }, name.slice(0, 1));
  return h("img", { class: `avatar ${size}`, src: url, alt: "", loading: "lazy" });
}

/** The sign of a conversation: a picture, or the mark of its kind. */
export function conversationSign({ kind, avatar: url, name }) {
  if (kind === "channel") return h("span", { class: "kind" }, icon("hash"));
  if (kind === "group") return h("span", { class: "kind" }, icon("lock"));
  if (kind === "mpim") return h("span", { class: "kind" }, icon("people"));
  return avatar(url, name, { size: "small" });
}
