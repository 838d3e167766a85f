// The rich_text block: translated into the tree that rich.js draws.

import { h } from "../dom.js";
import { draw } from "../rich.js";

const BULLETS = ["disc", "circle", "square"];
const NUMBERS = ["decimal", "lower-alpha", "lower-roman"];

const DRAW = {
  rich_text_section: ({ elements }) => h("div", { class: "text" }, draw(elements.flatMap(node))),
  rich_text_quote: ({ elements }) => h("blockquote", {}, draw(elements.flatMap(node))),
  rich_text_preformatted: ({ elements }) => h("pre", { tabindex: 0 }, h("code", {}, draw(elements.flatMap(node)))),
  rich_text_list: list,
};

export const richText = (block) => h("div", { class: "rich-text" }, block.elements.map((part) => DRAW[part.type](part)));

function list({ style, indent = 0, offset = 0, elements, border }) {
  const ordered = style === "ordered";
  const signs = ordered ? NUMBERS : BULLETS;
  return h(ordered ? "ol" : "ul",
    {
      class: border ? "bordered" : null,
      start: ordered && offset ? offset + 1 : null,
      style: { "--indent": indent, "list-style-type": signs[indent % signs.length] },
    },
    elements.map((item) => h("li", {}, draw(item.elements.flatMap(node)))));
}

const NODE = {
  text: ({ text }) => lines(text),
  link: ({ url, text }) => ({ type: "link", url, children: [{ type: "text", text: text || url }] }),
  user: ({ user_id: id }) => ({ type: "user", id, label: "" }),
  usergroup: ({ usergroup_id: id }) => ({ type: "group", id, label: "" }),
  channel: ({ channel_id: id }) => ({ type: "channel", id, label: "" }),
  broadcast: ({ range }) => ({ type: "broadcast", range }),
  emoji: ({ name, unicode }) => ({ type: "emoji", name, unicode }),
  color: ({ value }) => ({ type: "code", text: value }),
  date: ({ timestamp, format, url, fallback }) =>
    ({ type: "date", timestamp, pattern: format, url: url ?? "", fallback: fallback ?? "" }),
};

function node(element) {
  const plain = NODE[element.type]?.(element) ?? { type: "text", text: element.text ?? "" };
  return styled([plain].flat(), element.style ?? {});
}

function lines(text) {
  return text.split("\n").flatMap((line, index) => [...(index ? [{ type: "break" }] : []), { type: "text", text: line }]);
}

function styled(nodes, style) {
  let inner = style.code ? nodes.map((one) => (one.type === "text" ? { type: "code", text: one.text } : one)) : nodes;
  for (const type of ["bold", "italic", "strike", "underline", "highlight"]) {
    if (style[type]) inner = [{ type, children: inner }];
  }
  return inner;
}
