// Modal windows: the browser's own <dialog>, which keeps the focus inside and makes the rest of the page inert.

import { h, newId } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";

/**
 * @param {{title: any, body: any, foot?: any, class?: string, leave: () => void}} parts leave: Esc, the cross, or a
 *   press beside the window. Whoever opened it decides whether that closes it.
 * @returns {HTMLDialogElement} open
 */
export function openDialog({ title, body, foot, class: name = "", leave }) {
  const titleId = newId("title");
  const cross = h("button", { class: "icon-button", type: "button", "aria-label": t("close"), on: { click: leave } }, icon("close"));
  const dialog = h("dialog", { class: name, "aria-labelledby": titleId },
    h("div", { class: "dialog-head" }, h("h2", { id: titleId, tabindex: -1 }, title), cross), body, foot);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && leave());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Closes it and forgets it; the browser gives the focus back to where it came from. */
export function closeDialog(dialog) {
  document.body.append(...dialog.querySelectorAll(".toast")); // a notice stays its time, also when its window goes
  dialog.close();
  dialog.remove();
}

/**
 * "Are you sure?"
 * @param {{title: any, text: any, confirm: string, deny: string, danger?: boolean}} words
 * @returns {Promise<boolean>}
 */
export function confirm(words) {
  return new Promise((resolve) => {
    const answer = (yes) => {
      closeDialog(dialog);
      resolve(yes);
    };
    const deny = h("button", { class: "button", type: "button", on: { click: () => answer(false) } }, words.deny);
    const yes = h("button", { class: words.danger ? "button danger" : "button primary", type: "button",
      on: { click: () => answer(true) } }, words.confirm);
    const dialog = openDialog({
      title: words.title, class: "confirm", leave: () => answer(false),
      body: h("div", { class: "dialog-body" }, words.text), foot: h("div", { class: "dialog-foot" }, deny, yes),
    });
    (words.danger ? deny : yes).focus();
  });
}
