// Changing what one wrote, in place.

import { perform } from "./acting.js";
import { h } from "./dom.js";
import { t } from "./i18n/index.js";
import { unescape } from "./mrkdwn.js";
import { nameOf, state } from "./state.js";
import { tell } from "./topics.js";

/** @type {?string} one at a time */
let edited = null;

export const isEditing = ({ channel, ts }) => edited === `${channel}/${ts}`;

export function startEditing(message) {
  edited = `${message.channel}/${message.ts}`;
  tell("messages", message.channel);
  document.querySelector(".edit-form textarea")?.focus();
}

function stopEditing(message) {
  edited = null;
  tell("messages", message.channel);
}

export function editForm(message) {
  const area = h("textarea", { rows: 3, "aria-label": t("edit.label") });
  area.value = asTyped(message.text);
  const save = async () => {
    const answer = await perform("edit", { channel: message.channel, ts: message.ts, text: area.value });
    if (answer) stopEditing(message);
  };
  area.addEventListener("keydown", (event) => {
    const work = event.key === "Escape" ? () => stopEditing(message) : event.key === "Enter" && !event.shiftKey && save;
    if (!work) return;
    event.preventDefault();
    work();
  });
  return h("div", { class: "edit-form" }, area, h("div", { class: "row" },
    h("button", { class: "button", type: "button", on: { click: () => stopEditing(message) } }, t("cancel")),
    h("button", { class: "button primary", type: "button", on: { click: save } }, t("save"))));
}

/** The stored text as she would write it: names and addresses instead of Slack's signs. */
function asTyped(text) {
  const readable = text
    .replace(/<@(\w+)(?:\|[^>]*)?>/g, (_, id) => `@${state.people.has(id) ? nameOf(id) : id}`)
    .replace(/<((?:https?|mailto|tel):[^|>]+)(?:\|([^>]*))?>/g, (_, url, label) => label || url);
  return unescape(readable);
}
