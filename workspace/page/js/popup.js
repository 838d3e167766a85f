// Something small that opens beside a control: menus, pickers, suggestions. On a phone it rises from the bottom edge.

import { h } from "./dom.js";

/**
 * @param {HTMLElement} anchor what it belongs to; gets the focus back
 * @param {HTMLElement} content
 * @param {{closed?: () => void, keepsFocus?: boolean, class?: string}} [options] keepsFocus: typing goes on in the anchor
 * @returns {{close: () => void, place: () => void}} place: again, after the content grew
 */
export function openPopup(anchor, content, options = {}) {
  const element = h("div", { class: `popup ${options.class ?? ""}`, popover: options.keepsFocus ? "manual" : "auto" }, content);
  // Everything outside an open modal is inert, so a popup from a modal has to stand inside it.
  (anchor.closest("dialog") ?? document.body).append(element);
  element.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    const focusWasInside = element.contains(document.activeElement) || document.activeElement === document.body;
    element.remove();
    expanded(anchor, false);
    if (focusWasInside && !options.keepsFocus) anchor.focus();
    options.closed?.();
  });
  expanded(anchor, true);
  element.showPopover();
  place(element, anchor);
  return { close: () => element.isConnected && element.hidePopover(), place: () => place(element, anchor) };
}

/** Also keeps the tools of a message in sight while one of their menus is open, so that the focus can come back. */
function expanded(anchor, open) {
  if (anchor.hasAttribute("aria-haspopup")) anchor.setAttribute("aria-expanded", String(open));
}

/** Below the anchor when there is room, else above; never outside the window. */
function place(element, anchor) {
  const box = anchor.getBoundingClientRect();
  const { width, height } = element.getBoundingClientRect();
  const below = box.bottom + height + 12 < innerHeight || box.top < height;
  const top = below ? Math.min(box.bottom + 6, innerHeight - height - 8) : box.top - height - 6;
  element.style.setProperty("--anchor", `${box.width}px`);
  element.style.setProperty("--x", `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`);
  element.style.setProperty("--y", `${Math.max(8, top)}px`);
}
