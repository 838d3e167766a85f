// What the stream says, put into the state. One line a frame; the parts of the page are told by topic.

import { announceMessage } from "./announce.js";
import { drop, keep } from "./logs.js";
import { state } from "./state.js";
import { tell } from "./topics.js";
import { heardTyping, stoppedTyping } from "./typing.js";

const HEARD = {
  message: (frame) => arrived(frame),
  ephemeral: (frame) => arrived(frame),
  changed: ({ channel, message }) => keep(channel, message),
  deleted: ({ channel, ts }) => drop(channel, ts),
  view_opened: ({ views }) => put("views", views),
  view_updated: ({ views }) => put("views", views),
  view_closed: ({ views }) => put("views", views),
  home: ({ home }) => put("home", home),
  typing: (frame) => heardTyping(frame),
  conversation: ({ conversation }) => keepConversation(conversation),
  unread: ({ channel, unread, mentions, last_read }) => keepUnread(channel, { unread, mentions, last_read }),
  push: ({ push }) => keepPush(push),
  silent: ({ push }) => keepPush(push),
};

/** How many answers are on their way that may be older than a frame which overtakes them. */
let readings = 0;
/** @type {object[]} frames that wait for those answers, oldest first */
const waiting = [];

/** Frames about this person. Unknown ones are left alone: the server may be newer than the page. */
export function hearMine(frame) {
  if (readings) waiting.push(frame);
  else HEARD[frame.type]?.(frame);
}

/**
 * What is read puts a whole picture into the state; what the stream says meanwhile is put on top of it, never under.
 * @template Read @param {() => Promise<Read>} read @returns {Promise<Read>}
 */
export async function beforeFrames(read) {
  readings += 1;
  try {
    return await read();
  } finally {
    readings -= 1;
    if (!readings) waiting.splice(0).forEach(hearMine);
  }
}

const HEARD_OF_ALL = {
  push: ({ push }) => countBuzz(push),
  silent: () => tell("stir"),
  person: ({ person }) => keepPerson(person),
  app: ({ app }) => put("app", app),
};

/** Frames about everybody. */
export function hearAll(frame) {
  HEARD_OF_ALL[frame.type]?.(frame);
}

export function put(topic, value) {
  state[topic] = value;
  tell(topic, value);
}

function arrived({ channel, message }) {
  stoppedTyping(channel, message);
  keep(channel, message);
  announceMessage(channel, message);
}

function keepConversation(conversation) {
  if (conversation.member) state.conversations.set(conversation.id, conversation);
  else state.conversations.delete(conversation.id);
  tell("conversations");
}

function keepUnread(channel, marks) {
  const conversation = state.conversations.get(channel);
  if (!conversation) return;
  Object.assign(conversation, marks);
  tell("conversations");
}

function keepPush(push) {
  if (state.pushes.some(({ id }) => id === push.id)) return; // read a moment before its frame came
  state.pushes.push(push);
  tell("pushes", push);
}

function countBuzz(push) {
  state.buzzes.set(push.person, (state.buzzes.get(push.person) ?? 0) + 1);
  tell("buzzes", push);
  tell("stir");
}

function keepPerson(person) {
  state.people.set(person.id, person);
  if (person.id === state.me.id) put("me", person);
  tell("people");
}
