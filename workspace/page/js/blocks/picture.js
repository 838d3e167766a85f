// Pictures in blocks. Where one cannot be shown, its words are.

import { h } from "../dom.js";

/** @param {{image_url?: string, slack_file?: object, alt_text: string}} image */
export function picture(image, name) {
  const url = image.image_url ?? uploaded(image.slack_file);
  if (!url) return h("p", { class: "quiet" }, image.alt_text);
  const element = h("img", { src: url, alt: image.alt_text ?? "", class: name, loading: "lazy" });
  element.addEventListener("error", () => element.replaceWith(h("span", { class: "quiet" }, image.alt_text)));
  return element;
}

/** Where the page finds a picture that the app has uploaded. */
function uploaded(file) {
  return file?.id ? `/control/files/${encodeURIComponent(file.id)}` : file?.url;
}
