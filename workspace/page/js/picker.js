// A select menu that works alike with a mouse, a thumb, a keyboard and a screen reader: a button that opens a list box,
// with a search field when there is much to choose from.

import { h, fill, newId } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { openPopup } from "./popup.js";

const TYPING_PAUSE = 200;

/**
 * @typedef {{key: string, label: string, hint: string, send: any}} Option `send` is what the app gets
 * @typedef {{label: string, options: Option[]}} Group
 *
 * @typedef {object} Choice
 * @property {(query: string) => Promise<Group[]>} load
 * @property {boolean} searchable
 * @property {number} [shortest] the shortest query that finds anything
 * @property {boolean} multiple
 * @property {number} [max]
 * @property {boolean} clearable
 * @property {Option[]} chosen
 * @property {string} placeholder
 * @property {object} props attributes of the button
 * @property {string} [labelId]
 * @property {(options: Option[]) => void} changed
 */

/** @param {Choice} choice */
export function picker(choice) {
  let chosen = choice.chosen;
  const valueId = newId("value");
  const value = h("span", { class: "picker-value", id: valueId });
  const button = h("button",
    {
      ...choice.props, class: "picker", type: "button", "aria-haspopup": "listbox", "aria-expanded": "false",
      "aria-labelledby": choice.labelId ? `${choice.labelId} ${valueId}` : null,
    },
    value, icon("chevron"));
  const name = choice.props["aria-label"];
  const show = () => {
    value.textContent = chosen.map(({ label }) => label).join(", ") || choice.placeholder;
    value.classList.toggle("unset", chosen.length === 0);
    if (name) button.setAttribute("aria-label", chosen.length ? `${name}: ${value.textContent}` : name);
  };
  const choose = (options) => {
    chosen = options;
    show();
    choice.changed(options);
  };
  button.addEventListener("click", () => openList(button, choice, () => chosen, choose));
  show();
  return button;
}

/** The open list. It lives from one click to the next. */
function openList(button, choice, chosen, choose) {
  const { list, search, note, done, clear } = buildList(choice, chosen().length > 0);
  const keeper = search || list;
  const query = () => (search ? search.value.trim() : "");
  const popup = openPopup(button, h("div", { class: "picker-list" }, search, list, note, done, clear));
  const pick = (option) => {
    if (!choice.multiple) popup.close();
    choose(choice.multiple ? toggled(chosen(), option, choice.max) : [option]);
    if (choice.multiple) markChosen(list, chosen());
  };
  const refresh = async () => {
    const asked = query();
    const groups = await choice.load(asked);
    if (asked !== query()) return;
    fill(list, groups.map((group) => groupOf(group, chosen(), pick)));
    note.textContent = noteFor(groups, asked, choice.shortest ?? 0);
    activate(keeper, list, list.querySelector("[aria-selected=true]") ?? list.querySelector("[role=option]"));
    popup.place();
  };
  steer(keeper, list);
  search?.addEventListener("input", later(refresh, TYPING_PAUSE));
  done?.addEventListener("click", popup.close);
  clear?.addEventListener("click", () => {
    popup.close();
    choose([]);
  });
  refresh();
  keeper.focus();
}

function buildList(choice, somethingChosen) {
  const list = h("ul", {
    class: "options", role: "listbox", id: newId("list"), tabindex: choice.searchable ? null : 0,
    "aria-label": choice.placeholder, "aria-multiselectable": choice.multiple ? "true" : null,
  });
  const search = h("input", {
    type: "text", class: "search", role: "combobox", "aria-expanded": "true", "aria-controls": list.id,
    "aria-autocomplete": "list", "aria-label": t("select.search"), placeholder: t("select.search"), autocomplete: "off",
  });
  return {
    list,
    search: choice.searchable ? search : null,
    note: h("p", { class: "hint", role: "status" }),
    done: choice.multiple ? h("button", { class: "button primary", type: "button" }, t("done")) : null,
    clear: choice.clearable && !choice.multiple && somethingChosen
      ? h("button", { class: "button plain", type: "button" }, t("select.clear")) : null,
  };
}

function groupOf({ label, options }, chosen, pick) {
  const rows = options.map((option) => optionRow(option, chosen.some(({ key }) => key === option.key), pick));
  if (!label) return rows;
  const id = newId("group");
  return h("li", { role: "group", "aria-labelledby": id },
    h("span", { class: "group-label", id, role: "presentation" }, label), h("ul", { role: "presentation" }, rows));
}

function optionRow(option, selected, pick) {
  return h("li",
    { role: "option", id: newId("option"), "aria-selected": String(selected), data: { option: option.key }, on: { click: () => pick(option) } },
    icon("check"), h("span", {}, option.label, option.hint && h("small", {}, option.hint)));
}

function noteFor(groups, query, shortest) {
  if (query.length < shortest) return t("select.more", { count: shortest });
  return groups.some(({ options }) => options.length) ? "" : t("select.none");
}

function toggled(chosen, option, max = Infinity) {
  const without = chosen.filter(({ key }) => key !== option.key);
  if (without.length < chosen.length) return without;
  return chosen.length < max ? [...chosen, option] : chosen;
}

function markChosen(list, chosen) {
  for (const row of list.querySelectorAll("[role=option]")) {
    row.setAttribute("aria-selected", String(chosen.some(({ key }) => key === row.dataset.option)));
  }
}

/** The focus stays in one place; the active row is only pointed at. */
function activate(keeper, list, row) {
  list.querySelector(".active")?.classList.remove("active");
  if (!row) {
    keeper.removeAttribute("aria-activedescendant");
    return;
  }
  row.classList.add("active");
  row.scrollIntoView({ block: "nearest" });
  keeper.setAttribute("aria-activedescendant", row.id);
}

function steer(keeper, list) {
  keeper.addEventListener("keydown", (event) => {
    const rows = [...list.querySelectorAll("[role=option]")];
    const at = rows.findIndex((row) => row.classList.contains("active"));
    const move = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key];
    const chooses = event.key === "Enter" || (event.key === " " && keeper === list);
    if (move === undefined && !chooses) return;
    if (keeper !== list && (event.key === "Home" || event.key === "End")) return;
    event.preventDefault();
    if (chooses) rows[at]?.click();
    else activate(keeper, list, rows[Math.max(0, Math.min(move, rows.length - 1))]);
  });
}

function later(work, pause) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, pause);
  };
}
