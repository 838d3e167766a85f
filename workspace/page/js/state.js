// What this person sees of the workspace, as last heard. Parts of the page read it; only frames.js and reading.js
// write it, and each change is told under a topic:
//   me, app, people, conversations, messages (detail: channel), views, home, pushes, typing, connection
// and `stir` when something has reached anybody's phone, with a sound or without.

/**
 * @typedef {{id: string, name: string, title: string, avatar: string, language: string, presence: string, dnd: boolean,
 *   dnd_until: ?number, deactivated: boolean, unread: number, kind: string}} Person
 * @typedef {{id: string, kind: "app"|"dm"|"mpim"|"channel"|"group", name: string, topic: string, avatar: ?string,
 *   with: string[], member: boolean, members: number, unread: number, mentions: number, last_read: string}} Conversation
 * @typedef {{id: number, time: number, person: string, channel: string, ts: string, thread_ts: ?string, from: string,
 *   text: string, buzzed: boolean, reason: string}} Push
 */

export const state = {
  /** @type {Person} */ me: null,
  app: null,
  team: null,
  /** @type {Map<string, Person>} */ people: new Map(),
  /** @type {Map<string, Conversation>} */ conversations: new Map(),
  views: [],
  home: null,
  /** @type {Push[]} newest last, silent ones too */ pushes: [],
  /** How many times each person's phone has buzzed. @type {Map<string, number>} */ buzzes: new Map(),
  /** @type {"connecting"|"open"|"lost"} */ connection: "connecting",
};

/** The name of a person, or of the app's bot user. */
export function nameOf(userId) {
  if (userId === state.app?.bot_user_id) return state.app.name;
  return state.people.get(userId)?.name ?? userId;
}

export const firstName = (name) => name.split(" ")[0];

/** @returns {?Conversation} her conversation with the app */
export const appConversation = () => [...state.conversations.values()].find(({ kind }) => kind === "app") ?? null;

/** Her earlier conversation with exactly this person, if there is one. */
export const directWith = (personId) =>
  [...state.conversations.values()].find(({ kind, with: others }) => kind === "dm" && others[0] === personId) ?? null;
