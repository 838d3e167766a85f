// Where one writes: Enter sends, Shift+Enter makes a new line, "/" and "@" suggest, drafts are kept.

import { ask, perform, whisper } from "./acting.js";
import { base64 } from "./api.js";
import { h, newId } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { keepIfNew } from "./logs.js";
import { openMenu } from "./menu.js";
import { openEmoji } from "./reactions.js";
import { state } from "./state.js";
import { attachSuggestions } from "./suggest.js";

const TYPING_EVERY = 3000;
const TALLEST = 220;

/**
 * @param {{channel: string, threadTs?: string, label: string, broadcastTo?: string}} place broadcastTo: the name of the
 *   conversation that a reply can also be sent to
 * @returns {HTMLElement}
 */
export function composer(place) {
  const area = h("textarea", { rows: 1, "aria-label": place.label, placeholder: place.label, enterkeyhint: "send", "data-control": "composer" });
  const send = h("button", { class: "icon-button send", "aria-label": t("send"), title: t("send") }, icon("send"));
  const broadcast = h("input", { type: "checkbox", id: newId("broadcast") });
  const draft = draftOf(place);
  const write = (text) => {
    area.value = text;
    area.dispatchEvent(new Event("input"));
  };
  const submit = async () => {
    const text = area.value.trim();
    if (!text) return;
    write("");
    const taken = await say(text, place, broadcast.checked);
    if (taken) broadcast.checked = false;
    else if (!area.value) write(text);
  };
  area.value = draft.read();
  area.addEventListener("input", () => {
    fit(area, send);
    draft.write(area.value);
    if (area.value && !area.value.startsWith("/")) tellTyping(place);
  });
  attachSuggestions(area);
  area.addEventListener("keydown", (event) => sendsOn(event) && submit());
  send.addEventListener("click", () => {
    submit();
    area.focus();
  });
  requestAnimationFrame(() => fit(area, send));
  return h("div", { class: "composer" },
    area,
    place.broadcastTo && h("label", { class: "choice small", for: broadcast.id }, broadcast, t("thread.also", { where: place.broadcastTo })),
    h("div", { class: "composer-tools" }, tools(area, place), h("span", { class: "grow" }), send));
}

/** Enter sends, unless it ends a word of an input method or was meant for a suggestion. */
function sendsOn(event) {
  const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && !event.defaultPrevented;
  if (sends) event.preventDefault();
  return sends;
}

/** As tall as the text, and the button shows when there is something to send. */
function fit(area, send) {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, TALLEST)}px`;
  send.classList.toggle("ready", area.value.trim() !== "");
}

function tools(area, place) {
  const insert = (text) => {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
    area.focus();
  };
  return [
    tool("bolt", t("shortcuts"), (button) => openShortcuts(button, place, insert), "menu"),
    tool("smile", t("emoji"), (button) => openEmoji(button, (name) => insert(EMOJI.get(name))), "dialog"),
    fileTool(place),
  ];
}

/** @param {"menu"|"dialog"} [opens] what it opens, if anything */
function tool(name, label, work, opens) {
  const button = h("button", { class: "icon-button", "aria-label": label, title: label, "aria-haspopup": opens }, icon(name));
  button.addEventListener("click", () => work(button));
  return button;
}

/** @returns {Promise<boolean>} whether it was taken */
async function say(text, { channel, threadTs }, broadcast) {
  if (isCommand(text)) return Boolean(await ask("command", { text, channel }));
  const answer = await perform("write", { text, channel, thread_ts: threadTs, broadcast });
  // The stream brings it too; this one shows it at once.
  if (answer) keepIfNew(channel, answer.message);
  return Boolean(answer);
}

const isCommand = (text) => /^\/\p{L}/u.test(text);

function fileTool(place) {
  const field = h("input", { type: "file", hidden: true });
  field.addEventListener("change", async () => {
    const [file] = field.files;
    field.value = "";
    if (file) await perform("upload", { name: file.name, content: await base64(file), channel: place.channel, thread_ts: place.threadTs });
  });
  return [tool("attach", t("file.attach"), () => field.click()), field];
}

function openShortcuts(button, { channel }, put) {
  const { commands, shortcuts, name } = state.app;
  const global = shortcuts.filter(({ type }) => type === "global").map((shortcut) => ({
    label: shortcut.name, hint: shortcut.description, icon: "bolt",
    chosen: () => ask("shortcut", { callback_id: shortcut.callback_id }),
  }));
  const slash = commands.map(({ command, description, usage_hint: usage }) => ({
    label: `${command} ${usage ?? ""}`, hint: description,
    chosen: () => (usage ? put(`${command} `) : ask("command", { text: command, channel })),
  }));
  const choices = [...global, ...(global.length && slash.length ? ["line"] : []), ...slash];
  openMenu(button, t("shortcuts"), choices.length ? choices : [{ label: t("shortcuts.none", { app: name }), chosen: () => {} }]);
}

/** At most one sign of life every few seconds. */
let lastTold = 0;
function tellTyping({ channel, threadTs }) {
  if (Date.now() - lastTold < TYPING_EVERY) return;
  lastTold = Date.now();
  whisper("typing", { channel, thread_ts: threadTs });
}

/** A half-written line survives a change of conversation and a reload, in this window only. */
function draftOf({ channel, threadTs }) {
  const key = `draft/${state.me.id}/${channel}/${threadTs ?? ""}`;
  return {
    read: () => sessionStorage.getItem(key) ?? "",
    write: (text) => (text ? sessionStorage.setItem(key, text) : sessionStorage.removeItem(key)),
  };
}
