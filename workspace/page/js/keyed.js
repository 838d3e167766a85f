// Brings a list on the screen up to date and touches only what changed, so that focus, scrolling and half-written
// fields survive.

import { fill } from "./dom.js";

const STAMP = Symbol("stamp");

/**
 * @typedef {object} Entry
 * @property {string} key unique in the list
 * @property {string} stamp everything that the drawing depends on; the same stamp keeps the old element
 * @property {() => HTMLElement} make
 */

/** @param {HTMLElement} parent only entries live in it @param {Entry[]} entries in order */
export function reconcile(parent, entries) {
  const old = new Map([...parent.children].map((element) => [element.dataset.key, element]));
  let previous = null;
  for (const entry of entries) {
    const element = kept(old.get(entry.key), entry);
    const place = previous ? previous.nextSibling : parent.firstChild;
    if (place !== element) parent.insertBefore(element, place);
    old.delete(entry.key);
    previous = element;
  }
  for (const element of old.values()) element.remove();
}

function kept(element, entry) {
  if (element?.[STAMP] === entry.stamp) return element;
  const fresh = entry.make();
  fresh.dataset.key = entry.key;
  fresh[STAMP] = entry.stamp;
  if (element) replaceKeepingFocus(element, fresh);
  return fresh;
}

/** Like fill: everything inside is drawn anew, but the control that has the focus keeps it. */
export function refill(root, ...children) {
  const refocus = focusIn(root);
  fill(root, ...children);
  refocus?.(root);
}

/** If the control is gone, the list item gets the focus. */
function replaceKeepingFocus(element, fresh) {
  const refocus = focusIn(element);
  element.replaceWith(fresh);
  if (refocus && !refocus(fresh)) fresh.focus({ preventScroll: true });
}

/** @returns {?(root: HTMLElement) => boolean} gives the focus to the control of the same name (`data-control`) again */
function focusIn(root) {
  if (!root.contains(document.activeElement)) return null;
  const name = document.activeElement.closest("[data-control]")?.dataset.control;
  return (fresh) => {
    const again = [...fresh.querySelectorAll("[data-control]")].find((one) => one.dataset.control === name);
    again?.focus({ preventScroll: true });
    return Boolean(again);
  };
}
