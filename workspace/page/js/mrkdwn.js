// Slack's mrkdwn, read into a small tree. Pure: no page, no names; rich.js draws the tree.

/**
 * @typedef {{type: "text", text: string}
 *   | {type: "bold"|"italic"|"strike"|"quote"|"underline"|"highlight", children: Node[]}
 *   | {type: "code"|"pre", text: string}
 *   | {type: "link", url: string, children: Node[]}
 *   | {type: "user"|"channel"|"group", id: string, label: string}
 *   | {type: "broadcast", range: string}
 *   | {type: "date", timestamp: number, pattern: string, fallback: string, url: string}
 *   | {type: "emoji", name: string}
 *   | {type: "break"}} Node
 */

const FENCE = /```\n?([\s\S]*?)\n?```/g;
const ADDRESS = /^[a-z][a-z0-9+.-]*:/i;
const QUOTED = /^(?:&gt;|>)\s?(.*)$/;
/** A mark opens before a non-space and closes after one, and never inside a word: 2*3*4 stays arithmetic. */
const mark = (sign, name) =>
  String.raw`(?<![\p{L}\p{N}])${sign}(?=[^\s${sign}])(?<${name}>[^${sign}\n]*?[^\s${sign}])${sign}(?![\p{L}\p{N}])`;
const INLINE = new RegExp(
  [
    String.raw`<(?<special>[^<>\n]+)>`,
    "`(?<code>[^`\n]+)`",
    mark(String.raw`\*`, "bold"),
    mark("_", "italic"),
    mark("~", "strike"),
    String.raw`:(?<emoji>[a-z0-9_+'-]+):(?::skin-tone-\d:)?`,
  ].join("|"),
  "gu",
);

/** @param {string} text with & < > escaped @returns {Node[]} */
export function parse(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(FENCE)) {
    nodes.push(...paragraphs(text.slice(from, match.index).replace(/\n$/, "")));
    nodes.push({ type: "pre", text: unescape(match[1]) });
    from = match.index + match[0].length;
  }
  nodes.push(...paragraphs(from ? text.slice(from).replace(/^\n/, "") : text));
  return nodes;
}

/** Lines, and emoji where they are wanted: what plain_text objects allow. @returns {Node[]} */
export function parsePlain(text, withEmoji = true) {
  const nodes = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (index > 0) nodes.push({ type: "break" });
    for (const piece of withEmoji ? line.split(/(:[a-z0-9_+'-]+:)/) : [line]) {
      const name = withEmoji && /^:([a-z0-9_+'-]+):$/.exec(piece)?.[1];
      if (name) nodes.push({ type: "emoji", name });
      else if (piece) nodes.push({ type: "text", text: piece });
    }
  }
  return nodes;
}

/** The words alone, for screen readers and lists. */
export const plain = (text) => words(parse(text));

export const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

function words(nodes) {
  return nodes.map((node) => {
    if (node.children) return words(node.children);
    if (node.type === "break") return " ";
    if (node.type === "emoji") return `:${node.name}:`;
    return node.text ?? node.label ?? node.range ?? node.fallback ?? "";
  }).join("");
}

/** Runs of quoted lines become quotes, the rest lines. */
function paragraphs(text) {
  if (text === "") return [];
  const nodes = [];
  let quote = null;
  for (const [index, line] of text.split("\n").entries()) {
    const quoted = QUOTED.exec(line)?.[1];
    if (quoted !== undefined) {
      if (quote) quote.children.push({ type: "break" });
      else nodes.push((quote = { type: "quote", children: [] }));
      quote.children.push(...inline(quoted));
    } else {
      if (index > 0 && !quote) nodes.push({ type: "break" });
      quote = null;
      nodes.push(...inline(line));
    }
  }
  return nodes;
}

function inline(line) {
  const nodes = [];
  let from = 0;
  for (const match of line.matchAll(INLINE)) {
    if (match.index > from) nodes.push({ type: "text", text: unescape(line.slice(from, match.index)) });
    nodes.push(node(match.groups));
    from = match.index + match[0].length;
  }
  if (from < line.length) nodes.push({ type: "text", text: unescape(line.slice(from)) });
  return nodes;
}

function node({ special, code, bold, italic, strike, emoji }) {
  if (special !== undefined) return specialNode(special);
  if (code !== undefined) return { type: "code", text: unescape(code) };
  if (bold !== undefined) return { type: "bold", children: inline(bold) };
  if (italic !== undefined) return { type: "italic", children: inline(italic) };
  if (strike !== undefined) return { type: "strike", children: inline(strike) };
  return { type: "emoji", name: emoji };
}

/** What stands between < and >: a mention, a command to Slack, or an address. */
function specialNode(special) {
  const bar = special.indexOf("|");
  const target = bar === -1 ? special : special.slice(0, bar);
  const label = bar === -1 ? "" : unescape(special.slice(bar + 1));
  if (target.startsWith("@")) return { type: "user", id: target.slice(1), label };
  if (target.startsWith("#")) return { type: "channel", id: target.slice(1), label };
  if (target.startsWith("!")) return command(target.slice(1), label);
  if (!ADDRESS.test(target)) return { type: "text", text: unescape(`<${special}>`) };
  const url = unescape(target);
  const words = label || url.replace(/^(mailto:|tel:)/, "");
  return { type: "link", url, children: [{ type: "text", text: words }] };
}

function command(target, label) {
  const [name, ...rest] = target.split("^");
  if (name === "date") {
    const [timestamp, pattern, url] = rest;
    return { type: "date", timestamp: Number(timestamp), pattern, url: url ?? "", fallback: label };
  }
  if (name === "subteam") return { type: "group", id: rest[0], label };
  return { type: "broadcast", range: name };
}
