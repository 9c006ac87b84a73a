/** A chart as SVG: lines with their bands and points, or named points; in the colours of the screen. */

import { resolved } from "./colors.js";

const SPACE = "http://www.w3.org/2000/svg";
const MARGIN = { left: 64, right: 20, top: 34, bottom: 46 };
const LINE = 17; // height of a line of the legend
const LETTER = 6.3; // width of one at 11 pixels, for the most part
const RADIUS = 5;

/**
 * @typedef {[number, number]} Pair
 * @typedef {{label: string, from: number, to: number, log?: boolean, text: (value: number) => string}} Axis
 * @typedef {{title: string, x: Axis, y: Axis, lines: import("./chart.js").Line[], wide: number, high: number,
 *   named?: boolean}} Figure named: points have their names beside them, and there is no legend
 */

/** @param {Figure} figure @returns {SVGSVGElement} */
export function svgChart({ title, x, y, lines, wide, high, named = false }) {
  const main = lines.filter((line) => !line.faint);
  const legend = named ? [] : legendRows(main, wide);
  const height = high + legend.length * LINE;
  const svg = node("svg", { xmlns: SPACE, width: wide, height, viewBox: `0 0 ${wide} ${height}` });
  const inks = { ground: plain("var(--surface)"), text: plain("var(--text)"), dim: plain("var(--text-dim)") };
  svg.setAttribute("font-family", "system-ui, -apple-system, Segoe UI, Roboto, sans-serif");
  const box = { left: MARGIN.left, top: MARGIN.top, right: wide - MARGIN.right, bottom: high - MARGIN.bottom };
  const at = (/** @type {number} */ across, /** @type {number} */ up) =>
    /** @type {Pair} */ ([
      box.left + shareOf(x, across) * (box.right - box.left),
      box.bottom - shareOf(y, up) * (box.bottom - box.top),
    ]);
  svg.append(node("rect", { width: wide, height, fill: inks.ground }));
  svg.append(words(title, MARGIN.left, 20, { "font-size": 13, "font-weight": 600, fill: inks.text }));
  svg.append(...axes(x, y, box, at, inks.dim, plain("var(--line)")));
  const clip = node("clipPath", { id: "inside" });
  const [inset, over] = [named ? RADIUS + 1 : 3, 2 * (named ? RADIUS + 1 : 3)];
  const size = { width: box.right - box.left + over, height: box.bottom - box.top + over };
  clip.append(node("rect", { x: box.left - inset, y: box.top - inset, ...size }));
  const drawn = node("g", { "clip-path": "url(#inside)" });
  for (const line of lines) drawn.append(...drawLine(line, at, named));
  svg.append(clip, drawn);
  if (named) svg.append(...namesOf(main, at, box, inks.text));
  legend.forEach((row, index) => svg.append(...row.map((each) => entry(each, high + index * LINE, inks.text))));
  return svg;
}

/** @param {string} tag @param {Record<string, any>} attributes @returns {any} */
function node(tag, attributes) {
  const made = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}

/** @param {string} text @param {number} x @param {number} y @param {Record<string, any>} more */
function words(text, x, y, more) {
  const made = node("text", { x: fixed(x), y: fixed(y), "font-size": 11, ...more });
  made.textContent = text;
  return made;
}

/** @param {number} value */
function fixed(value) {
  return Math.round(value * 100) / 100;
}

