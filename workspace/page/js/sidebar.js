// The list of conversations: the app first, then people, then channels.

import { ask, perform } from "./acting.js";
import { conversationSign } from "./avatar.js";
import { h, fill, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { openMenu } from "./menu.js";
import { readJoinable } from "./reading.js";
import { addressOf, go, here } from "./route.js";
import { directWith, state } from "./state.js";
import { on } from "./topics.js";

const GROUPS = [
  { label: "sidebar.app", kinds: ["app"] },
  { label: "sidebar.people", kinds: ["dm", "mpim"], add: startTalk },
  { label: "sidebar.channels", kinds: ["channel", "group"], add: findChannel },
];

/** @param {HTMLElement} root */
export function mountSidebar(root) {
  root.setAttribute("aria-label", t("sidebar"));
  const show = () => fill(root, GROUPS.map(group));
  for (const topic of ["conversations", "route", "app", "people"]) on(topic, show);
}

function group({ label, kinds, add }) {
  const conversations = [...state.conversations.values()].filter(({ kind }) => kinds.includes(kind));
  const more = add && h("button",
    { class: "icon-button", "aria-haspopup": "menu", "aria-label": t(`${label}.add`), on: { click: (event) => add(event.currentTarget) } },
    icon("plus"));
  return h("section", {},
    h("div", { class: "sidebar-head" }, h("h2", {}, t(label)), more),
    h("ul", {}, conversations.map(row)));
}

function row(conversation) {
  const { id, name, unread, mentions } = conversation;
  const route = here();
  const current = route.channel === id && route.tab !== "traffic";
  const link = h("a",
    {
      href: addressOf({ channel: id, thread: null, tab: null, panel: null }),
      class: unread ? "conversation unread" : "conversation",
      "aria-current": current ? "page" : null,
    },
    conversationSign(conversation), h("span", { class: "name" }, name),
    conversation.kind === "app" && appLight(),
    unread > 0 && h("span", { class: mentions || isDirect(conversation) ? "badge" : "badge quiet" },
      String(unread), unseen(` ${t("unread", { count: unread })}`)));
  link.addEventListener("click", (event) => openHere(event, id));
  return h("li", {}, link);
}

/** A plain click stays on the page; with a modifier the browser opens a window of its own. */
function openHere(event, channel) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go({ channel, thread: null, tab: null, panel: null });
}

const isDirect = ({ kind }) => kind === "app" || kind === "dm" || kind === "mpim";

function appLight() {
  const running = state.app.connected > 0;
  return h("span", { class: running ? "light on" : "light", title: t(running ? "app.on" : "app.off") },
    unseen(t(running ? "app.on" : "app.off")));
}

function startTalk(anchor) {
  const others = [...state.people.values()].filter(({ id, deactivated }) => id !== state.me.id && !deactivated);
  openMenu(anchor, t("sidebar.people.add"), others.map(({ id, name, title }) => ({
    label: name, hint: title, chosen: () => openTalk(id),
  })));
}

async function openTalk(personId) {
  const known = directWith(personId);
  const conversation = known ?? (await perform("dm", { with: [personId] }))?.conversation;
  if (!conversation) return;
  state.conversations.set(conversation.id, conversation);
  go({ channel: conversation.id, thread: null, tab: null, panel: null });
}

async function findChannel(anchor) {
  const channels = await readJoinable();
  const choices = channels.map(({ id, name, topic }) => ({ label: `#${name}`, hint: topic, chosen: () => join(id) }));
  const none = [{ label: t("sidebar.channels.none"), chosen: () => {} }];
  openMenu(anchor, t("sidebar.channels.add"), choices.length ? choices : none);
}

async function join(channel) {
  const answer = await ask("join", { channel });
  if (!answer) return;
  state.conversations.set(channel, answer.conversation);
  go({ channel, thread: null, tab: null, panel: null });
}
