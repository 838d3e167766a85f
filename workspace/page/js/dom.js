// Building elements. Text always becomes a text node: nothing on this page parses HTML from data.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] attributes; `class`, `on` (listeners), `data` and `style` (custom properties
 *   too) are understood, null and false are left out, true becomes an empty attribute
 * @param {...(Node|string|number|null|false|undefined|Array)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  decorate(element, props);
  element.append(...kept(children));
  return element;
}

/** Like h, in the SVG namespace. */
export function svg(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  decorate(element, props);
  element.append(...kept(children));
  return element;
}

/** Replaces everything inside `element`. */
export function fill(element, ...children) {
  element.replaceChildren(...kept(children));
  return element;
}

/** Text that only screen readers meet. */
export function unseen(text) {
  return h("span", { class: "unseen" }, text);
}

/** Unique ids for labels and their controls. */
let lastId = 0;
export function newId(prefix) {
  lastId += 1;
  return `${prefix}-${lastId}`;
}

function decorate(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") listen(element, value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (name === "style") setStyles(element, value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

function listen(element, listeners) {
  for (const [type, listener] of Object.entries(listeners)) element.addEventListener(type, listener);
}

function setStyles(element, styles) {
  for (const [name, value] of Object.entries(styles)) element.style.setProperty(name, value);
}

function kept(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}
