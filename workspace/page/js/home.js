// The app's Home tab.

import { showBlocks } from "./blocks/index.js";
import { Surface } from "./blocks/surface.js";
import { h, fill } from "./dom.js";
import { t } from "./i18n/index.js";
import { state } from "./state.js";
import { toast } from "./toast.js";
import { on } from "./topics.js";

/** @param {HTMLElement} root @returns {() => void} stops */
export function mountHome(root) {
  const blocks = h("div", { class: "blocks home" });
  const empty = h("div", { class: "empty-place" });
  fill(root, h("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": t("tab.home") }, empty, blocks));
  const surface = new Surface({ type: "home" }, state.home?.state?.values, (sentence) => sentence && toast(sentence, "problem"));
  const show = () => {
    fill(empty, !state.home && h("div", { class: "empty" }, h("h2", {}, t("empty.home.title")), h("p", {}, t("empty.home"))));
    showBlocks(blocks, state.home?.blocks ?? [], surface);
  };
  show();
  return on("home", show);
}
