// The bar at the top: where one is, whom one is, language, light and dark, and the inspector.

import { avatar } from "./avatar.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { language, t } from "./i18n/index.js";
import { refill } from "./keyed.js";
import { openPeople } from "./people.js";
import { buzzedCount } from "./phone.js";
import { go, here } from "./route.js";
import { chooseLanguage, isDark, phoneShown, showPhone, toggleTheme } from "./settings.js";
import { state } from "./state.js";
import { on, tell } from "./topics.js";
import { toggleTour } from "./tour/index.js";
import { hasTour, tourShown } from "./tour/stories.js";

/** @param {HTMLElement} root */
export function mountTop(root) {
  const show = () => refill(root, brand(), h("span", { class: "grow" }), me(), tools());
  for (const topic of ["me", "app", "pushes", "route", "phone", "tour"]) on(topic, show);
}

const brand = () => h("p", { class: "brand" }, icon("house"), h("span", {}, state.team?.name ?? ""));

function me() {
  const { name, title, avatar: url } = state.me;
  const button = h("button", { class: "me", "aria-haspopup": "dialog", "data-control": "me" },
    avatar(url, name, { size: "small" }),
    h("span", { class: "me-words" }, h("span", { class: "me-name" }, t("me", { name })), h("small", {}, title)),
    icon("chevron"));
  button.addEventListener("click", openPeople);
  return button;
}

function tools() {
  const other = language() === "sv" ? "en" : "sv";
  return [
    hasTour() && tool("signpost", "tool-tour", t("tour"), toggleTour, { "aria-pressed": String(tourShown()) }),
    tool("phone", "tool-phone", t("phone.toggle"), togglePhone, { "aria-pressed": String(phoneShown() || here().panel === "phone") }, phoneBadge()),
    tool("traffic", "tool-traffic", t("traffic"), () => go({ tab: here().tab === "traffic" ? null : "traffic", thread: null }),
      { "aria-pressed": String(here().tab === "traffic") }),
    h("button", { class: "icon-button language", lang: other, "aria-label": t("language.other"), title: t("language.other"),
      on: { click: () => speakOther(other) } }, other.toUpperCase()),
    tool(isDark() ? "sun" : "moon", "tool-theme", t(isDark() ? "theme.light" : "theme.dark"), () => {
      toggleTheme();
      tell("phone");
    }),
  ];
}

function tool(name, control, label, work, props = {}, badge = null) {
  return h("button",
    { class: `icon-button ${control}`, "aria-label": label, title: label, "data-control": control, ...props, on: { click: work } },
    icon(name), badge);
}

function phoneBadge() {
  const count = buzzedCount();
  return count > 0 && h("span", { class: "badge" }, String(count));
}

/** Where there is no room for everything side by side (see layout.css), the phone takes the place of the thread. */
function togglePhone() {
  const narrow = matchMedia("(max-width: 1100px)").matches;
  if (narrow) {
    go({ panel: here().panel === "phone" ? null : "phone", thread: null });
    return;
  }
  const hidden = !document.getElementById("phone").checkVisibility();
  showPhone(hidden);
  if (hidden && matchMedia("(max-width: 1450px)").matches) go({ thread: null });
  tell("phone");
}

/** All words stand in the page already drawn: a fresh page is the simplest way to change every one of them. */
function speakOther(code) {
  chooseLanguage(code);
  location.reload();
}
