// Tables, and charts as tables: every number can be read, also by a screen reader and on a narrow phone.

import { h } from "../dom.js";
import { language } from "../i18n/index.js";
import { richText } from "./rich_text.js";
import { words } from "./text.js";

/** `table` and `data_table`: rows of cells, the first row is the head. */
export function table(block) {
  const [head, ...rows] = block.rows;
  return scrolling(block.caption ? words(block.caption) : "",
    h("thead", {}, h("tr", {}, head.map((one) => h("th", { scope: "col" }, cell(one))))),
    h("tbody", {}, rows.map((row) => h("tr", {}, row.map((one, column) =>
      h("td", { class: block.column_settings?.[column]?.align ?? null }, cell(one)))))));
}

/** `data_visualization`: one row a category, one column a series, a bar behind each number. */
export function chart(block) {
  const { categories, series } = chartData(block.chart);
  const largest = Math.max(...series.flatMap(({ values }) => values.map((value) => Math.abs(value ?? 0))), 1);
  const head = series.some(({ name }) => name) &&
    h("thead", {}, h("tr", {}, h("td"), series.map(({ name }) => h("th", { scope: "col" }, name))));
  return scrolling(block.title ?? "", head,
    h("tbody", {}, categories.map((category, row) => h("tr", {},
      h("th", { scope: "row" }, category), series.map(({ values }) => bar(values[row], largest))))));
}

function scrolling(caption, ...parts) {
  return h("div", { class: "table", tabindex: 0, role: "group", "aria-label": caption },
    h("table", {}, caption && h("caption", {}, caption), parts));
}

function cell(content) {
  if (content.type === "rich_text") return richText(content);
  if (content.type === "raw_number") return number(content.value ?? content.number ?? content.text);
  return content.text ?? "";
}

function bar(value, largest) {
  if (value === null || value === undefined) return h("td", {}, "–");
  return h("td", { class: "bar", style: { "--share": Math.abs(value) / largest } }, h("span", {}, number(value)));
}

const number = (value) => (typeof value === "number" ? value.toLocaleString(language()) : String(value));

/** A pie has segments; the others have series of labelled points, perhaps with categories for their order. */
function chartData({ segments, series = [], axis_config: axis = {} }) {
  if (segments) {
    return { categories: segments.map(({ label }) => label), series: [{ name: "", values: segments.map(({ value }) => value) }] };
  }
  const categories = axis.categories ?? [...new Set(series.flatMap(({ data }) => data.map(({ label }) => label)))];
  return {
    categories,
    series: series.map(({ name, data }) => ({
      name: name ?? "",
      values: categories.map((category) => data.find(({ label }) => label === category)?.value ?? null),
    })),
  };
}
