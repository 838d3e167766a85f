// Emoji under a message, and the small picker that puts them there.

import { perform } from "./acting.js";
import { h } from "./dom.js";
import { EMOJI, OFTEN } from "./emoji.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { openPopup } from "./popup.js";
import { emoji } from "./rich.js";
import { nameOf, state } from "./state.js";

export function reactions(message) {
  if (!message.reactions?.length) return null;
  const add = h("button", { class: "reaction add", "aria-haspopup": "dialog", "aria-label": t("react"), "data-control": "react-more" }, icon("smile"));
  add.addEventListener("click", () => openReactions(add, message));
  return h("div", { class: "reactions" }, message.reactions.map((one) => reaction(one, message)), add);
}

function reaction({ name, users, count }, message) {
  const mine = users.includes(state.me.id);
  const who = users.map(nameOf).join(", ");
  const button = h("button",
    { class: mine ? "reaction mine" : "reaction", "aria-pressed": String(mine), title: who,
      "aria-label": t("reaction", { name, count, who }), "data-control": `reaction-${name}` },
    emoji(name), h("span", {}, String(count)));
  button.addEventListener("click", () => react(message, name, mine));
  return button;
}

const react = ({ channel, ts }, name, already) => perform(already ? "unreact" : "react", { channel, ts, name });

export function openReactions(anchor, message) {
  openEmoji(anchor, (name) => {
    const mine = message.reactions?.some((one) => one.name === name && one.users.includes(state.me.id));
    react(message, name, mine);
  });
}

/** @param {HTMLElement} anchor @param {(name: string) => void} chosen */
export function openEmoji(anchor, chosen) {
  const search = h("input", {
    type: "search", class: "search", placeholder: t("emoji.search"), "aria-label": t("emoji.search"),
  });
  const grid = h("div", { class: "emoji-grid" });
  const show = () => {
    const names = search.value ? [...EMOJI.keys()].filter((name) => name.includes(search.value.toLowerCase())) : everyOne();
    grid.replaceChildren(...names.map((name) => {
      const button = h("button", { title: `:${name}:`, "aria-label": name.replaceAll("_", " ") }, EMOJI.get(name));
      button.addEventListener("click", () => {
        popup.close();
        chosen(name);
      });
      return button;
    }));
  };
  search.addEventListener("input", show);
  search.addEventListener("keydown", (event) => event.key === "Enter" && grid.querySelector("button")?.click());
  show();
  const popup = openPopup(anchor, h("div", { class: "emoji-picker", role: "dialog", "aria-label": t("emoji") }, search, grid));
  search.focus();
}

/** The usual ones first; each sign once, though some have several names. */
function everyOne() {
  const seen = new Set();
  return [...OFTEN, ...EMOJI.keys()].filter((name) => !seen.has(EMOJI.get(name)) && seen.add(EMOJI.get(name)));
}
