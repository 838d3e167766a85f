// Where the page starts: who is looking, in which language, what is shown, and what is listened to.

import * as api from "./api.js";
import { h, fill } from "./dom.js";
import { hearAll, hearMine, put } from "./frames.js";
import { icon } from "./icons.js";
import { speak, t } from "./i18n/index.js";
import { mountPhone } from "./phone.js";
import { mountPlace } from "./place.js";
import { readAll, readAs, readPlace } from "./reading.js";
import { here, settle } from "./route.js";
import { chosenLanguage, followTheme } from "./settings.js";
import { mountSidebar } from "./sidebar.js";
import { appConversation, state } from "./state.js";
import { listen } from "./stream.js";
import { mountTabs } from "./tabs.js";
import { mountThread } from "./thread.js";
import { mountTop } from "./top.js";
import { mountTour } from "./tour/index.js";
import { on } from "./topics.js";
import { mountViews } from "./views.js";

const TRY_AGAIN = 1500;
const element = (id) => document.getElementById(id);

async function start() {
  followTheme();
  speak(chosenLanguage() ?? navigator.language.slice(0, 2));
  const { people } = await patiently(api.people);
  const person = people.find(({ id, email }) => [id, email].includes(here().as)) ?? people[0];
  if (!person) {
    showBanner(t("people.none"));
    return;
  }
  speak(chosenLanguage() ?? person.language);
  settle({ as: person.id });
  state.me = person;
  const client = readAs(person.id);
  on("route", settleRoute);
  mountAll();
  listen(client.streamPath, { frame: hear, lost: () => connection("lost") });
  listen("/control/stream", { frame: hearAll });
}

function mountAll() {
  mountTop(element("top"));
  mountTour(element("tour"));
  mountSidebar(element("sidebar"));
  mountPlace(element("place"));
  mountThread(element("thread"));
  mountPhone(element("phone"));
  mountTabs(element("tabs"));
  mountViews();
  for (const topic of ["me", "conversations", "route"]) on(topic, nameWindow);
  on("app", () => element("icon").setAttribute("href", state.app.avatar));
  element("skip").textContent = t("skip");
  element("skip").addEventListener("click", skipToWriting);
}

/** After each `hello` everything is read anew, since frames may have been missed. */
async function hear(frame) {
  if (frame.type !== "hello") {
    hearMine(frame);
    return;
  }
  await patiently(readAll);
  connection("open");
  const { channel, thread } = here();
  if (state.conversations.has(channel)) await Promise.all([readPlace(channel), thread && readPlace(channel, thread)]);
}

/** An address without a conversation, or with one that she cannot see, leads to the app. */
function settleRoute() {
  const route = here();
  if (!state.conversations.has(route.channel)) settle({ channel: appConversation()?.id ?? null, thread: null });
  const { panel, thread } = here();
  document.body.dataset.screen = panel ?? (thread ? "thread" : "place");
}

function connection(status) {
  put("connection", status);
  showBanner(status === "lost" ? t("lost") : null);
}

function showBanner(sentence) {
  fill(element("banner"), sentence && h("p", {}, icon("alert"), sentence));
}

function nameWindow() {
  const unread = [...state.conversations.values()].reduce((sum, one) => sum + one.unread, 0);
  const where = state.conversations.get(here().channel)?.name;
  document.title = [unread ? `(${unread})` : "", state.me.name, where ? `– ${where}` : ""].filter(Boolean).join(" ");
}

function skipToWriting(event) {
  event.preventDefault();
  (document.querySelector("#place .composer textarea") ?? document.querySelector("#place h1"))?.focus();
}

/** Until the workspace answers; it may be starting. */
async function patiently(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error.code !== "unreachable") throw error;
      connection("lost");
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN));
    }
  }
}

start();
