// The bar at the bottom of a phone: everything within reach of a thumb.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { refill } from "./keyed.js";
import { openPeople } from "./people.js";
import { buzzedCount } from "./phone.js";
import { go, here } from "./route.js";
import { appConversation, state } from "./state.js";
import { on } from "./topics.js";

/** @param {HTMLElement} root */
export function mountTabs(root) {
  root.setAttribute("aria-label", t("tabs"));
  const show = () => refill(root, tabs().map(tab));
  for (const topic of ["route", "pushes", "conversations", "me"]) on(topic, show);
}

function tabs() {
  const { tab, panel } = here();
  const app = appConversation();
  const atHome = tab === "home" && !panel;
  const unread = [...state.conversations.values()].reduce((sum, one) => sum + one.unread, 0);
  return [
    { name: "talk", label: t("tabs.talks"), current: panel === "list" || (!panel && !atHome), badge: unread,
      chosen: () => go({ thread: null, tab: null, panel: "list" }) },
    { name: "house", label: t("tabs.home"), current: atHome,
      chosen: () => go({ channel: app?.id ?? null, thread: null, tab: "home", panel: null }) },
    { name: "phone", label: t("tabs.phone"), current: panel === "phone", badge: buzzedCount(),
      chosen: () => go({ panel: "phone", thread: null }) },
    { name: "people", label: t("tabs.people"), current: false, chosen: openPeople },
  ];
}

const tab = ({ name, label, current, badge, chosen }) =>
  h("button", { "aria-current": current ? "page" : null, "data-control": `tab-${name}`, on: { click: chosen } },
    h("span", { class: "tab-icon" }, icon(name), badge > 0 && h("span", { class: "badge" }, String(badge))), label);
