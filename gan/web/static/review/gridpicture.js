/** The grids that are shown as one picture, with the names of the runs and of the columns. */

import { resolved } from "./colors.js";
import { drawCell } from "./panel.js";

const CELLS = [128, 96, 64, 32]; // width of a drawing in pixels; the first at which a picture is not too large
const MOST_HIGH = 12000; // of a picture; browsers refuse more than 16,384
const MOST_WIDE = 2600; // of several panels beside each other
const TITLE = 22;
const NAMES = 18;
const GAP = 16;

/**
 * @typedef {import("./panel.js").Layout} Layout
 * @typedef {{title: string, names: string[], layout: Layout, strip: (column: string) => import("./pictures.js").Strip | undefined}} Part
 *   names: of its columns, where they lie beside each other
 */

/** @param {Part[]} parts @param {{scale: number, x: number, y: number}} view @returns {HTMLCanvasElement} */
export function gridPicture(parts, view) {
  const sizes = CELLS.map((cell) => placed(parts, cell));
  const { places, wide, high, cell } = sizes.find((size) => size.high <= MOST_HIGH) ?? sizes[sizes.length - 1];
  const canvas = Object.assign(document.createElement("canvas"), { width: wide, height: Math.min(high, 16384) });
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.fillStyle = resolved("var(--surface)");
  context.fillRect(0, 0, canvas.width, canvas.height);
  parts.forEach((part, index) => drawPart(context, part, places[index], cell, view));
  return canvas;
}

/** Where the parts go, line by line. @param {Part[]} parts @param {number} cell */
function placed(parts, cell) {
  let [left, top, line, wide] = [GAP, GAP, 0, 0];
  const places = parts.map(({ layout, names }) => {
    const size = [layout.wide * cell, layout.high * cell * layout.tall + TITLE + (names.length ? NAMES : 0)];
    if (left > GAP && left + size[0] + GAP > MOST_WIDE) [left, top, line] = [GAP, top + line + GAP, 0];
    const place = { left, top };
    left += size[0] + GAP;
    line = Math.max(line, size[1]);
    wide = Math.max(wide, left);
    return place;
  });
  return { places, wide: Math.ceil(wide), high: Math.ceil(top + line + GAP), cell };
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Part} part
 * @param {{left: number, top: number}} place
 * @param {number} cell
 * @param {{scale: number, x: number, y: number}} view
 */
function drawPart(context, { title, names, layout, strip }, { left, top }, cell, view) {
  context.fillStyle = resolved("var(--text)");
  context.font = "600 14px system-ui, sans-serif";
  context.textAlign = "left";
  context.fillText(title, left, top + 14, layout.wide * cell);
  context.font = "12px system-ui, sans-serif";
  context.textAlign = "center";
  names.forEach((name, index) => context.fillText(name, left + (index + 0.5) * cell, top + TITLE + 12, cell));
  const first = top + TITLE + (names.length ? NAMES : 0);
  const high = cell * layout.tall;
  for (const { column, row, at, down } of layout.cells) {
    const from = strip(column);
    if (!from || row >= from.rows) continue;
    drawCell(context, from, row, left + at * cell + 1, first + down * high + 1, cell - 2, high - 2, view);
  }
}
