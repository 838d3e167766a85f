// How the tour looks: a strip above the rooms, never on top of them. It offers stories, tells a step, and says the end.

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { language, t } from "../i18n/index.js";
import { state } from "../state.js";

/** @typedef {import("./story.js").Words} Words */

/** @param {Words} words @returns {string} */
export const inLanguage = (words) => words[language()] ?? words.sv;

/**
 * @param {import("./story.js").Story[]} stories @param {string[]} finished
 * @param {{begin: (id: string) => void, leave: () => void}} does
 */
export function drawOffer(stories, finished, does) {
  const choice = ({ id, title, about }) => h("li", {},
    h("button", { class: "tour-choice", "data-control": `tour-${id}`, on: { click: () => does.begin(id) } },
      h("strong", {}, inLanguage(title)), h("small", {}, inLanguage(about)),
      finished.includes(id) && h("span", { class: "tag" }, icon("check"), t("tour.walked"))));
  return strip("tour-offer",
    h("div", { class: "tour-head" }, h("h2", { tabindex: -1 }, t("tour.offer")), plain("leave", t("tour.not_now"), does.leave)),
    h("ul", { class: "tour-choices" }, stories.map(choice)));
}

/**
 * @param {object} told what there is to say
 * @param {import("./story.js").Story} told.story @param {number} told.at @param {Words} told.say
 * @param {?object} told.become the person to be first; null: she is
 * @param {?string} told.words what to write @param {?string} told.control the action_id of what is to be pressed
 * @param {boolean} told.folded @param {boolean} told.following the step ends by itself
 * @param {{fold, leave, arrive, write, show, next: () => void}} does
 */
export function drawStep({ story, at, say, become, words, control, folded, following }, does) {
  const { name } = become ?? state.me;
  return strip(folded ? "tour-step folded" : "tour-step",
    title(story, t("tour.step", { step: at + 1, count: story.steps.length })),
    !folded && h("div", { class: "tour-body" },
      h("p", { class: "tour-say", tabindex: -1 }, h("strong", {}, t("tour.as", { name })), " ", withButtons(inLanguage(say)),
        words && h("q", {}, words)),
      h("p", { class: "tour-wait" }, t("tour.wait")),
      h("div", { class: "row" }, firstButton(), following && plain("skip", t("tour.skip"), does.next))),
    tools(folded, does));

  function firstButton() {
    if (become) return personLink(become, does.arrive);
    if (words) return primary("write", t("tour.write"), does.write);
    if (!following) return primary("next", t("tour.next"), does.next);
    return control && primary("show", t("tour.show"), does.show);
  }
}

/** @param {?import("./story.js").Story} next the next story that was not walked yet */
export function drawEnd(story, next, does) {
  return strip("tour-step",
    title(story, t("tour.end")),
    h("div", { class: "tour-body" },
      h("p", { class: "tour-say", tabindex: -1 }, inLanguage(story.end)),
      h("div", { class: "row" },
        next ? primary("begin", t("tour.next_story", { title: inLanguage(next.title) }), () => does.begin(next.id))
          : primary("leave", t("tour.close"), does.leave),
        plain("all", t("tour.all"), does.all))),
    tools(null, does));
}

const strip = (name, ...parts) => h("div", { class: `tour-strip ${name}`, tabindex: -1 }, parts);

const title = (story, where) =>
  h("div", { class: "tour-title" }, h("h2", {}, inLanguage(story.title)), h("p", { class: "hint" }, where));

/** @param {?boolean} folded null: there is nothing to fold */
const tools = (folded, { fold, leave }) => h("div", { class: "tour-tools" },
  folded !== null && tool("fold", "chevron", t("tour.fold"), fold, { "aria-expanded": String(!folded) }),
  tool("leave", "close", t("tour.close"), leave));

const tool = (name, sign, label, work, props = {}) =>
  h("button",
    { class: `icon-button tour-${name}`, "aria-label": label, title: label, "data-control": `tour-${name}`, ...props, on: { click: work } },
    icon(sign));

/** A link, since another person is another page; it can be opened in a window of its own as well. */
const personLink = ({ id, name }, arrive) =>
  h("a", { href: `?as=${encodeURIComponent(id)}`, class: "button primary", "data-control": "tour-become", on: { click: arrive } },
    t("tour.become", { name }));

const button = (look, control, label, work) =>
  h("button", { class: `button ${look}`, "data-control": `tour-${control}`, on: { click: work } }, label);
const primary = (...parts) => button("primary", ...parts);
const plain = (...parts) => button("plain", ...parts);

/** What stands on a button is told apart from what is said about it. */
const withButtons = (text) =>
  text.split(/\[([^\]]+)\]/).map((part, index) => (index % 2 ? h("b", { class: "tour-key" }, part) : part));
