// Files in messages: pictures shown, the rest named.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { language, t } from "./i18n/index.js";
import { link } from "./rich.js";

/** @param {object[]} [list] Slack's file objects, with `page_url` */
export function files(list) {
  return list?.length ? h("div", { class: "files" }, list.map(file)) : null;
}

function file({ name, title, mimetype = "", size, page_url: url, alt_txt: alt, mode }) {
  if (mode === "tombstone" || !url) return h("p", { class: "quiet" }, t("file.gone"));
  const words = title || name;
  if (mimetype.startsWith("image/")) return h("a", { href: url, target: "_blank", rel: "noopener" }, h("img", { src: url, alt: alt || words }));
  return h("p", { class: "file" }, icon("file"), link(new URL(url, location.href).href, words), h("small", {}, sizeOf(size)));
}

function sizeOf(bytes) {
  if (!bytes) return "";
  const kilobytes = Math.max(1, Math.round(bytes / 1000));
  return kilobytes < 1000 ? `${kilobytes} kB` : `${(kilobytes / 1000).toLocaleString(language(), { maximumFractionDigits: 1 })} MB`;
}
