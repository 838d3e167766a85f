// The silent phone: what would have made this person's phone buzz, and what changed without a sound. Staff feel the
// first and only see the second, so it is the measure of whether a bot is considerate.

import { perform } from "./acting.js";
import { avatar } from "./avatar.js";
import { h, fill, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { readBuzzes } from "./reading.js";
import { go, here } from "./route.js";
import { firstName, state } from "./state.js";
import { clock, longDay } from "./time.js";
import { on } from "./topics.js";
import { phoneShown } from "./settings.js";

const ON_LOCK_SCREEN = 3;
const BUZZ_LASTS = 700;
/** Why something was silent; a newer server may know more reasons. */
const REASONS = new Set(["edit", "dnd", "deleted", "ephemeral", "thread_not_followed", "channel", "reaction"]);

export const buzzedCount = () => state.pushes.filter(({ buzzed }) => buzzed).length;

/** @param {HTMLElement} root */
export function mountPhone(root) {
  root.setAttribute("aria-label", t("phone"));
  const lists = openDetails();
  const show = () => {
    root.hidden = !phoneShown() && here().panel !== "phone";
    lists.remember(root);
    fill(root, head(), device(), sums(), quietNow(), silentList(lists), everybody(lists));
  };
  for (const topic of ["pushes", "me", "phone", "route", "buzzes", "people"]) on(topic, show);
  on("pushes", (push) => push?.buzzed && buzz(root));
}

/** Which of the folding lists are open, so that a redraw does not shut them. */
function openDetails() {
  const open = new Set();
  return {
    isOpen: (name) => open.has(name),
    remember: (root) => {
      for (const details of root.querySelectorAll("details")) {
        if (details.open) open.add(details.dataset.list);
        else open.delete(details.dataset.list);
      }
    },
  };
}

const head = () => h("div", { class: "panel-head" },
  h("h2", {}, t("phone.of", { name: firstName(state.me.name) })), h("p", { class: "hint" }, t("phone.about")));

function device() {
  const buzzed = state.pushes.filter((push) => push.buzzed).reverse();
  const now = Date.now() / 1000;
  return h("div", { class: "device" },
    h("div", { class: "device-screen" },
      h("p", { class: "device-clock", "aria-hidden": "true" }, clock(now)),
      h("p", { class: "device-day", "aria-hidden": "true" }, longDay(now)),
      buzzed.length === 0
        ? h("p", { class: "device-quiet" }, t("phone.nothing"))
        : h("ol", { class: "notices", "aria-label": t("phone.buzzed") }, buzzed.slice(0, ON_LOCK_SCREEN).map(notice)),
      buzzed.length > ON_LOCK_SCREEN && h("p", { class: "device-more" }, t("phone.more", { count: buzzed.length - ON_LOCK_SCREEN }))));
}

function notice({ from, text, time, channel, thread_ts: thread }) {
  const open = h("button", { class: "notice" },
    h("span", { class: "notice-head" }, icon("house"), h("strong", {}, from), h("time", {}, clock(time))),
    h("span", { class: "notice-text" }, text));
  open.addEventListener("click", () => go({ channel, thread, tab: null, panel: null }));
  return h("li", {}, open);
}

function sums() {
  const loud = buzzedCount();
  const silent = state.pushes.length - loud;
  return h("dl", { class: "sums" },
    h("div", { class: "loud" }, h("dt", {}, t("phone.sum.loud")), h("dd", {}, String(loud))),
    h("div", {}, h("dt", {}, t("phone.sum.silent")), h("dd", {}, String(silent))));
}

function quietNow() {
  const { dnd } = state.me;
  const control = h("button", { class: "switch", role: "switch", "aria-checked": String(dnd), "data-control": "dnd" },
    icon("moon"), h("span", {}, t("phone.dnd")), h("span", { class: "knob", "aria-hidden": "true" }));
  control.addEventListener("click", async () => {
    await perform("set", { dnd: !dnd });
    document.querySelector("[data-control=dnd]")?.focus();
  });
  return control;
}

function silentList(lists) {
  const silent = state.pushes.filter(({ buzzed }) => !buzzed).reverse();
  return folding("silent", lists, t("phone.silent", { count: silent.length }),
    silent.length === 0 ? h("p", { class: "hint" }, t("phone.silent.none")) : h("ol", { class: "silent" }, silent.slice(0, 30).map(silentRow)));
}

const silentRow = ({ reason, from, text, time }) => h("li", {},
  h("span", { class: "tag" }, t(`phone.reason.${REASONS.has(reason) ? reason : "other"}`)), h("time", {}, clock(time)),
  h("p", {}, h("strong", {}, from), " ", text));

/** Counted for all only when somebody wants to know. */
function everybody(lists) {
  const list = h("ul", { class: "everybody" }, lists.isOpen("everybody") && [...state.people.values()].map(buzzesOf));
  const details = folding("everybody", lists, t("phone.everybody"), list);
  details.addEventListener("toggle", () => details.open && !list.firstChild && readBuzzes());
  return details;
}

function buzzesOf({ id, name, avatar: url }) {
  const count = state.buzzes.get(id) ?? 0;
  return h("li", {}, avatar(url, name, { size: "small" }), h("span", {}, name),
    h("span", { class: "count" }, String(count), unseen(` ${t("buzzes", { count })}`)));
}

const folding = (name, lists, summary, content) =>
  h("details", { data: { list: name }, open: lists.isOpen(name) }, h("summary", {}, summary), content);

function buzz(root) {
  const device = root.querySelector(".device");
  device.classList.add("buzzing");
  setTimeout(() => device.classList.remove("buzzing"), BUZZ_LASTS);
}
