/** What was chosen, in the fragment of the address: a link shows somebody else the same, and going back goes back. */

import { COLUMNS, DEFAULTS } from "./model.js";

const WAIT_MS = 300; // a browser takes only so many changes a second

/**
 * How a choice is written, and read from its words; undefined where they make no sense.
 * @typedef {{write: (value: any) => string[], read: (words: string[]) => any, quiet?: boolean}} Field quiet: what moves
 *   on and on, such as a slider, is no page of its own to go back to
 */

const number = /^-?\d+(\.\d+)?$/;

/** @param {string[]} words of which the first says it; anything else makes no sense */
const oneOf = (...words) => ({
  write: (/** @type {string} */ value) => [value],
  read: (/** @type {string[]} */ [value]) => (words.includes(value) ? value : undefined),
});

const text = { write: (/** @type {string} */ value) => [value], read: (/** @type {string[]} */ [value]) => value };

const flag = { write: () => ["1"], read: (/** @type {string[]} */ [word]) => word === "1" };

const names = {
  write: (/** @type {string[] | null} */ value) => (value && !value.length ? [""] : value || []),
  read: (/** @type {string[]} */ words) => words.filter(Boolean),
};

/** @param {number} count of numbers, with a comma between */
const numbers = (count) => ({
  write: (/** @type {number[]} */ values) => [values.map((value) => String(Math.round(value * 1e4) / 1e4)).join(",")],
  read: (/** @type {string[]} */ [value]) => {
    const parts = value.split(",");
    return parts.length === count && parts.every((part) => number.test(part)) ? parts.map(Number) : undefined;
  },
});

/** Names in the address -> how a field of the model is written. @type {Record<string, Field & {of: keyof typeof DEFAULTS}>} */
const FIELDS = {
  run: { of: "chosen", ...names },
  metric: { of: "metrics", ...names },
  side: { of: "side", ...oneOf("val", "train") },
  layout: { of: "layout", ...oneOf("grids", "rows") },
  column: {
    of: "columns",
    write: names.write,
    read: (words) => (words.every((word) => ["", ...COLUMNS].includes(word)) ? names.read(words) : undefined),
  },
  step: {
    of: "step",
    quiet: true,
    write: (step) => [String(step)],
    read: ([step]) => (/^\d{1,15}$/.test(step) ? Number(step) : undefined),
  },
  zoom: {
    of: "zoom",
    quiet: true,
    write: ({ scale, x, y }) => numbers(3).write([scale, x, y]),
    read: (words) => {
      const [scale, x, y] = numbers(3).read(words) ?? [];
      return scale >= 1 ? { scale, x, y } : undefined;
    },
  },
  open: {
    of: "open",
    write: ({ row, left, right, kept }) => [String(row + 1), left, right, ...(kept ? ["pictures"] : [])],
    read: ([row, left, right, from]) =>
      /^[1-9]\d{0,4}$/.test(row) && left && right
        ? { row: Number(row) - 1, left, right, kept: from === "pictures" }
        : undefined,
  },
  pictures: { of: "kept", ...text },
  worst: { of: "worst", ...text },
  of: { of: "worstOf", ...text },
  bestfirst: { of: "bestFirst", ...flag },
  log: { of: "log", ...flag },
  mean: { of: "mean", ...flag },
  smooth: {
    of: "smoothing",
    quiet: true,
    write: (value) => [String(value)],
    read: ([word]) => (/^0(\.\d{1,2})?$/.test(word) ? Number(word) : undefined),
  },
  color: { of: "color", ...text },
  axis: { of: "axis", ...oneOf("step", "time") },
  range: {
    of: "range",
    write: (range) => numbers(2).write(range),
    read: (words) => {
      const range = numbers(2).read(words);
      return range && range[0] < range[1] ? range : undefined;
    },
  },
  scatter: { of: "scatter", write: (axes) => axes, read: ([x, y]) => (x && y ? [x, y] : undefined) },
  source: { of: "source", ...text },
  value: { of: "statistic", ...oneOf("last", "best", "least", "greatest") },
  rows: { of: "by", ...oneOf("run", "arm") },
  fields: { of: "fields", ...flag },
  group: { of: "group", ...text },
  baseline: { of: "baseline", ...text },
  filter: { of: "filter", quiet: true, ...text },
  sort: {
    of: "order",
    write: ({ name, worst }) => [`${worst ? "-" : "+"}${name}`],
    read: ([word]) => (/^[+-]/.test(word) ? { name: word.slice(1), worst: word[0] === "-" } : undefined),
  },
};

/** @param {import("./model.js").Model} model @returns {boolean} whether the address says which runs are chosen */
export function readAddress(model) {
  const query = new URLSearchParams(location.hash.slice(1));
  const choice = Object.fromEntries(
    Object.entries(FIELDS)
      .filter(([name]) => name !== "run" || query.has("run"))
      .map(([name, { of, read }]) => {
        const value = query.has(name) ? read(query.getAll(name)) : undefined;
        return [of, value === undefined ? DEFAULTS[of] : value];
      }),
  );
  model.set(choice);
  return query.has("run");
}

/** Write every choice into the address, and follow an address that changes. @param {import("./model.js").Model} model */
export function keepAddress(model) {
  let timer = 0;
  let push = false;
  let following = false;
  const write = () => {
    clearTimeout(timer);
    const hash = hashOf(model);
    if (hash !== location.hash) {
      if (push && !following && location.hash) history.pushState(null, "", hash);
      else history.replaceState(null, "", hash);
    }
    push = following = false;
  };
  for (const { of, quiet } of Object.values(FIELDS)) {
    model.on([of], () => {
      push ||= !quiet;
      clearTimeout(timer);
      timer = window.setTimeout(write, WAIT_MS);
    });
  }
  const follow = () => {
    if (location.hash === hashOf(model) || !location.hash.includes("=")) return;
    clearTimeout(timer);
    following = true;
    readAddress(model);
    timer = window.setTimeout(write, WAIT_MS);
  };
  addEventListener("hashchange", follow);
  addEventListener("popstate", follow);
}

/** @param {import("./model.js").Model} model */
function hashOf({ state }) {
  const query = new URLSearchParams();
  for (const [name, { of, write }] of Object.entries(FIELDS)) {
    const value = state[of];
    if (of !== "chosen" && JSON.stringify(value) === JSON.stringify(DEFAULTS[of])) continue;
    for (const word of write(value)) query.append(name, word);
  }
  return `#${query}`;
}
