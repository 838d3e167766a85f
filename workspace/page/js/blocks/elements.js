// Interactive elements. Each gets the element as Slack writes it, and the spot where it stands.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n/index.js";
import { openMenu } from "../menu.js";
import { checkboxes, radioButtons } from "./choices.js";
import { dateField, dateTimeField, fileField, textArea, textField, timeField } from "./fields.js";
import { picture } from "./picture.js";
import { selectPicker } from "./selects.js";
import { words } from "./text.js";

/**
 * @typedef {object} Spot
 * @property {import("./surface.js").Surface} surface
 * @property {string} blockId
 * @property {string} label what the element is about, where it has no words of its own
 * @property {string} [labelId] the visible label in an input block
 * @property {string} [controlId]
 * @property {?string} [describedBy]
 * @property {boolean} [invalid]
 * @property {boolean} [required]
 * @property {boolean} [dispatches] the input block tells the app at once
 */

const DRAW = {
  button,
  checkboxes,
  datepicker: dateField,
  datetimepicker: dateTimeField,
  email_text_input: (element, spot) => textField(element, spot, { type: "email", inputmode: "email" }),
  feedback_buttons: feedbackButtons,
  file_input: fileField,
  icon_button: iconButton,
  image: (element) => picture(element, "thumbnail"),
  number_input: (element, spot) => textField(element, spot, { inputmode: element.is_decimal_allowed ? "decimal" : "numeric" }),
  overflow,
  plain_text_input: (element, spot) => (element.multiline ? textArea(element, spot) : textField(element, spot, {})),
  radio_buttons: radioButtons,
  rich_text_input: textArea,
  timepicker: timeField,
  url_text_input: (element, spot) => textField(element, spot, { type: "url", inputmode: "url" }),
  workflow_button: button,
};

/** @param {object} element @param {Spot} spot @returns {HTMLElement} */
export function drawElement(element, spot) {
  const draw = DRAW[element.type] ?? (/_select$/.test(element.type) ? selectPicker : null);
  return draw ? draw(element, spot) : h("p", { class: "quiet" }, t("block.unknown", { type: element.type }));
}

function button(element, spot) {
  const style = { primary: "primary", danger: "danger" }[element.style] ?? "";
  const link = element.url && !element.confirm;
  const control = h(link ? "a" : "button",
    {
      class: `button ${style}`, "data-control": nameOf(element, spot), "aria-label": element.accessibility_label,
      ...(link ? { href: element.url, target: "_blank", rel: "noopener noreferrer" } : { type: "button" }),
    },
    words(element.text));
  control.addEventListener("click", () => press(control, async () => {
    const done = await spot.surface.act(spot.blockId, element);
    if (done && element.url && !link) window.open(element.url, "_blank", "noopener");
  }));
  return control;
}

function iconButton(element, spot) {
  const control = h("button",
    { class: "icon-button", type: "button", "aria-label": words(element.text), "data-control": nameOf(element, spot) },
    icon(element.icon === "trash" ? "trash" : "menu"));
  control.addEventListener("click", () => press(control, () => spot.surface.act(spot.blockId, element)));
  return control;
}

function feedbackButtons(element, spot) {
  const choices = [element.positive_button, element.negative_button].filter(Boolean);
  return h("div", { class: "feedback" }, choices.map((choice) => {
    const control = h("button", { class: "button small", type: "button", "aria-label": choice.accessibility_label }, words(choice.text));
    control.addEventListener("click", () => press(control, () => spot.surface.act(spot.blockId, element, choice.value)));
    return control;
  }));
}

function overflow(element, spot) {
  const label = spot.label ? t("overflow.for", { what: spot.label.slice(0, 60) }) : t("overflow");
  const control = h("button",
    { class: "icon-button framed-icon", type: "button", "aria-haspopup": "menu", "aria-label": label, "data-control": nameOf(element, spot) },
    icon("menu"));
  const choose = (option) => press(control, async () => {
    await spot.surface.act(spot.blockId, element, option.value);
    if (option.url) window.open(option.url, "_blank", "noopener");
  });
  control.addEventListener("click", () => openMenu(control, label, element.options.map((option) => ({
    label: words(option.text), hint: option.description && words(option.description), chosen: () => choose(option),
  }))));
  return control;
}

/** One press at a time: a second tap while the app is thinking does nothing. */
async function press(control, work) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  await work();
  control.removeAttribute("aria-busy");
}

const nameOf = (element, { blockId }) => `${blockId}/${element.action_id}`;
