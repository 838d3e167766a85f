// Modals: the top of the person's stack of views, as one window.

import { perform } from "./acting.js";
import { showBlocks } from "./blocks/index.js";
import { Surface } from "./blocks/surface.js";
import { closeDialog, openDialog } from "./dialog.js";
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { reconcile } from "./keyed.js";
import { state } from "./state.js";
import { on } from "./topics.js";

/** What has been written in each view of the stack, also in those below. @type {Map<string, Surface>} */
const surfaces = new Map();
/** @type {?{dialog: HTMLDialogElement, form: HTMLFormElement, viewId: ?string}} */
let open = null;
/** Until the answer is here: a second press does not send twice, and errors are shown when she can send again. */
let submitting = false;

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
  if (!submitting) surface.errors = view.errors ?? {};
  dialog.querySelector("h2").textContent = view.title?.text ?? "";
  if (fresh) {
    notify(null);
    fill(form.querySelector(".blocks"));
  }
  showBlocks(form.querySelector(".blocks"), view.blocks, surface);
  surface.forget(view.blocks); // now: a field that loses its place says once more what stood in it
  reconcile(form.querySelector(".dialog-foot"), buttons(view));
}

function surfaceOf(view) {
  if (!surfaces.has(view.id)) {
    surfaces.set(view.id, new Surface({ type: "view", view_id: view.id }, view.state?.values, notify));
  }
  return surfaces.get(view.id);
}

/** Kept while they say the same: a button that is drawn anew under a finger loses the press. */
function buttons(view) {
  const lower = view.close?.text ?? (state.views.length > 1 ? t("back") : t(view.submit ? "cancel" : "close"));
  const entry = (name, label, look, type, listeners = {}) => ({
    key: name, stamp: label, make: () => h("button", { class: look, type, "data-control": name, on: listeners }, label),
  });
  return [
    entry("view-close", lower, "button", "button", { click: () => leave(false) }),
    ...(view.submit ? [entry("view-submit", view.submit.text, "button primary", "submit")] : []),
  ];
}

async function submit() {
  const view = state.views.at(-1);
  const surface = surfaceOf(view);
  const button = open.form.querySelector("[type=submit]");
  if (!button || submitting) return;
  submitting = true;
  button.setAttribute("aria-busy", "true");
  notify(null);
  await surface.queue;
  const answer = await perform("submit", { view_id: view.id, values: surface.values });
  submitting = false;
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
