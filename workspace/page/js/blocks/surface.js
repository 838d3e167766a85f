// A surface is where blocks stand (a message, a modal, Home) and what their elements can do there.
// It keeps what has been chosen and written, and sends it in the order in which it was done.

import { h } from "../dom.js";
import { perform } from "../acting.js";
import { confirm } from "../dialog.js";
import { t } from "../i18n/index.js";
import { textNodes } from "./text.js";
import { fromState, initialValue } from "./values.js";

/** @typedef {{type: "message", channel: string, ts: string} | {type: "view", view_id: string} | {type: "home"}} Container */

export class Surface {
  /**
   * @param {Container} container
   * @param {Record<string, Record<string, object>>} state Slack's state shape
   * @param {(sentence: ?string) => void} notice tells her what did not work, null: it works again
   */
  constructor(container, state, notice) {
    this.container = container;
    this.notice = notice;
    /** @type {Record<string, string>} block_id -> sentence */
    this.errors = {};
    this.values = fromState(state);
    this.queue = Promise.resolve();
  }

  /** What stands in an element: chosen or written here (null too: it was emptied), else what the app put there. */
  value(blockId, element) {
    const chosen = this.values[blockId] ?? {};
    return element.action_id in chosen ? chosen[element.action_id] : initialValue(element);
  }

  /** Remembers without telling anybody: it leaves with the next `act` or the submission. */
  remember(blockId, element, value) {
    this.values[blockId] = { ...this.values[blockId], [element.action_id]: value };
  }

  /** What was written in a block goes with the block, as in Slack. @param {object[]} blocks those that stand here now */
  forget(blocks) {
    const here = new Set(blocks.map((block) => block.block_id));
    for (const blockId of Object.keys(this.values)) if (!here.has(blockId)) delete this.values[blockId];
  }

  /**
   * Tells the app what was done, after asking when the element wants to be asked about.
   * @param {string} blockId @param {object} element Slack's element
   * @param {any} [value] as in workspace/README.md @param {string} [trigger] for text inputs
   * @returns {Promise<boolean>} false: she changed her mind, or it did not get through
   */
  async act(blockId, element, value, trigger) {
    if (element.confirm && !(await confirm(wordsOf(element.confirm)))) return false;
    if (value !== undefined) this.remember(blockId, element, value);
    const body = { container: this.container, block_id: blockId, action_id: element.action_id, value, trigger };
    this.queue = this.queue.then(() => perform("act", body));
    const answer = await this.queue;
    if (answer) this.notice(answer.acked === false ? answer.sentence : null);
    return Boolean(answer) && answer.acked !== false;
  }

  /** Options out of the app, for selects that ask it. @returns {Promise<object>} `options` or `option_groups` */
  async options(blockId, element, query) {
    const body = { container: this.container, block_id: blockId, action_id: element.action_id, query };
    return (await perform("options", body)) ?? { options: [] };
  }
}

function wordsOf({ title, text, confirm: yes, deny, style }) {
  return {
    title: title?.text ?? t("confirm.title"),
    text: h("p", {}, text ? textNodes(text) : ""),
    confirm: yes?.text ?? t("confirm.yes"),
    deny: deny?.text ?? t("confirm.no"),
    danger: style === "danger",
  };
}
