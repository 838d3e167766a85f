// The inspector: what the app and the workspace have said to each other, newest first.

import * as api from "./api.js";
import { h, fill } from "./dom.js";
import { icon } from "./icons.js";
import { t } from "./i18n/index.js";
import { reconcile } from "./keyed.js";
import { go } from "./route.js";
import { exactClock } from "./time.js";

const ASK_EVERY = 1500;
const ROWS = 200;

/** @param {HTMLElement} root @returns {() => void} stops asking */
export function mountTraffic(root) {
  const filter = h("input", { type: "search", class: "search", placeholder: t("traffic.search"), "aria-label": t("traffic.search") });
  const onlyErrors = h("input", { type: "checkbox" });
  const list = h("ol", { class: "traffic" });
  const sums = h("p", { class: "hint", role: "status" });
  let rows = [];
  const show = () => {
    const found = rows.filter((row) => matches(row, filter.value.trim().toLowerCase(), onlyErrors.checked));
    reconcile(list, found.slice(-ROWS).reverse().map((row) => ({ key: String(row.id), stamp: JSON.stringify(row), make: () => drawRow(row) })));
    sums.textContent = rows.length ? t("traffic.sum", { shown: found.length, count: rows.length }) : t("traffic.none");
  };
  const refresh = async () => {
    ({ traffic: rows } = await api.traffic({ limit: ROWS }));
    show();
  };
  const quietly = () => refresh().catch(() => {});
  filter.addEventListener("input", show);
  onlyErrors.addEventListener("change", show);
  const empty = async () => {
    await api.emptyTraffic();
    await refresh();
  };
  fill(root,
    h("header", { class: "place-head" },
      h("button", { class: "icon-button back", "aria-label": t("back"), on: { click: () => go({ tab: null }) } }, icon("back")),
      h("div", { class: "place-name" }, h("h1", { tabindex: -1 }, t("traffic")), h("p", { class: "hint" }, t("traffic.about")))),
    h("div", { class: "traffic-tools" }, filter, h("label", { class: "choice small" }, onlyErrors, t("traffic.errors")),
      h("button", { class: "button", on: { click: empty } }, t("traffic.empty"))),
    h("div", { class: "scroller", tabindex: 0, role: "region", "aria-label": t("traffic") }, sums, list));
  quietly();
  const timer = setInterval(quietly, ASK_EVERY);
  return () => clearInterval(timer);
}

const failed = (row) => (row.kind === "call" ? !row.ok : row.acked === false);

const matches = (row, words, onlyErrors) => (!onlyErrors || failed(row)) && (!words || JSON.stringify(row).toLowerCase().includes(words));

function drawRow(row) {
  const call = row.kind === "call";
  const name = call ? row.method : [row.type, row.event].filter(Boolean).join(" · ");
  const outcome = call ? row.error ?? String(row.status) : t(row.acked ? "traffic.acked" : "traffic.waiting");
  const duration = call ? row.ms : row.ack_ms;
  return h("li", { class: failed(row) ? "failed" : null }, h("details", {},
    h("summary", {},
      h("time", {}, exactClock(row.time)),
      h("span", { class: "way" }, t(call ? "traffic.from_app" : "traffic.to_app")),
      h("strong", {}, name),
      h("span", { class: "outcome" }, outcome),
      h("span", { class: "quiet" }, typeof duration === "number" ? `${Math.round(duration)} ms` : "")),
    h("pre", { tabindex: 0 }, h("code", {}, JSON.stringify(row, null, 2)))));
}
