// The guided tour: stories that a visitor walks through as several people. It watches what really happens, so it does
// not matter whether a step is done with its help, by hand, or in another window.

import { reconcile } from "../keyed.js";
import { t } from "../i18n/index.js";
import { go, here } from "../route.js";
import { appConversation, state } from "../state.js";
import { on, tell } from "../topics.js";
import { detourNow, follow, moveTo } from "./following.js";
import { begin, recall, remember } from "./memory.js";
import { drawEnd, drawOffer, drawStep } from "./panel.js";
import { find, mark, newestOfApp } from "./pointing.js";
import { personOf, readTour, stepNow, stories, storyOf, tourShown } from "./stories.js";

/** Set when the visitor follows the tour to another person, so that the focus goes on there. */
const ARRIVES = "workspace.tour.arrives";

/** @param {HTMLElement} root */
export async function mountTour(root) {
  root.setAttribute("aria-label", t("tour"));
  const pointOut = () => point(root);
  for (const topic of ["tour", "people", "route"]) on(topic, () => show(root));
  document.addEventListener("input", pointOut);
  new MutationObserver(pointOut).observe(document.getElementById("rooms"), { childList: true, subtree: true });
  await readTour();
  follow();
  tell("tour");
}

export const toggleTour = () => remember({ shown: !recall().shown, folded: false });

// what is shown

function show(root) {
  root.hidden = !tourShown();
  reconcile(root, root.hidden ? [] : [entry(recall())]);
  point(root);
  arrive(root);
}

/** @returns {import("../keyed.js").Entry} */
function entry(memory) {
  const { finished } = memory;
  const story = storyOf(memory.story);
  if (!story) return { key: "offer", stamp: finished.join(), make: () => drawOffer(stories(), finished, does) };
  const step = stepNow();
  if (!step) return { key: "end", stamp: story.id, make: () => drawEnd(story, notWalked(finished), does) };
  const told = { story, at: memory.step, folded: memory.folded, ...telling(step) };
  return { key: "step", stamp: JSON.stringify(told), make: () => drawStep(told, does) };
}

function telling(step) {
  const person = personOf(step.who);
  const detour = detourNow();
  return {
    say: (detour ?? step).say,
    become: person.id === state.me.id ? null : person,
    words: detour ? null : step.write,
    control: detour?.sees ?? step.control,
    following: Boolean(step.done),
  };
}

const notWalked = (finished) => stories().find(({ id }) => !finished.includes(id)) ?? null;

/** After the tour has led to another person, a keyboard and a screen reader go on where they were. */
function arrive(root) {
  const words = root.querySelector(".tour-say");
  if (!words || !sessionStorage.getItem(ARRIVES)) return;
  sessionStorage.removeItem(ARRIVES);
  words.focus();
}

// where to press

/** @returns {?import("./pointing.js").Aim} null while the visitor is somebody else, or nothing is to be pressed */
function aim() {
  const step = stepNow();
  if (!step || personOf(step.who).id !== state.me.id || !(step.write || step.control)) return null;
  const detour = detourNow();
  return detour ? { control: detour.sees, looks: false, since: "" } : { ...step, looks: !step.done, since: recall().since };
}

function point(root) {
  const wanted = aim();
  const target = wanted && find(wanted);
  mark(target);
  root.classList.toggle("waits", Boolean(wanted) && !target && atApp());
}

const atApp = () =>
  here().channel === appConversation()?.id && Boolean(document.querySelector("#place .messages")?.checkVisibility());

// what the visitor does

const does = {
  begin,
  all: () => remember({ story: null }),
  fold: () => remember({ folded: !recall().folded }),
  leave: () => {
    remember({ shown: false });
    document.querySelector("[data-control=tool-tour]")?.focus();
  },
  next: () => moveTo(recall().step + 1),
  arrive: () => sessionStorage.setItem(ARRIVES, "yes"),
  show: () => {
    const wanted = aim();
    if (!find(wanted)) go({ channel: appConversation().id, thread: null, tab: null, panel: null });
    const target = find(wanted);
    target?.focus({ focusVisible: true });
  },
  write: () => {
    const { reply, since, write } = aim();
    const thread = reply ? newestOfApp(since) : null;
    go({ channel: appConversation().id, thread, tab: null, panel: null });
    const area = document.querySelector(`${thread ? "#thread" : "#place"} .composer textarea`);
    if (reply && !thread) return;
    area.value = write;
    area.dispatchEvent(new Event("input", { bubbles: true }));
    area.focus();
  },
};
