// Blocks that only show something.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n/index.js";
import { parse } from "../mrkdwn.js";
import { draw, link } from "../rich.js";
import { drawElement } from "./elements.js";
import { picture } from "./picture.js";
import { textBlock, textNodes, words } from "./text.js";

export function section(block, surface) {
  const spot = { surface, blockId: block.block_id, label: block.text ? words(block.text) : "" };
  return h("div", { class: block.accessory ? "section with-accessory" : "section" },
    h("div", { class: "section-text" },
      block.text && textBlock(block.text),
      block.fields && h("div", { class: "fields" }, block.fields.map((field) => textBlock(field, "text field")))),
    block.accessory && h("div", { class: "accessory" }, drawElement(block.accessory, spot)));
}

export const header = (block) => h("h3", { class: "header" }, textNodes(block.text));

export const divider = () => h("hr");

export function context(block) {
  return h("div", { class: "context" }, block.elements.map((element) =>
    element.type === "image" ? picture(element, "context-image") : textBlock(element, "context-text")));
}

export function image(block) {
  const title = block.title && h("figcaption", {}, textNodes(block.title));
  return h("figure", { class: "image" }, title, picture(block, "large"));
}

export function alert(block) {
  const level = ["info", "warning", "error", "success"].includes(block.level) ? block.level : "default";
  return h("div", { class: `alert-block ${level}`, role: "note" },
    icon(level === "success" ? "check" : "alert"), textBlock(block.text));
}

/** A film is never fetched here: its title, what it is about, and where it is. */
export function video(block) {
  const address = block.title_url ?? block.video_url;
  return h("div", { class: "framed" },
    h("strong", {}, address ? link(address, textNodes(block.title)) : textNodes(block.title)),
    block.description && textBlock(block.description),
    h("p", { class: "quiet" }, [t("block.video"), block.provider_name, block.author_name].filter(Boolean).join(" · ")));
}

export const file = (block) => h("p", { class: "quiet" }, t("block.file", { id: block.external_id ?? "" }));

/** The markdown block speaks real Markdown; the commonest marks become mrkdwn, the rest stays readable text. */
export function markdown(block) {
  const escaped = block.text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const mrkdwn = escaped
    .replace(/\[([^\]\n]+)\]\((https?:[^)\s]+)\)/g, "<$2|$1>")
    .replace(/\*\*(.+?)\*\*/g, "*$1*")
    .replace(/^#{1,6}\s+(.+)$/gm, "*$1*")
    .replace(/^(\s*)[-*]\s+/gm, "$1• ");
  return h("div", { class: "text" }, draw(parse(mrkdwn)));
}
