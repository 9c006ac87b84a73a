/** What lies under the pointer of a chart, and its words. */

import { el, span, swatch } from "../shared/elements.js";
import { format } from "./metrics.js";

const REACH = 40; // pixels from a line at which it is named
const MOST_NAMED = 11; // besides the nearest line

/**
 * @typedef {import("./chart.js").Line} Line
 * @typedef {{line: Line, x: number, y: number, value: number, at: number, distance: number}} Found x, y: pixels
 */

/** The nearest point of a line to the pointer. @param {any} plot uPlot's @param {Line[]} lines @returns {Found | null} */
export function nearest(plot, lines) {
  const { left, top } = plot.cursor;
  if (left === undefined || left < 0) return null;
  const at = plot.posToVal(left, "x");
  /** @type {Found | null} */
  let best = null;
  for (const line of lines) {
    if (line.faint) continue;
    const index = nearestIndex(line.x, at);
    const value = line.y[index];
    if (value === null || value === undefined) continue;
    const x = plot.valToPos(line.x[index], "x");
    const y = plot.valToPos(value, "y");
    const distance = Math.hypot((x - left) / 2, y - top);
    if (distance < (best?.distance ?? REACH)) best = { line, x, y, value, at: line.x[index], distance };
  }
  return best;
}

/** The line that was found, and the others beside it. @param {Found} found @param {Line[]} lines @param {(x: number) => string} xText */
export function wordsOf(found, lines, xText) {
  const others = othersAt(found, lines);
  const more = others.length - MOST_NAMED;
  return [
    el("div", {}, ...valueOf(found.line, found.value), span("dim", ` ${xText(found.at)}`)),
    ...others.slice(0, MOST_NAMED).map(({ line, value }) => el("div", { class: "dim" }, ...valueOf(line, value))),
    ...(more > 0 ? [el("div", { class: "dim", text: `and ${more} more` })] : []),
  ];
}

/** The values of the other lines there, from the top down; a line that is not there yet or any more has none. */
function othersAt(/** @type {Found} */ { line: own, at }, /** @type {Line[]} */ lines) {
  return lines
    .filter((line) => !line.faint && line !== own)
    .flatMap((line) => {
      const value = at < line.x[0] || at > line.x[line.x.length - 1] ? null : line.y[nearestIndex(line.x, at)];
      return value === null || value === undefined ? [] : [{ line, value }];
    })
    .sort((a, b) => b.value - a.value);
}

/** A line's name with a value. @param {Line} line @param {number} value */
function valueOf(line, value) {
  return [swatch(line.color), line.label, " ", el("b", { text: format(value) })];
}

/** @param {number[]} values ascending @param {number} value */
function nearestIndex(values, value) {
  let low = 0;
  let high = values.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle;
    else high = middle;
  }
  return Math.abs(values[low] - value) <= Math.abs(values[high] - value) ? low : high;
}
