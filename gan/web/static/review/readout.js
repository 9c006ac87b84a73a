/** The value under the pointer: position, colours, and how far each answer is from its truth there. */

import { ciede2000, labOf } from "./cielab.js";
import { el, span, swatch } from "../shared/elements.js";

/**
 * @typedef {import("./pictures.js").Strip} Strip
 * @typedef {{name: string, strip: Strip | undefined, truth: Strip | undefined, row: number}} Side truth: where the side
 *   is an answer
 */

const point = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });

/** RGB of 0..255 at shares of a drawing. @param {Strip} strip @param {number} row @param {number} x @param {number} y */
export function colorAt(strip, row, x, y) {
  const [left, top] = [Math.floor(x * strip.wide), Math.floor(y * strip.high)];
  point?.drawImage(strip.image, strip.x + left, strip.y + row * strip.pitch + top, 1, 1, 0, 0, 1, 1);
  return [...(point?.getImageData(0, 0, 1, 1).data ?? [0, 0, 0])].slice(0, 3);
}

/** @param {number[]} rgb */
export function hexOf(rgb) {
  return `#${rgb.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

export class Readout {
  constructor() {
    this.node = el("output", { class: "readout dim" });
    this.show(null, []);
  }

  /**
   * @param {{x: number, y: number, wide: number, high: number} | null} at shares of a drawing of so many pixels
   * @param {Side[]} sides
   */
  show(at, sides) {
    if (!at) {
      const how = "Point at the picture, or move by its arrow keys: position, colours, and CIEDE2000 to the truth.";
      this.node.replaceChildren(how);
      return;
    }
    const place = `x ${Math.floor(at.x * at.wide)}, y ${Math.floor(at.y * at.high)}`;
    const values = sides.flatMap((side) => (side.strip ? [valueOf(side, side.strip, at.x, at.y)] : []));
    this.node.replaceChildren(span("readout-place", place), ...values);
  }
}

/** @param {Side} side @param {Strip} strip @param {number} x @param {number} y */
function valueOf({ name, truth, row }, strip, x, y) {
  const color = colorAt(strip, row, x, y);
  const parts = [swatch(hexOf(color)), `${name} `, el("b", { text: hexOf(color) })];
  if (truth) {
    const right = colorAt(truth, row, x, y);
    const far = ciede2000(labOf(color), labOf(right)).toFixed(1);
    parts.push(", truth ", swatch(hexOf(right)), el("b", { text: hexOf(right) }), `, CIEDE2000 ${far}`);
  }
  return el("span", {}, ...parts);
}
