// The input block: a label, an element, a hint, and what was wrong with it.

import { h, newId } from "../dom.js";
import { icon } from "../icons.js";
import { t } from "../i18n/index.js";
import { drawElement } from "./elements.js";
import { textNodes, words } from "./text.js";

/** Elements that are groups of controls get a fieldset; the others a label of their own. */
const GROUPS = new Set(["checkboxes", "radio_buttons"]);

export function input(block, surface) {
  const ids = { control: newId("control"), label: newId("label"), hint: newId("hint"), error: newId("error") };
  const error = surface.errors[block.block_id];
  const spot = {
    surface, blockId: block.block_id, label: words(block.label), labelId: ids.label, controlId: ids.control,
    dispatches: Boolean(block.dispatch_action),
    describedBy: [error && ids.error, block.hint && ids.hint].filter(Boolean).join(" ") || null,
    invalid: Boolean(error), required: !block.optional,
  };
  const grouped = GROUPS.has(block.element.type);
  const label = h(grouped ? "legend" : "label", { id: ids.label, for: grouped ? null : ids.control },
    textNodes(block.label), block.optional && h("span", { class: "optional" }, ` ${t("input.optional")}`));
  return h(grouped ? "fieldset" : "div", { class: error ? "input invalid" : "input", "aria-describedby": grouped ? spot.describedBy : null },
    label,
    drawElement(block.element, spot),
    error && h("p", { class: "input-error", id: ids.error }, icon("alert"), error),
    block.hint && h("p", { class: "hint", id: ids.hint }, textNodes(block.hint)));
}
