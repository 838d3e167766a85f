// What can be done with a message: a few buttons beside it, and a menu with the rest.

import { ask, perform } from "./acting.js";
import { confirm } from "./dialog.js";
import { h } from "./dom.js";
import { startEditing } from "./editing.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { openMenu } from "./menu.js";
import { openReactions } from "./reactions.js";
import { go } from "./route.js";
import { state } from "./state.js";
import { toast } from "./toast.js";

/** @param {{inThread: boolean}} look */
export function toolbar(message, look) {
  const menu = tool("menu", t("message.menu"), () => openMenu(menu, t("message.menu"), choices(message, look, menu)), "menu");
  menu.classList.add("always");
  if (message.ephemeral) return h("div", { class: "message-tools" }, menu);
  return h("div", { class: "message-tools" },
    tool("smile", t("react"), (event) => openReactions(event.currentTarget, message), "dialog"),
    !look.inThread && tool("thread", t("thread.reply"), () => openThread(message)),
    menu);
}

/** @param {"menu"|"dialog"} [opens] what it opens, if anything */
function tool(name, label, work, opens) {
  return h("button",
    { class: "icon-button", "aria-label": label, title: label, "aria-haspopup": opens, "data-control": `tool-${name}`, on: { click: work } },
    icon(name));
}

function choices(message, look, anchor) {
  if (message.ephemeral) return [{ label: t("message.hide"), icon: "trash", chosen: () => remove(message) }];
  const mine = message.user === state.me.id;
  const shortcuts = state.app.shortcuts.filter(({ type }) => type === "message");
  return [
    { label: t("react"), icon: "smile", chosen: () => openReactions(anchor, message) },
    !look.inThread && { label: t("thread.reply"), icon: "thread", chosen: () => openThread(message) },
    message.reply_count > 0 && following(message),
    !look.inThread && { label: t("message.unread"), icon: "eye", chosen: () => markUnread(message) },
    shortcuts.length > 0 && "line",
    ...shortcuts.map((shortcut) => ({
      label: shortcut.name, hint: state.app.name, icon: "bolt",
      chosen: () => ask("shortcut", { callback_id: shortcut.callback_id, channel: message.channel, ts: message.ts }),
    })),
    mine && "line",
    mine && { label: t("message.edit"), icon: "pen", chosen: () => startEditing(message) },
    mine && { label: t("message.delete"), icon: "trash", danger: true, chosen: () => removeOwn(message) },
  ].filter(Boolean);
}

const openThread = (message) => go({ thread: message.thread_ts ?? message.ts });

function following({ channel, ts, following: follows }) {
  return {
    label: t(follows ? "thread.unfollow" : "thread.follow"), icon: "eye",
    chosen: () => perform(follows ? "unfollow" : "follow", { channel, ts }),
  };
}

async function markUnread({ channel, ts }) {
  if (await perform("unread_from", { channel, ts })) toast(t("message.unread.done"));
}

async function removeOwn(message) {
  const sure = await confirm({
    title: t("delete.title"), text: h("p", {}, t("delete.text")), confirm: t("message.delete"), deny: t("cancel"), danger: true,
  });
  if (sure) remove(message);
}

const remove = ({ channel, ts }) => perform("delete", { channel, ts });
