// Suggestions while one writes: people after "@", commands after "/" at the start, emoji after ":".

import { h, fill, newId } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { t } from "./i18n/index.js";
import { openPopup } from "./popup.js";
import { state } from "./state.js";

const MOST = 6;

/** @typedef {{label: string, hint: string, text: string}} Suggestion `text` replaces what was written */

const KINDS = [
  { pattern: /(?:^|\s)@(\p{L}[\p{L} ]{0,30})?$/u, sign: "@", find: people },
  { pattern: /^\/([\p{L}\d-]*)$/u, sign: "/", find: commands },
  { pattern: /(?:^|\s):([a-z0-9_+-]{2,})$/, sign: ":", find: emoji },
];

/** @param {HTMLTextAreaElement} area keeps the focus all the while */
export function attachSuggestions(area) {
  const list = h("ul", { class: "options", role: "listbox", id: newId("suggestions"), "aria-label": t("suggestions") });
  let popup = null;
  const close = () => {
    popup?.close();
    popup = null;
    area.removeAttribute("aria-activedescendant");
  };
  const show = () => {
    const { suggestions, length } = suggestionsFor(area);
    if (suggestions.length === 0) return close();
    fill(list, suggestions.map((one) => suggestionRow(one, () => {
      accept(area, one, length);
      close();
    })));
    point(area, list, list.firstElementChild);
    popup ??= openPopup(area, list, { keepsFocus: true, class: "suggestions" });
    popup.place();
    return undefined;
  };
  area.addEventListener("input", show);
  area.addEventListener("blur", close);
  area.addEventListener("keydown", (event) => popup && steer(event, area, list, close));
}

function suggestionsFor(area) {
  const before = area.value.slice(0, area.selectionStart);
  for (const { pattern, sign, find } of KINDS) {
    const match = pattern.exec(before);
    if (!match) continue;
    const query = match[1] ?? "";
    return { suggestions: find(query.toLocaleLowerCase()).slice(0, MOST), length: sign.length + query.length };
  }
  return { suggestions: [], length: 0 };
}

function people(query) {
  return [...state.people.values()]
    .filter(({ name, deactivated }) => !deactivated && name.toLocaleLowerCase().startsWith(query))
    .map(({ name, title }) => ({ label: `@${name}`, hint: title, text: `@${name} ` }));
}

function commands(query) {
  return state.app.commands
    .filter(({ command }) => command.slice(1).startsWith(query) && command.slice(1) !== query)
    .map(({ command, description }) => ({ label: command, hint: description, text: `${command} ` }));
}

function emoji(query) {
  return [...EMOJI].filter(([name]) => name.startsWith(query))
    .map(([name, sign]) => ({ label: `${sign} :${name}:`, hint: "", text: `${sign} ` }));
}

function suggestionRow({ label, hint }, chosen) {
  // pointerdown, since a click would come after the field has lost the focus and the list is gone.
  const press = (event) => {
    event.preventDefault();
    chosen();
  };
  return h("li", { role: "option", id: newId("suggestion"), on: { pointerdown: press } }, h("span", {}, label, hint && h("small", {}, hint)));
}

function accept(area, { text }, length) {
  area.setRangeText(text, area.selectionStart - length, area.selectionStart, "end");
  area.dispatchEvent(new Event("input"));
}

function point(area, list, row) {
  for (const one of list.children) one.setAttribute("aria-selected", String(one === row));
  for (const one of list.children) one.classList.toggle("active", one === row);
  area.setAttribute("aria-activedescendant", row.id);
}

function steer(event, area, list, close) {
  const rows = [...list.children];
  const at = rows.findIndex((row) => row.classList.contains("active"));
  const work = {
    ArrowDown: () => point(area, list, rows[(at + 1) % rows.length]),
    ArrowUp: () => point(area, list, rows[(at - 1 + rows.length) % rows.length]),
    Enter: () => rows[at].dispatchEvent(new Event("pointerdown")),
    Tab: () => rows[at].dispatchEvent(new Event("pointerdown")),
    Escape: close,
  }[event.key];
  if (!work || event.shiftKey) return;
  event.preventDefault();
  work();
}
