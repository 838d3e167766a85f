// Check boxes and radio buttons.

import { h, newId } from "../dom.js";
import { textNodes } from "./text.js";

export function checkboxes(element, spot) {
  const chosen = new Set(spot.surface.value(spot.blockId, element));
  return choices(element, spot, "checkbox", (option) => chosen.has(option.value), (option, ticked) => {
    if (ticked) chosen.add(option.value);
    else chosen.delete(option.value);
    const inOrder = element.options.map(({ value }) => value).filter((value) => chosen.has(value));
    spot.surface.act(spot.blockId, element, inOrder);
  });
}

export function radioButtons(element, spot) {
  const chosen = spot.surface.value(spot.blockId, element);
  return choices(element, spot, "radio", (option) => option.value === chosen, (option) =>
    spot.surface.act(spot.blockId, element, option.value));
}

function choices(element, spot, type, isChosen, changed) {
  const group = newId("choices");
  const rows = element.options.map((option) => {
    const control = h("input", {
      type, name: group, checked: isChosen(option), "aria-invalid": spot.invalid ? "true" : null,
      "data-control": `${spot.blockId}/${element.action_id}/${option.value}`,
      on: { change: (event) => changed(option, event.target.checked) },
    });
    return h("label", { class: "choice" }, control, h("span", {},
      textNodes(option.text), option.description && h("small", {}, textNodes(option.description))));
  });
  // In an input block the fieldset around it already has the name.
  const own = spot.labelId ? {} : { role: type === "radio" ? "radiogroup" : "group", "aria-label": spot.label || null };
  return h("div", { class: "choices", ...own }, rows);
}
