// Slack's text objects: plain_text, mrkdwn, and the raw_text of table cells.

import { h } from "../dom.js";
import { parse, parsePlain } from "../mrkdwn.js";
import { draw } from "../rich.js";

/** @param {{type: string, text: string, emoji?: boolean}|string} object @returns {(Node|string)[]} */
export function textNodes(object) {
  if (typeof object === "string") return [object];
  if (object.type === "mrkdwn") return draw(parse(object.text));
  return draw(parsePlain(String(object.text), object.type === "plain_text" && object.emoji !== false));
}

/** Running text keeps its line breaks and may hold quotes and code, hence a div. */
export const textBlock = (object, name = "text") => h("div", { class: name }, textNodes(object));

/** For labels and names. @returns {string} */
export const words = (object) => h("span", {}, textNodes(object)).textContent;
