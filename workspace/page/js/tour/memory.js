// What this browser remembers of the guided tour. All its windows share it, so that two people can stand side by side.

import { tell } from "../topics.js";

const KEY = "workspace.tour";

/**
 * @typedef {object} Memory
 * @property {?string} story the id of the story under way
 * @property {number} step how far it has come; as many as there are steps: it is over
 * @property {string} since messages older than this `ts` have nothing to do with it
 * @property {boolean} shown false: left, or declined
 * @property {boolean} folded
 * @property {string[]} finished ids of stories that were walked to their end
 */

/** @type {Memory} */
const FIRST_VISIT = { story: null, step: 0, since: "", shown: true, folded: false, finished: [] };

/** @returns {Memory} */
export const recall = () => ({ ...FIRST_VISIT, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") });

/** @param {Partial<Memory>} change */
export function remember(change) {
  localStorage.setItem(KEY, JSON.stringify({ ...recall(), ...change }));
  tell("tour");
}

/** From the first step, with only what is said from now on. */
export function begin(story) {
  remember({ story, step: 0, since: (Date.now() / 1000).toFixed(6), shown: true, folded: false });
}

window.addEventListener("storage", ({ key }) => key === KEY && tell("tour"));
