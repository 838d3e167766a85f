// A short notice at the bottom. It goes away by itself, and sooner on a click.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";

const STAYS = 7000;

/** @param {string} sentence @param {"notice"|"problem"} [kind] */
export function toast(sentence, kind = "notice") {
  const close = h("button", { class: "icon-button", "aria-label": t("close") }, icon("close"));
  const card = h("div", { class: `toast ${kind}`, role: kind === "problem" ? "alert" : "status" },
    icon(kind === "problem" ? "alert" : "check"), h("p", {}, sentence), close);
  close.addEventListener("click", () => card.remove());
  // Everything outside an open modal is inert, so the notice has to stand inside it.
  const dialogs = document.querySelectorAll("dialog[open]");
  (dialogs[dialogs.length - 1] ?? document.body).append(card);
  setTimeout(() => card.remove(), STAYS);
}
