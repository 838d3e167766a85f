// Follows the story under way by what its people see, whoever did it and in whichever window.

import { say } from "../announce.js";
import * as api from "../api.js";
import { on, tell } from "../topics.js";
import { recall, remember } from "./memory.js";
import { inLanguage } from "./panel.js";
import { detours, personOf, stepNow, storyOf } from "./stories.js";
import { comeTo } from "./story.js";

/** Several things happen at once; one look at all of them is enough. */
const LOOK_AFTER = 100;

let planned = null;
/** @type {?import("./story.js").Detour} */
let detour = null;

/** The way back after a line went somewhere else than the story meant. */
export const detourNow = () => detour;

export function follow() {
  for (const topic of ["tour", "stir", "messages", "route"]) on(topic, lookSoon);
}

/** To a step, or past the last one. */
export function moveTo(step) {
  const { story: id, finished } = recall();
  const story = storyOf(id);
  const over = step >= story.steps.length;
  remember({ step, finished: over ? [...new Set([...finished, id])] : finished });
  say(inLanguage(over ? story.end : story.steps[step].say).replace(/[[\]]/g, ""));
}

function lookSoon() {
  planned ??= setTimeout(look, LOOK_AFTER);
}

async function look() {
  planned = null;
  if (!stepNow()) return;
  const from = recall();
  const place = await comeTo(storyOf(from.story), from, detours(), eyes(), personOf).catch(() => null);
  const { story, step, since } = recall();
  const goneOn = story !== from.story || step !== from.step || since !== from.since;
  if (place && !goneOn) settle(place, step);
}

function settle(place, step) {
  const turned = detour !== place.detour;
  detour = place.detour;
  if (place.step !== step) moveTo(place.step);
  else if (turned) tell("tour");
}

/** What each person sees now, asked for once. @returns {import("./story.js").Sight} */
function eyes() {
  const seen = new Map();
  return (who) => {
    if (!seen.has(who)) seen.set(who, api.person(who).read("messages").then(({ messages }) => messages));
    return seen.get(who);
  };
}
