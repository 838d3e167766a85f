// Block Kit: from a list of blocks to what stands on the screen. One drawing function a block type; a block that nobody
// here knows, or that is broken, becomes a quiet note and never breaks the rest.

import { h } from "../dom.js";
import { t } from "../i18n/index.js";
import { reconcile } from "../keyed.js";
import { actions, card, carousel, container, contextActions, feedback } from "./groups.js";
import { input } from "./input.js";
import { alert, context, divider, file, header, image, markdown, section, video } from "./layout.js";
import { richText } from "./rich_text.js";
import { chart, table } from "./tables.js";

/** @typedef {import("./surface.js").Surface} Surface */

/** @type {Record<string, (block: object, surface: Surface) => HTMLElement>} */
const DRAW = {
  actions,
  alert,
  card,
  carousel: (block, surface) => carousel(block, surface, drawBlock),
  container: (block, surface) => container(block, surface, drawBlock),
  context,
  context_actions: contextActions,
  data_table: table,
  data_visualization: chart,
  divider,
  feedback_buttons: feedback,
  file,
  header,
  image,
  input,
  markdown,
  rich_text: richText,
  section,
  table,
  video,
};

/**
 * Shows the blocks in `root`; blocks that are the same as before keep their elements, and what is written in them.
 * @param {HTMLElement} root holds nothing else @param {object[]} blocks @param {Surface} surface
 */
export function showBlocks(root, blocks, surface) {
  reconcile(root, blocks.map((block, index) => ({
    key: block.block_id ?? `block-${index}`,
    stamp: JSON.stringify([block, surface.errors[block.block_id] ?? null]),
    make: () => drawBlock(block, surface),
  })));
}

function drawBlock(block, surface) {
  try {
    const element = (DRAW[block.type] ?? unknown)(block, surface);
    element.classList.add("block");
    return element;
  } catch (error) {
    console.warn("A block could not be drawn", block, error);
    return unknown(block);
  }
}

const unknown = (block) => h("p", { class: "block quiet" }, t("block.unknown", { type: block?.type ?? "?" }));
