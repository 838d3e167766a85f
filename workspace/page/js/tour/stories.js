// The stories of the tour, the one under way, and the people in it.

import * as api from "../api.js";
import { state } from "../state.js";
import { recall } from "./memory.js";

/** @type {?import("./story.js").Tour} */
let file = null;

/** Reads the file; a workspace without one has no tour. */
export async function readTour() {
  file = await api.tour().then(({ tour }) => tour, () => null);
}

export const personOf = (email) => [...state.people.values()].find((person) => person.email === email) ?? null;

/** The ones whose people are here. @returns {import("./story.js").Story[]} */
export const stories = () => (file?.stories ?? []).filter(({ steps }) => steps.every(({ who }) => personOf(who)));

/** @returns {import("./story.js").Detour[]} */
export const detours = () => file?.astray ?? [];

export const storyOf = (id) => stories().find((story) => story.id === id) ?? null;

export const hasTour = () => stories().length > 0;
export const tourShown = () => hasTour() && recall().shown;

/** @returns {?import("./story.js").Step} what is to be done now; null when nothing is, or the visitor has left */
export function stepNow() {
  const { story, step } = recall();
  return (tourShown() && storyOf(story)?.steps[step]) || null;
}
