// Brings a list on the screen up to date and touches only what changed, so that focus, scrolling and half-written
// fields survive.

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

/** A redrawn control (`data-control` names it) keeps the focus; if it is gone, the list item gets it. */
function replaceKeepingFocus(element, fresh) {
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  const name = focused?.closest("[data-control]")?.dataset.control;
  element.replaceWith(fresh);
  if (!focused) return;
  const again = [...fresh.querySelectorAll("[data-control]")].find((one) => one.dataset.control === name);
  (again ?? fresh).focus({ preventScroll: true });
}