/** A colour that every program knows: #rrggbb. @param {string} color */
function plain(color) {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (!context) return "#000000";
  context.fillStyle = resolved(color);
  context.fillRect(0, 0, 1, 1);
  const bytes = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** @param {Axis} axis @param {number} value */
function shareOf({ from, to, log }, value) {
  return log ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
}

/**
 * Places for the lines of a grid, about so many.
 * @param {Axis} axis
 * @param {number} count
 */
export function ticksOf({ from, to, log }, count) {
  if (log) {
    const powers = Array.from({ length: 40 }, (_, index) => 10 ** (index - 20));
    const inside = (/** @type {number[]} */ all) => all.filter((value) => value >= from && value <= to);
    const whole = inside(powers);
    return whole.length > 1 ? whole : inside(powers.flatMap((power) => [power, 2 * power, 5 * power]));
  }
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((each) => each * power >= rough) ?? 10);
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

/**
 * @param {Axis} x
 * @param {Axis} y
 * @param {{left: number, top: number, right: number, bottom: number}} box
 * @param {(across: number, up: number) => Pair} at
 * @param {string} ink
 * @param {string} faint
 */
function axes(x, y, box, at, ink, faint) {
  const text = (
    /** @type {string} */ said,
    /** @type {number} */ left,
    /** @type {number} */ top,
    /** @type {any} */ more,
  ) => words(said, left, top, { fill: ink, ...more });
  const middle = { "text-anchor": "middle" };
  const nodes = ticksOf(x, Math.max(2, (box.right - box.left) / 90)).flatMap((value) => {
    const [left] = at(value, y.from);
    const line = node("path", { d: `M${fixed(left)} ${box.top}V${box.bottom}`, stroke: faint });
    return [line, text(x.text(value), left, box.bottom + 16, middle)];
  });
  for (const value of ticksOf(y, 5)) {
    const [, top] = at(x.from, value);
    nodes.push(node("path", { d: `M${box.left} ${fixed(top)}H${box.right}`, stroke: faint }));
    nodes.push(text(y.text(value), box.left - 8, top + 4, { "text-anchor": "end" }));
  }
  nodes.push(text(x.label, (box.left + box.right) / 2, box.bottom + 34, middle));
  const [left, up] = [14, (box.top + box.bottom) / 2];
  if (y.label) nodes.push(text(y.label, left, up, { ...middle, transform: `rotate(-90 ${left} ${fixed(up)})` }));
  return nodes;
}

/** @param {import("./chart.js").Line} line @param {(across: number, up: number) => Pair} at @param {boolean} named */
function drawLine(line, at, named) {
  const color = plain(line.color);
  const dim = line.faint ? 0.3 : 1;
  const nodes = bandsOf(line).map((corners) => {
    const points = corners.map(([x, y]) => at(x, y).map(fixed).join(","));
    return node("polygon", { points: points.join(" "), fill: color, "fill-opacity": 0.18 });
  });
  const path = pathOf(line, at);
  const dashes = line.dash?.length ? { "stroke-dasharray": line.dash.join(" ") } : {};
  const stroke = { fill: "none", stroke: color, "stroke-opacity": dim, "stroke-width": line.faint ? 1 : 1.75 };
  if (path.includes("L")) nodes.push(node("path", { d: path, ...stroke, "stroke-linejoin": "round", ...dashes }));
  line.y.forEach((y, place) => {
    const alone = (line.y[place - 1] ?? null) === null && (line.y[place + 1] ?? null) === null;
    if (y === null || !(line.points || alone)) return;
    const [cx, cy] = at(line.x[place], y).map(fixed);
    const dot = node("circle", { cx, cy, r: named ? RADIUS : line.faint ? 2 : 3, fill: color, "fill-opacity": dim });
    const tip = node("title", {});
    tip.textContent = line.label;
    dot.append(tip);
    nodes.push(dot);
  });
  return nodes;
}

/** @param {import("./chart.js").Line} line @param {(across: number, up: number) => Pair} at */
function pathOf({ x, y }, at) {
  let pen = "M";
  return y
    .map((value, index) => {
      if (value === null) {
        pen = "M";
        return "";
      }
      const point = at(x[index], value).map(fixed).join(" ");
      const move = pen + point;
      pen = "L";
      return move;
    })
    .join("");
}

/** Corners of the areas between a line's `low` and `high`, where it has both. @param {import("./chart.js").Line} line @returns {Pair[][]} */
export function bandsOf({ x, low, high }) {
  /** @type {Pair[][]} */
  const bands = [];
  let [there, back] = /** @type {Pair[][]} */ ([[], []]);
  for (let index = 0; index <= (low && high ? x.length : -1); index += 1) {
    const [bottom, top] = [low?.[index] ?? null, high?.[index] ?? null];
    if (bottom !== null && top !== null) {
      there.push([x[index], bottom]);
      back.unshift([x[index], top]);
    } else if (there.length) {
      bands.push([...there, ...back]);
      [there, back] = [[], []];
    }
  }
  return bands;
}

/**
 * Names beside their points, where they cover no other.
 * @param {import("./chart.js").Line[]} lines
 * @param {(across: number, up: number) => Pair} at
 * @param {{left: number, top: number, right: number, bottom: number}} box
 * @param {string} ink
 */
function namesOf(lines, at, box, ink) {
  const points = lines.flatMap(({ label, x, y }) => (y[0] === null ? [] : [{ label, at: at(x[0], y[0]) }]));
  /** @type {{left: number, right: number, top: number, bottom: number}[]} */
  const taken = points.map(({ at: [left, top] }) => around(left - RADIUS, top - RADIUS, 2 * RADIUS, 2 * RADIUS));
  return points.map(({ label, at: [left, top] }) => {
    const [wide, high, gap] = [label.length * LETTER, 12, RADIUS + 4];
    const places = [
      around(left + gap, top - high / 2, wide, high),
      around(left - gap - wide, top - high / 2, wide, high),
      around(left - wide / 2, top - gap - high, wide, high),
      around(left - wide / 2, top + gap, wide, high),
    ];
    const inside = places.filter((place) => place.left >= box.left && place.right <= box.right + MARGIN.right);
    const free = inside.find((place) => !taken.some((other) => overlap(place, other))) ?? inside[0] ?? places[0];
    taken.push(free);
    return words(label, free.left, free.bottom - 2, { fill: ink });
  });
}

/** @param {number} left @param {number} top @param {number} wide @param {number} high */
function around(left, top, wide, high) {
  return { left, right: left + wide, top, bottom: top + high };
}

/** @param {ReturnType<typeof around>} one @param {ReturnType<typeof around>} other */
function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

/** Entries with their places, as many in a row as fit. @param {import("./chart.js").Line[]} lines @param {number} wide */
function legendRows(lines, wide) {
  /** @type {{line: import("./chart.js").Line, left: number}[][]} */
  const rows = [];
  let left = Infinity;
  for (const line of lines) {
    const size = 40 + line.label.length * LETTER;
    if (left + size > wide) {
      rows.push([]);
      left = MARGIN.left;
    }
    rows[rows.length - 1].push({ line, left });
    left += size;
  }
  return rows;
}

/** @param {{line: import("./chart.js").Line, left: number}} place @param {number} top @param {string} ink */
function entry({ line, left }, top, ink) {
  const dashes = line.dash?.length ? { "stroke-dasharray": line.dash.join(" ") } : {};
  const stroke = node("path", {
    d: `M${left} ${top}H${left + 18}`,
    stroke: plain(line.color),
    "stroke-width": 3,
    ...dashes,
  });
  const both = node("g", {});
  both.append(stroke, words(line.label, left + 24, top + 4, { fill: ink }));
  return both;
}
