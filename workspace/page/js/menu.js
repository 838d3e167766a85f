// A menu button's menu: arrow keys, Home, End, first letters; Esc closes it.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openPopup } from "./popup.js";

/**
 * @typedef {object} Choice
 * @property {string} label
 * @property {string} [hint] a second, quieter line
 * @property {string} [icon]
 * @property {boolean} [danger]
 * @property {() => void} chosen
 */

/** @param {HTMLElement} anchor @param {string} label @param {(Choice|"line")[]} choices */
export function openMenu(anchor, label, choices) {
  const list = h("div", { class: "menu", role: "menu", "aria-label": label },
    choices.map((choice) =>
      choice === "line" ? h("div", { class: "line", role: "separator" }) : menuItem(choice, () => popup.close())));
  list.addEventListener("keydown", (event) => moveFocus(event, list));
  const popup = openPopup(anchor, list);
  list.querySelector("[role=menuitem]")?.focus();
}

function menuItem(choice, close) {
  const item = h("button", { class: choice.danger ? "menu-item danger" : "menu-item", role: "menuitem", tabindex: -1 },
    choice.icon && icon(choice.icon),
    h("span", {}, choice.label, choice.hint && h("small", {}, choice.hint)));
  item.addEventListener("click", () => {
    close();
    choice.chosen();
  });
  return item;
}

function moveFocus(event, list) {
  const items = [...list.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const next = {
    ArrowDown: () => items[(at + 1) % items.length],
    ArrowUp: () => items[(at - 1 + items.length) % items.length],
    Home: () => items[0],
    End: () => items[items.length - 1],
  }[event.key]?.() ?? byLetter(items, at, event.key);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function byLetter(items, at, key) {
  if (!/^\p{L}$/u.test(key)) return null;
  const ordered = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  return ordered.find((item) => item.textContent.toLowerCase().startsWith(key.toLowerCase())) ?? null;
}
