// Blocks that hold interactive elements or other blocks.

import { h } from "../dom.js";
import { t } from "../i18n/index.js";
import { drawElement } from "./elements.js";
import { picture } from "./picture.js";
import { richText } from "./rich_text.js";
import { textBlock, textNodes } from "./text.js";

export function actions(block, surface) {
  const spot = { surface, blockId: block.block_id, label: "" };
  return h("div", { class: "actions" }, block.elements.map((element) => drawElement(element, spot)));
}

export function contextActions(block, surface) {
  const element = actions(block, surface);
  element.classList.add("small");
  return element;
}

/** Feedback buttons outside their block, as older apps send them. */
export const feedback = (block, surface) => contextActions({ ...block, elements: [block] }, surface);

export function card(block, surface) {
  return h("div", { class: "framed card" },
    block.hero_image && picture(block.hero_image, "large"),
    h("div", { class: "card-head" },
      block.icon && picture(block.icon, "card-icon"),
      h("div", {},
        block.title && h("strong", {}, textNodes(block.title)),
        block.subtitle && textBlock(block.subtitle, "quiet"))),
    block.body && textBlock(block.body),
    block.actions && actions({ block_id: block.block_id, elements: block.actions }, surface));
}

export const carousel = (block, surface, drawBlock) =>
  h("div", { class: "carousel", tabindex: 0, role: "group", "aria-label": t("block.carousel") },
    block.elements.map((one) => drawBlock(one, surface)));

export function container(block, surface, drawBlock) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : h("strong", {}, textNodes(block.title ?? ""));
  const content = [block.subtitle && textBlock(block.subtitle, "quiet"),
    block.child_blocks.map((one) => drawBlock(one, surface))];
  if (!block.is_collapsible) return h("div", { class: "framed" }, title, content);
  return h("details", { class: "framed", open: !block.default_collapsed }, h("summary", {}, title), content);
}
