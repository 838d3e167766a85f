// Modals: the top of the person's stack of views, as one window.

import { perform } from "./acting.js";
import { showBlocks } from "./blocks/index.js";
import { Surface } from "./blocks/surface.js";
import { closeDialog, openDialog } from "./dialog.js";
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { state } from "./state.js";
import { on } from "./topics.js";

/** What has been written in each view of the stack, also in those below. @type {Map<string, Surface>} */
const surfaces = new Map();
/** @type {?{dialog: HTMLDialogElement, form: HTMLFormElement, viewId: ?string}} */
let open = null;

export function mountViews() {
  on("views", show);
}

function show() {
  const view = state.views.at(-1);
  for (const id of surfaces.keys()) if (!state.views.some((one) => one.id === id)) surfaces.delete(id);
  if (!view) {
    if (open) closeDialog(open.dialog);
    open = null;
    return;
  }
  open ??= openWindow();
  const fresh = open.viewId !== view.id;
  open.viewId = view.id;
  draw(view, fresh);
  if (fresh) focusFirst();
}

function openWindow() {
  const form = h("form", { novalidate: true, class: "view" },
    h("div", { class: "view-notice" }), h("div", { class: "blocks" }), h("div", { class: "dialog-foot" }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  const dialog = openDialog({ title: "", body: form, class: "modal", leave: () => leave(true) });
  return { dialog, form, viewId: null };
}

function draw(view, fresh) {
  const { dialog, form } = open;
  const surface = surfaceOf(view);
  surface.errors = view.errors ?? {};
  dialog.querySelector("h2").textContent = view.title?.text ?? "";
  if (fresh) {
    notify(null);
    fill(form.querySelector(".blocks"));
  }
  showBlocks(form.querySelector(".blocks"), view.blocks, surface);
  fill(form.querySelector(".dialog-foot"), buttons(view));
}

function surfaceOf(view) {
  if (!surfaces.has(view.id)) {
    surfaces.set(view.id, new Surface({ type: "view", view_id: view.id }, view.state?.values, notify));
  }
  return surfaces.get(view.id);
}

function buttons(view) {
  const lower = state.views.length > 1 ? t("back") : t(view.submit ? "cancel" : "close");
  return [
    h("button", { class: "button", type: "button", "data-control": "view-close", on: { click: () => leave(false) } }, view.close?.text ?? lower),
    view.submit && h("button", { class: "button primary", type: "submit", "data-control": "view-submit" }, view.submit.text),
  ];
}

async function submit() {
  const view = state.views.at(-1);
  const surface = surfaceOf(view);
  const button = open.form.querySelector("[type=submit]");
  if (!button || button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  notify(null);
  await surface.queue;
  const answer = await perform("submit", { view_id: view.id, values: surface.values });
  button.removeAttribute("aria-busy");
  if (!answer || !open) return;
  if (answer.acked === false) notify(answer.sentence);
  if (answer.response_action === "errors") showErrors(view, answer.errors);
}

function showErrors(view, errors) {
  const surface = surfaceOf(view);
  surface.errors = errors;
  showBlocks(open.form.querySelector(".blocks"), state.views.at(-1).blocks, surface);
  const first = open.form.querySelector(".invalid");
  first?.querySelector("input, textarea, button")?.focus();
  first?.scrollIntoView({ block: "center" });
}

/** @param {boolean} all the cross closes everything; the button only the top */
function leave(all) {
  perform("close", { view_id: state.views.at(-1).id, all });
}

function notify(sentence) {
  if (!open) return;
  fill(open.form.querySelector(".view-notice"),
    sentence && h("p", { class: "warning", role: "alert" }, icon("alert"), sentence));
}

/** To the first field, as the app wishes or in order; without fields to the title, so that it is read out. */
function focusFirst() {
  const { dialog, form } = open;
  const wanted = form.querySelector("[autofocus]") ?? form.querySelector(".blocks :is(input, textarea, .picker)");
  (wanted ?? dialog.querySelector("h2")).focus();
}
