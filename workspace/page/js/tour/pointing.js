// Shows on the page where the next press goes, whatever is redrawn meanwhile.

import { logOf } from "../logs.js";
import { here } from "../route.js";
import { appConversation, state } from "../state.js";

/**
 * @typedef {{write?: string, reply?: boolean, control?: string, looks: boolean, since: string}} Aim
 *   looks: the message with the control is to be read, not pressed
 */

/** @returns {?HTMLElement} where to press now; null while it is not on the screen */
export function find(aim) {
  if (here().channel !== appConversation()?.id) return null;
  return (aim.control ? named(aim) : aim.reply ? replying(aim) : writing("#place")) ?? null;
}

/** Marks it, and nothing else, and brings it into sight. */
export function mark(target) {
  for (const old of document.querySelectorAll("[data-tour-here]")) if (old !== target) delete old.dataset.tourHere;
  if (!target || target.dataset.tourHere !== undefined) return;
  target.dataset.tourHere = "";
  target.scrollIntoView({ block: "nearest" });
}

/** The `ts` of the app's newest message to her in the story, whose thread a step may ask for. @returns {?string} */
export function newestOfApp(since) {
  const messages = logOf(appConversation()?.id)?.messages ?? [];
  return messages.findLast(({ ts, user, subtype }) => ts > since && user !== state.me.id && !subtype)?.ts ?? null;
}

/** The newest of that name, in the conversation or in the thread. */
function named({ control, looks, since }) {
  const all = [...document.querySelectorAll(":is(#place, #thread) .message [data-control]")];
  const found = all.findLast((one) => one.dataset.control.endsWith(`/${control}`)
    && one.closest(".message").dataset.ts > since && one.checkVisibility());
  return looks ? found?.closest(".message") : found;
}

function replying({ since }) {
  const ts = newestOfApp(since);
  if (!ts) return null;
  if (here().thread === ts) return writing("#thread");
  const card = document.querySelector(`#place .message[data-ts="${ts}"]`);
  return card?.checkVisibility() ? card.querySelector('[data-control="tool-thread"]') : null;
}

/** First the field, then the button that sends what stands in it. */
function writing(room) {
  const area = document.querySelector(`${room} .composer textarea`);
  if (!area?.checkVisibility()) return null;
  return area.value.trim() ? area.closest(".composer").querySelector(".send") : area;
}
