// All of Slack's select menus, single and multiple: where their options come from, and what is sent when one is chosen.

import { t } from "../i18n/index.js";
import { picker } from "../picker.js";
import { state } from "../state.js";
import { controlProps } from "./fields.js";
import { words } from "./text.js";

/** A search field is worth its place only above this many options. */
const SEARCH_FROM = 8;

/** @typedef {import("../picker.js").Option} Option @typedef {import("../picker.js").Group} Group */

/** @param {object} element @param {import("./elements.js").Spot} spot */
export function selectPicker(element, spot) {
  const multiple = element.type.startsWith("multi_");
  const source = sourceOf(element, spot);
  const value = spot.surface.value(spot.blockId, element);
  const values = multiple ? value ?? [] : value === null ? [] : [value];
  return picker({
    ...source,
    multiple,
    max: element.max_selected_items,
    clearable: !spot.required,
    chosen: values.map(source.optionFor).filter(Boolean),
    placeholder: element.placeholder ? words(element.placeholder) : t(multiple ? "select.several" : "select.one"),
    props: controlProps(element, spot),
    labelId: spot.labelId,
    changed: (options) => {
      const plain = options.map(({ send }) => send);
      return spot.surface.act(spot.blockId, element, multiple ? plain : plain[0] ?? null);
    },
  });
}

/** @returns {{load: (query: string) => Promise<Group[]>, optionFor: (value: any) => ?Option, searchable: boolean}} */
function sourceOf(element, spot) {
  const kind = element.type.replace(/^multi_/, "");
  if (kind === "external_select") return externalSource(element, spot);
  if (kind === "users_select") return listSource([{ label: "", options: [...state.people.values()].map(personOption) }]);
  if (kind === "conversations_select" || kind === "channels_select") return listSource([{ label: "", options: conversationOptions(element, kind) }]);
  return listSource(groupsOf(element));
}

function externalSource(element, spot) {
  const shortest = element.min_query_length ?? 3;
  const load = async (query) => {
    if (query.length < shortest) return [];
    return groupsOf(await spot.surface.options(spot.blockId, element, query), (option) => option);
  };
  return { load, searchable: true, shortest, optionFor: (option) => readOption(option, option) };
}

function listSource(groups) {
  const all = groups.flatMap(({ options }) => options);
  const matching = (query) => groups
    .map(({ label, options }) => ({ label, options: options.filter((option) => matches(option, query)) }))
    .filter(({ options }) => options.length);
  return {
    load: async (query) => matching(query),
    optionFor: (value) => all.find(({ send }) => send === value) ?? null,
    searchable: all.length >= SEARCH_FROM,
  };
}

const matches = ({ label, hint }, query) => `${label} ${hint}`.toLocaleLowerCase().includes(query.toLocaleLowerCase());

/** `options` or `option_groups`, in an element and in an answer of the app. @returns {Group[]} */
function groupsOf({ options, option_groups: groups }, send = (option) => option.value) {
  const read = (option) => readOption(option, send(option));
  if (groups) return groups.map((group) => ({ label: words(group.label), options: group.options.map(read) }));
  return [{ label: "", options: (options ?? []).map(read) }];
}

const readOption = (option, send) => ({
  key: option.value, label: words(option.text), hint: option.description ? words(option.description) : "", send,
});

const personOption = ({ id, name, title }) => ({ key: id, label: name, hint: title, send: id });

const KINDS = { im: ["app", "dm"], mpim: ["mpim"], public: ["channel"], private: ["group"] };

function conversationOptions(element, kind) {
  const wanted = kind === "channels_select" ? ["public"] : element.filter?.include ?? Object.keys(KINDS);
  const kinds = wanted.flatMap((name) => KINDS[name] ?? []);
  return [...state.conversations.values()]
    .filter((conversation) => kinds.includes(conversation.kind))
    .map(({ id, name, kind: own }) => ({ key: id, label: own === "channel" || own === "group" ? `#${name}` : name, hint: "", send: id }));
}
