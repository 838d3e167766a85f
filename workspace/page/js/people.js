// The person switcher: everybody one can be. Each row is a link, so that a second window can be a second person.

import { avatar } from "./avatar.js";
import { closeDialog, openDialog } from "./dialog.js";
import { h, fill, unseen } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { readBuzzes } from "./reading.js";
import { state } from "./state.js";
import { on } from "./topics.js";

/** A search field is worth its place only above this many people. */
const SEARCH_FROM = 12;

export function openPeople() {
  const search = h("input", { type: "search", class: "search", placeholder: t("people.search"), "aria-label": t("people.search") });
  const list = h("ul", { class: "people" });
  const show = () => fill(list, matching(search.value).map(row));
  const listeners = [on("people", show), on("buzzes", show)];
  const leave = () => {
    for (const stop of listeners) stop();
    closeDialog(dialog);
  };
  search.addEventListener("input", show);
  show();
  const dialog = openDialog({
    title: t("people.title"), class: "people-dialog", leave,
    body: h("div", { class: "dialog-body" }, h("p", { class: "hint" }, t("people.hint")),
      state.people.size >= SEARCH_FROM && search, list),
  });
  list.querySelector("[aria-current] , a")?.focus();
  readBuzzes();
}

function matching(query) {
  const wanted = query.trim().toLocaleLowerCase();
  return [...state.people.values()].filter(({ name, title }) => `${name} ${title}`.toLocaleLowerCase().includes(wanted));
}

function row({ id, name, title, avatar: url, unread, deactivated }) {
  const mine = id === state.me.id;
  const address = `?as=${encodeURIComponent(id)}`;
  return h("li", { class: deactivated ? "gone" : null },
    h("a", { href: address, class: "person", "aria-current": mine ? "true" : null },
      avatar(url, name),
      h("span", { class: "person-words" }, h("strong", {}, name), h("small", {}, deactivated ? t("people.gone") : title)),
      mine && h("span", { class: "tag" }, t("people.you")),
      unread > 0 && h("span", { class: "badge" }, String(unread), unseen(` ${t("unread", { count: unread })}`)),
      buzzes(id)),
    ownWindow(address, t("people.window", { name })));
}

const ownWindow = (address, label) =>
  h("a", { href: address, target: "_blank", rel: "noopener", class: "icon-button", "aria-label": label, title: label }, icon("external"));

function buzzes(id) {
  const count = state.buzzes.get(id) ?? 0;
  return h("span", { class: count ? "buzzes" : "buzzes none", title: t("buzzes", { count }) },
    icon("phone"), String(count), unseen(` ${t("buzzes", { count })}`));
}
