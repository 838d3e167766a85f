// Fetching what the page shows, as the person it is shown to.

import * as api from "./api.js";
import { beforeFrames, put } from "./frames.js";
import { forgetLogs, logOf, prepend, setLog } from "./logs.js";
import { state } from "./state.js";
import { tell } from "./topics.js";

const PAGE = 50;
/** Threads are short; one page holds them. */
const THREAD_PAGE = 200;

let client = null;

/** Whose eyes the page has. */
export function readAs(personId) {
  client = api.person(personId);
  return client;
}

/** Everything at once; also after a lost connection, when frames may have been missed. */
export const readAll = () => beforeFrames(fetchAll);

async function fetchAll() {
  const sees = await client.read("sees");
  state.people = byId(sees.people);
  state.team = sees.team;
  state.conversations = byId(sees.conversations);
  put("app", sees.app);
  put("me", sees.person);
  put("views", sees.views);
  put("home", sees.home);
  const { pushes } = await client.read("pushes", { all: 1 });
  put("pushes", pushes);
  forgetLogs();
  for (const topic of ["people", "conversations", "route"]) tell(topic);
}

/** Places on their way. @type {Map<string, Promise<void>>} */
const underway = new Map();

/** Makes sure that a place has been read; two who ask at once share the answer. */
export async function readPlace(channel, threadTs = null) {
  if (logOf(channel, threadTs)) return;
  const key = `${channel}/${threadTs}`;
  if (!underway.has(key)) underway.set(key, beforeFrames(() => fetchPlace(channel, threadTs)).finally(() => underway.delete(key)));
  await underway.get(key);
}

async function fetchPlace(channel, threadTs) {
  const limit = threadTs ? THREAD_PAGE : PAGE;
  const answer = await client.read("messages", { channel, thread_ts: threadTs, limit });
  setLog(channel, threadTs, { messages: answer.messages, hasMore: answer.has_more });
}

export const readOlder = (channel) => beforeFrames(() => fetchOlder(channel));

async function fetchOlder(channel) {
  const before = logOf(channel).messages[0].ts;
  const { messages, has_more: hasMore } = await client.read("messages", { channel, before, limit: PAGE });
  prepend(channel, messages, hasMore);
}

/** Public channels she could join. */
export async function readJoinable() {
  const { conversations } = await client.read("conversations", { all: 1 });
  return conversations.filter(({ member }) => !member);
}

/** How often everybody's phone has buzzed so far. */
export async function readBuzzes() {
  const counts = await Promise.all([...state.people.keys()].map(async (id) => {
    const { pushes } = await api.person(id).read("pushes");
    return [id, pushes.length];
  }));
  state.buzzes = new Map(counts);
  tell("buzzes");
}

const byId = (things) => new Map(things.map((thing) => [thing.id, thing]));
