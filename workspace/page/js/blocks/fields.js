// Fields to write in: text, numbers, dates, times, files. The browser's own controls, which every phone knows how to show.

import { perform } from "../acting.js";
import { base64 } from "../api.js";
import { h } from "../dom.js";
import { t } from "../i18n/index.js";
import { fromLocalField, toLocalField } from "../time.js";
import { words } from "./text.js";

const TYPING_PAUSE = 300;
const KIND_NAMES = { datepicker: "field.date", timepicker: "field.time", datetimepicker: "field.date_time" };

/** What every control in a spot says about itself. @param {import("./elements.js").Spot} spot */
export function controlProps(element, spot) {
  return {
    id: spot.controlId,
    "data-control": `${spot.blockId}/${element.action_id}`,
    "aria-label": spot.labelId ? null : nameOf(element, spot),
    "aria-describedby": spot.describedBy,
    "aria-invalid": spot.invalid ? "true" : null,
    "aria-required": spot.required ? "true" : null,
    autofocus: element.focus_on_load ? true : null,
  };
}

/** A name for what has no visible label: what it is about and what it asks for, at least what it is. */
function nameOf(element, { label }) {
  const asks = element.placeholder && words(element.placeholder);
  return [label, asks].filter(Boolean).join(": ") || t(KIND_NAMES[element.type] ?? "select.one");
}

/** @param {{type?: string, inputmode?: string}} kind */
export function textField(element, spot, kind) {
  return written(h("input", { type: "text", ...kind, ...textProps(element, spot) }), element, spot);
}

export function textArea(element, spot) {
  const area = h("textarea", { rows: 4, ...textProps(element, spot) });
  return written(area, element, spot);
}

export const dateField = (element, spot) => picked(h("input", { type: "date", ...controlProps(element, spot) }), element, spot);

export const timeField = (element, spot) => picked(h("input", { type: "time", ...controlProps(element, spot) }), element, spot);

export function dateTimeField(element, spot) {
  const field = h("input", { type: "datetime-local", ...controlProps(element, spot) });
  return picked(field, element, spot, { toField: toLocalField, fromField: fromLocalField });
}

/** Files are stored at once; their ids are what stands in the field. */
export function fileField(element, spot) {
  const several = (element.max_files ?? 10) > 1;
  const accept = element.filetypes?.map((type) => `.${type}`).join(",");
  const field = h("input", { type: "file", multiple: several, accept, ...controlProps(element, spot) });
  const status = h("p", { class: "hint", role: "status" });
  field.addEventListener("change", async () => {
    status.textContent = t("file.sending");
    const answers = await Promise.all([...field.files].map(upload));
    const files = answers.filter(Boolean).map(({ file }) => file);
    status.textContent = files.map(({ name }) => name).join(", ");
    spot.surface.act(spot.blockId, element, files.map(({ id }) => id));
  });
  return h("div", { class: "file-field" }, field, status);
}

async function upload(file) {
  return perform("upload_file", { name: file.name, content: await base64(file) });
}

function textProps(element, spot) {
  return {
    ...controlProps(element, spot),
    placeholder: element.placeholder && words(element.placeholder),
    maxlength: element.max_length,
    autocomplete: "off",
  };
}

function written(field, element, spot) {
  field.value = spot.surface.value(spot.blockId, element) ?? "";
  field.addEventListener("input", () => spot.surface.remember(spot.blockId, element, field.value));
  if (spot.dispatches) dispatchText(field, element, spot);
  else field.addEventListener("change", () => spot.surface.act(spot.blockId, element, field.value));
  return field;
}

/** An input that tells the app at once: on Enter, or while she writes, as the app wishes. */
function dispatchText(field, element, spot) {
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const act = (trigger) => spot.surface.act(spot.blockId, element, field.value, trigger);
  if (triggers.includes("on_character_entered")) {
    let pause;
    field.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(() => act("on_character_entered"), TYPING_PAUSE);
    });
  }
  if (triggers.includes("on_enter_pressed")) {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey) return;
      event.preventDefault();
      act("on_enter_pressed");
    });
  }
}

const SAME = { toField: (value) => value, fromField: (text) => text };

/** Typing a date passes through other valid dates, so typed ones count when she leaves the field. */
function picked(field, element, spot, { toField, fromField } = SAME) {
  const value = spot.surface.value(spot.blockId, element);
  field.value = value === null ? "" : toField(value);
  let typed = false;
  let sent = field.value;
  const commit = () => {
    if (field.value === sent) return;
    sent = field.value;
    spot.surface.act(spot.blockId, element, field.value ? fromField(field.value) : null);
  };
  field.addEventListener("keydown", (event) => {
    typed = event.key !== "Enter";
    if (!typed) commit();
  });
  field.addEventListener("pointerdown", () => {
    typed = false;
  });
  field.addEventListener("change", () => !typed && commit());
  field.addEventListener("blur", commit);
  // Until she leaves the field the value waits here, so that a submission takes it along.
  field.addEventListener("input", () =>
    spot.surface.remember(spot.blockId, element, field.value ? fromField(field.value) : null));
  return field;
}
