// Doing something as the person, and telling her in words when it did not work.

import * as api from "./api.js";
import { t } from "./i18n/index.js";
import { state } from "./state.js";
import { toast } from "./toast.js";

/** Refusals that have a sentence of their own (`error.<code>`). */
const KNOWN = new Set(["unreachable", "unknown_command", "no_text", "msg_too_long", "not_found", "too_large"]);

/**
 * @param {string} verb @param {object} body as in workspace/README.md
 * @returns {Promise<?object>} the answer (what it changed comes by the stream, in order); null when it was refused, and she has been told
 */
export async function perform(verb, body = {}) {
  try {
    return await api.person(state.me.id).act(verb, body);
  } catch (error) {
    if (!(error instanceof api.ApiError)) throw error;
    toast(sentenceFor(error), "problem");
    return null;
  }
}

/** For signs of life that nobody waits for: writing, reading, looking at Home. When they do not get through, so be it. */
export function whisper(verb, body) {
  api.person(state.me.id).act(verb, body).catch(() => {});
}

/** For what she waits for: says so when the app did not answer. @returns {Promise<?object>} */
export async function ask(verb, body) {
  const answer = await perform(verb, body);
  if (answer?.acked === false) toast(answer.sentence ?? t("app.silent", { app: state.app.name }), "problem");
  return answer;
}

const sentenceFor = (error) =>
  KNOWN.has(error.code) ? t(`error.${error.code}`) : t("error.other", { code: error.code });
