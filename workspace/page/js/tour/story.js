// What a story is, and how far it has come by what people have seen since it began. Pure: it is given what they see.

/**
 * The file of a tour, as `GET /control/tour` gives it. Words to read are in each language of the page.
 * @typedef {Record<string, string>} Words
 * @typedef {{stories: Story[], astray?: Detour[]}} Tour astray: when a written line did not become what it should
 * @typedef {{id: string, title: Words, about: Words, steps: Step[], end: Words}} Story
 * @typedef {object} Step
 * @property {string} who by e-mail
 * @property {Words} say what to do; [words] in brackets are what stands on a button
 * @property {string} [write] what to write to the app
 * @property {boolean} [reply] write it in the thread of the app's newest message
 * @property {string} [control] the action_id of what is to be pressed, or looked at
 * @property {Condition[]} [done] all of them; without, the visitor says when it is read
 * @typedef {{sees: string, say: Words}} Detour
 * @typedef {{who: string, sees?: string, lacks?: string, hears?: string, replies?: number}} Condition sees, lacks: an
 *   action_id; hears: a message in the name of this person; replies: so many in one thread
 *
 * @typedef {(who: string) => Promise<object[]>} Sight her messages with the app
 * @typedef {{step: number, detour: ?Detour}} Place
 */

/**
 * @param {Story} story @param {{step: number, since: string}} from @param {Detour[]} detours
 * @param {Sight} sight @param {(who: string) => {id: string, name: string}} person
 * @returns {Promise<Place>}
 */
export async function comeTo(story, { step, since }, detours, sight, person) {
  let at = step;
  while (at < story.steps.length && (await isDone(story.steps[at], since, sight, person))) at += 1;
  const now = story.steps[at];
  const detour = now?.write && !now.reply ? await strayed(detours, now.who, since, sight, person) : null;
  return { step: at, detour };
}

async function isDone({ done }, since, sight, person) {
  if (!done) return false;
  const held = await Promise.all(done.map(async (condition) => {
    const messages = (await sight(condition.who)).filter(({ ts }) => ts > since);
    return holds(condition, messages, person);
  }));
  return held.every(Boolean);
}

function holds({ sees, lacks, hears, replies }, messages, person) {
  if (sees) return messages.some((message) => offers(message, sees));
  if (lacks) return !messages.some((message) => offers(message, lacks));
  if (hears) return messages.some(({ author }) => author?.name === person(hears).name);
  return messages.some(({ reply_count: count }) => count >= replies);
}

/** The way out that she is offered after her line has gone somewhere else. */
async function strayed(detours, who, since, sight, person) {
  const messages = await sight(who);
  const wrote = messages.some(({ ts, user }) => ts > since && user === person(who).id);
  return (wrote && detours.find(({ sees }) => messages.some((message) => offers(message, sees)))) || null;
}

/** Whether something in the message has this action_id. */
function offers({ blocks = [] }, actionId) {
  return blocks.some(({ accessory, elements = [] }) => [accessory, ...elements].some((one) => one?.action_id === actionId));
}
