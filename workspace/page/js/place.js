// The middle of the page: the conversation one is in, the app's Home, or the inspector.

import { perform, whisper } from "./acting.js";
import { avatar, conversationSign } from "./avatar.js";
import { composer } from "./composer.js";
import { h, fill } from "./dom.js";
import { mountHome } from "./home.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { openMenu } from "./menu.js";
import { mountMessages } from "./messages.js";
import { readPlace } from "./reading.js";
import { addressOf, go, here } from "./route.js";
import { state } from "./state.js";
import { on } from "./topics.js";
import { mountTraffic } from "./traffic.js";

/** @param {HTMLElement} root */
export function mountPlace(root) {
  let shown = null;
  let stop = () => {};
  const show = () => {
    const { channel, tab } = here();
    const key = `${tab ?? ""}/${channel}`;
    if (key === shown) return;
    stop();
    const arrivedByHand = shown !== null;
    shown = key;
    stop = open(root, channel, tab);
    if (arrivedByHand) greetKeyboard(root);
  };
  on("route", show);
}

/** @returns {() => void} stops what was opened */
function open(root, channel, tab) {
  if (tab === "traffic") return mountTraffic(root);
  const conversation = state.conversations.get(channel);
  if (!conversation) {
    fill(root, h("div", { class: "empty-place" }, h("p", {}, t("place.none"))));
    return () => {};
  }
  const home = conversation.kind === "app" && tab === "home";
  const head = h("header", { class: "place-head" });
  const body = h("div", { class: "place-body" });
  fill(root, head, body);
  const drawHead = () => showHead(head, state.conversations.get(channel) ?? conversation, home);
  drawHead();
  const stops = [on("conversations", drawHead), on("app", drawHead), home ? openHome(body) : openTalk(body, channel)];
  return () => stops.forEach((stop) => stop());
}

function openHome(body) {
  whisper("home", { tab: "home" });
  return mountHome(body);
}

function openTalk(body, channel) {
  const { kind, name, unread, last_read: lastRead } = state.conversations.get(channel);
  if (kind === "app") whisper("home", { tab: "messages" });
  const area = h("div", { class: "messages-area" });
  const label = t(kind === "channel" || kind === "group" ? "composer.channel" : "composer.to", { name });
  fill(body, area, composer({ channel, label }));
  readPlace(channel);
  return mountMessages(area, {
    channel, unreadFrom: unread > 0 ? lastRead : null, empty: () => emptyTalk(channel), read: () => markRead(channel),
  });
}

function showHead(head, conversation, home) {
  const { kind, name, topic, members } = conversation;
  const toList = () => go({ panel: "list", tab: null });
  const back = h("button", { class: "icon-button back", "aria-label": t("back.list"), on: { click: toList } }, icon("back"));
  const about = kind === "app" ? t(state.app.connected ? "app.on" : "app.off") : topic || t("members", { count: members });
  fill(head, back, conversationSign(conversation),
    h("div", { class: "place-name" }, h("h1", { tabindex: -1 }, name), h("p", { class: "hint" }, about)),
    kind === "app" ? tabs(home) : talkMenu(conversation),
    kind === "app" && !state.app.connected && h("p", { class: "warning", role: "status" }, icon("alert"), t("app.off.long", { app: name })));
}

function tabs(home) {
  const tab = (label, target, current) => {
    const href = addressOf({ tab: target, thread: null });
    const link = h("a", { href, "aria-current": current ? "page" : null, "data-control": `place-${label}` }, t(label));
    link.addEventListener("click", (event) => {
      event.preventDefault();
      go({ tab: target, thread: null });
    });
    return link;
  };
  return h("nav", { class: "place-tabs", "aria-label": t("tabs.app") },
    tab("tab.home", "home", home), tab("tab.messages", null, !home));
}

function talkMenu({ id, kind }) {
  if (kind !== "channel" && kind !== "group") return null;
  const label = t("channel.menu");
  const button = h("button", { class: "icon-button", "aria-label": label, "aria-haspopup": "menu", "data-control": "channel-menu" }, icon("menu"));
  button.addEventListener("click", () => openMenu(button, label, [{ label: t("channel.leave"), icon: "back", chosen: () => leave(id) }]));
  return button;
}

async function leave(channel) {
  if (!(await perform("leave", { channel }))) return;
  state.conversations.delete(channel);
  go({ channel: [...state.conversations.keys()][0], thread: null });
}

function emptyTalk(channel) {
  const { kind, name, avatar: url } = state.conversations.get(channel);
  const words = kind === "app" ? [h("h2", {}, t("empty.app.title")), h("p", {}, t("empty.app"))] : [h("p", {}, t("empty.talk", { name }))];
  return h("div", { class: "empty" }, kind === "app" && avatar(url, name, { size: "large" }), words);
}

function markRead(channel) {
  if (document.visibilityState !== "visible" || !document.hasFocus()) return;
  if (state.conversations.get(channel)?.unread) whisper("read", { channel });
}

/** Having gone somewhere, one can write at once; on touch screens the keyboard stays down. */
function greetKeyboard(root) {
  const target = matchMedia("(hover: hover)").matches ? root.querySelector(".composer textarea") : null;
  (target ?? root.querySelector("h1"))?.focus({ preventScroll: true });
}
