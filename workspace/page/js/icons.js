// The page's icons: strokes on a 24-unit grid, drawn here so that nothing is fetched.
// They are decoration; the control that carries one has its own words.

import { svg } from "./dom.js";

const STROKES = {
  alert: ["M12 4 2.8 20h18.4z", "M12 10v4.5", "M12 17.3v.2"],
  attach: ["M20 11.5 12 19.6a5 5 0 0 1-7.1-7.1l8.3-8.3a3.4 3.4 0 0 1 4.8 4.8l-8.2 8.2a1.7 1.7 0 0 1-2.4-2.4l7.5-7.5"],
  back: ["M15 5l-7 7 7 7"],
  bolt: ["M13 3 5 13.5h6L10 21l9-11h-6.5z"],
  check: ["M5 12.5l4.5 4.5L19 7.5"],
  chevron: ["M6 9.5l6 6 6-6"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  external: ["M14 4h6v6", "M20 4l-9 9", "M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5"],
  eye: ["M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z", "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z"],
  file: ["M6 3h8l5 5v13H6z", "M14 3v5h5"],
  hash: ["M9.5 4 7.5 20", "M16.5 4l-2 16", "M4.5 9h16", "M3.5 15h16"],
  house: ["M3.5 11.5 12 4l8.5 7.5", "M6 9.8V20h12V9.8", "M10 20v-5.5h4V20"],
  lock: ["M6 11h12v9H6z", "M8.5 11V8a3.5 3.5 0 0 1 7 0v3"],
  menu: ["M5 12h.1", "M12 12h.1", "M19 12h.1"],
  moon: ["M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"],
  pen: ["M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19z", "M14 6.5l3.5 3.5"],
  people: ["M9 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z", "M2.5 20c.4-4 3-6 6.5-6s6.1 2 6.5 6", "M16 5a3 3 0 0 1 0 6", "M18 14.5c2 .8 3.2 2.6 3.5 5.5"],
  phone: ["M7 2.5h10v19H7z", "M11 18.5h2"],
  plus: ["M12 5v14", "M5 12h14"],
  search: ["M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13z", "M15.5 15.5 20.5 20.5"],
  send: ["M4 12 20.5 4.5 15 20.5l-3.5-7z", "M11.5 13.5l9-9"],
  signpost: ["M11 3v18", "M11 4.5h7.5L21 7.2l-2.5 2.8H11", "M11 12H5.5L3 14.5 5.5 17H11"],
  smile: ["M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z", "M8.5 14.5c1.8 2.3 5.2 2.3 7 0", "M9 9.5h.1", "M15 9.5h.1"],
  sun: ["M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z", "M12 2.5v2", "M12 19.5v2", "M2.5 12h2", "M19.5 12h2", "M5.3 5.3l1.4 1.4", "M17.3 17.3l1.4 1.4", "M5.3 18.7l1.4-1.4", "M17.3 6.7l1.4-1.4"],
  talk: ["M4 5h16v11H10l-4.5 4v-4H4z"],
  thread: ["M4 4.5h12v8.5H8.5L5.5 16v-3H4z", "M19.5 9v8.5h-1.5v3l-3-3H10"],
  traffic: ["M4 8h13", "M13.5 4.5 17 8l-3.5 3.5", "M20 16H7", "M10.5 12.5 7 16l3.5 3.5"],
  trash: ["M5 7h14", "M9 7V4h6v3", "M7 7l1 13h8l1-13"],
};

/** @param {keyof typeof STROKES} name */
export function icon(name) {
  return svg(
    "svg",
    { class: `icon icon-${name}`, viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" },
    STROKES[name].map((d) => svg("path", { d })),
  );
}
