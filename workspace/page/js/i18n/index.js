// The page's words. Each language is one module with the same keys; a text with a number in it is a function.

import en from "./en.js";
import sv from "./sv.js";

const CATALOGUES = { sv, en };
let current = "sv";

/** @param {string} code anything but "en" is Swedish, the workplace's language */
export function speak(code) {
  current = code === "en" ? "en" : "sv";
  document.documentElement.lang = current;
}

export const language = () => current;

/** @param {string} key @param {Record<string, string|number>} [given] for {name} in the text */
export function t(key, given = {}) {
  const text = CATALOGUES[current][key];
  if (text === undefined) throw new Error(`No text for ${key}`);
  return typeof text === "function" ? text(given) : text.replace(/\{(\w+)\}/g, (_, name) => given[name]);
}
