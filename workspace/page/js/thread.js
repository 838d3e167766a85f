// The thread beside the conversation; on a phone it fills the screen.

import { composer } from "./composer.js";
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { mountMessages } from "./messages.js";
import { readPlace } from "./reading.js";
import { go, here } from "./route.js";
import { state } from "./state.js";
import { on } from "./topics.js";

/** @param {HTMLElement} root */
export function mountThread(root) {
  root.setAttribute("aria-label", t("thread"));
  let shown = null;
  let stop = () => {};
  const show = () => {
    const { channel, thread } = here();
    const key = thread && state.conversations.has(channel) ? `${channel}/${thread}` : null;
    if (key === shown) return;
    stop();
    shown = key;
    root.hidden = !key;
    stop = key ? open(root, channel, thread) : () => fill(root);
  };
  on("route", show);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) close();
  });
}

function open(root, channel, threadTs) {
  const { name, kind } = state.conversations.get(channel);
  const where = kind === "channel" || kind === "group" ? `#${name}` : name;
  const area = h("div", { class: "messages-area" });
  const cross = h("button", { class: "icon-button", "aria-label": t("thread.close"), on: { click: close } }, icon("close"));
  const back = h("button", { class: "icon-button back", "aria-label": t("thread.close"), on: { click: close } }, icon("back"));
  const writing = composer({ channel, threadTs, label: t("thread.reply.label"), broadcastTo: where });
  fill(root,
    h("header", { class: "place-head" }, back, h("div", { class: "place-name" }, h("h2", {}, t("thread")), h("p", { class: "hint" }, where)), cross),
    area, writing);
  readPlace(channel, threadTs);
  if (matchMedia("(hover: hover)").matches) writing.querySelector("textarea").focus({ preventScroll: true });
  return mountMessages(area, { channel, threadTs, empty: () => h("p", {}, t("message.gone")) });
}

/** Back to the message that it hangs on. */
function close() {
  const { thread } = here();
  go({ thread: null });
  document.querySelector(`#place .message[data-ts="${thread}"]`)?.focus();
}
