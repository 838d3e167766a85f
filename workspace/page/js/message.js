// One message: who, when, what, and what one can do with it.

import { avatar } from "./avatar.js";
import { showBlocks } from "./blocks/index.js";
import { Surface } from "./blocks/surface.js";
import { h } from "./dom.js";
import { editForm, isEditing } from "./editing.js";
import { files } from "./files.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { isReply, logOf } from "./logs.js";
import { parse } from "./mrkdwn.js";
import { draw } from "./rich.js";
import { reactions } from "./reactions.js";
import { go } from "./route.js";
import { nameOf, state } from "./state.js";
import { clock, full } from "./time.js";
import { toolbar } from "./toolbar.js";
import { tell } from "./topics.js";

/** Two requests at once share what is remembered here. */
const surfaces = new Map();
/** @type {Map<string, string>} message -> what went wrong when something in it was pressed */
const notices = new Map();

const idOf = ({ channel, ts }) => `${channel}/${ts}`;

/** @param {{inThread: boolean, continues: boolean}} look @returns {string} changes when the drawing would */
export const stampOf = (message, look) =>
  JSON.stringify([message, look, isEditing(message), notices.get(idOf(message)), namesIn(message), rootOf(message)?.text]);

/** Names that the drawing takes from elsewhere. */
const namesIn = (message) => [message.user, ...(message.reply_users ?? [])].map(nameOf);

/** @returns {HTMLLIElement} */
export function drawMessage(message, look) {
  const classes = ["message", look.continues && "continues", message.ephemeral && "only-me", isReply(message) && "reply"];
  return h("li", { class: classes.filter(Boolean).join(" "), tabindex: -1, data: { ts: message.ts } },
    gutter(message, look),
    h("div", { class: "message-body" },
      !look.continues && byline(message),
      message.ephemeral && h("p", { class: "mark" }, icon("eye"), t("message.only_me")),
      origin(message, look),
      isEditing(message) ? editForm(message) : content(message),
      warning(message),
      files(message.files),
      reactions(message),
      !look.inThread && threadButton(message)),
    message.subtype !== "tombstone" && toolbar(message, look));
}

function gutter(message, { continues }) {
  const { name = "", avatar: url, emoji } = message.author ?? {};
  return h("div", { class: "gutter" },
    continues ? h("time", { class: "quiet-time" }, clock(Number(message.ts))) : avatar(url, name, { emoji }));
}

function byline(message) {
  const seconds = Number(message.ts);
  return h("p", { class: "byline" },
    h("strong", {}, message.author?.name ?? nameOf(message.user)),
    message.author?.is_app && h("span", { class: "tag" }, t("message.app")),
    h("time", { title: full(seconds), datetime: new Date(seconds * 1000).toISOString() }, clock(seconds)));
}

/** For a line that stands both in a thread and in the conversation: where else. */
function origin(message, { inThread }) {
  if (message.subtype !== "thread_broadcast") return null;
  if (inThread) return h("p", { class: "mark" }, icon("talk"), t("message.also_sent"));
  const open = h("button", { class: "link" }, rootWords(rootOf(message)));
  open.addEventListener("click", () => go({ thread: message.thread_ts }));
  return h("p", { class: "mark" }, icon("thread"), h("span", {}, t("message.replied")), " ", open);
}

/** As it is now, when it is still on the screen; the message itself carries how it was. */
const rootOf = ({ channel, thread_ts: ts, root }) => logOf(channel)?.messages.find((message) => message.ts === ts) ?? root;

function rootWords(root) {
  const text = h("span", {}, draw(parse(root?.text ?? ""))).textContent.trim();
  return text.length > 60 ? `${text.slice(0, 60)}…` : text || t("message.a_thread");
}

function content(message) {
  if (message.subtype === "tombstone") return h("p", { class: "quiet" }, t("message.gone"));
  return [
    message.blocks?.length ? blocks(message) : h("div", { class: "text" }, draw(parse(message.text ?? ""))),
    (message.attachments ?? []).map((attachment) => attached(attachment, message)),
    message.edited && !message.author?.is_app && h("small", { class: "edited" }, t("message.edited")),
  ];
}

function blocks(message, list = message.blocks) {
  const root = h("div", { class: "blocks" });
  showBlocks(root, list, surfaceOf(message));
  return root;
}

function attached(attachment, message) {
  const colour = /^#?[0-9a-f]{6}$/i.test(attachment.color ?? "") ? `#${attachment.color.replace("#", "")}` : null;
  const text = [attachment.pretext, attachment.title, attachment.text ?? attachment.fallback].filter(Boolean).join("\n");
  return h("div", { class: "attachment", style: colour ? { "--bar": colour } : {} },
    attachment.blocks ? blocks(message, attachment.blocks) : h("div", { class: "text" }, draw(parse(text))));
}

function surfaceOf(message) {
  const id = idOf(message);
  if (!surfaces.has(id)) {
    const notice = (sentence) => {
      if (sentence) notices.set(id, sentence);
      else notices.delete(id);
      tell("messages", message.channel);
    };
    surfaces.set(id, new Surface({ type: "message", channel: message.channel, ts: message.ts }, message.state, notice));
  }
  return surfaces.get(id);
}

function warning(message) {
  const sentence = notices.get(idOf(message));
  return sentence && h("p", { class: "warning", role: "alert" }, icon("alert"), sentence);
}

function threadButton(message) {
  if (!message.reply_count) return null;
  const faces = (message.reply_users ?? []).slice(0, 3).map((id) => {
    const person = id === state.app?.bot_user_id ? state.app : state.people.get(id);
    return avatar(person?.avatar, person?.name ?? "", { size: "tiny" });
  });
  const button = h("button", { class: "thread-button", "data-control": "thread" }, faces,
    h("strong", {}, t("thread.replies", { count: message.reply_count })),
    message.latest_reply && h("span", { class: "quiet" }, t("thread.latest", { time: clock(Number(message.latest_reply)) })));
  button.addEventListener("click", () => go({ thread: message.ts }));
  return button;
}
