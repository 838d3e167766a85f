// Where the visitor is, kept in the address: ?as=person &c=conversation &t=thread &tab=home|traffic.
// So two windows can be two people, the back button works on a phone, and a place can be sent to a colleague.

import { tell } from "./topics.js";

const NAMES = { as: "as", channel: "c", thread: "t", tab: "tab", panel: "panel" };

/** @typedef {{as: ?string, channel: ?string, thread: ?string, tab: ?string, panel: ?string}} Route */

/** @returns {Route} */
export function here() {
  const address = new URLSearchParams(location.search);
  return Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, address.get(name)]));
}

/** The address of another place; what is not named in `change` stays. @param {Partial<Route>} change */
export function addressOf(change) {
  const route = { ...here(), ...change };
  const address = new URLSearchParams();
  for (const [key, name] of Object.entries(NAMES)) if (route[key]) address.set(name, route[key]);
  return `?${address}`;
}

/** Goes there without loading the page anew. */
export function go(change) {
  const address = addressOf(change);
  if (address === location.search) return;
  history.pushState(null, "", address);
  tell("route");
}

/** Corrects the address without a step to go back to. */
export function settle(change) {
  history.replaceState(null, "", addressOf(change));
}

window.addEventListener("popstate", () => tell("route"));
