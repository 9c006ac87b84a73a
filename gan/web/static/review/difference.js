/** Where an answer differs from the truth: one number a pixel, as a colour. */

import { el, span } from "../shared/elements.js";

/** @typedef {import("./pictures.js").Strip} Strip */

const MOST = 0.5; // of the range of a channel; a larger difference is as bright
/** From no difference to the greatest, in equal steps of lightness: seven colours of matplotlib's magma (CC0). */
const STOPS = ["#000004", "#2c105c", "#711f81", "#b63679", "#ee605e", "#fdae78", "#fcfdbf"];
const LEVELS = 256;
/** @type {WeakMap<ImageBitmap | OffscreenCanvas, Strip>} picture with the answers -> differences of all of them */
const made = new WeakMap();

/**
 * The mean of |answer - truth| over R, G and B, of a column of drawings; its mean over a drawing is the MAE.
 * @param {Strip} answer
 * @param {Strip} truth
 * @returns {Strip}
 */
export function differenceOf(answer, truth) {
  const there = made.get(answer.image);
  if (there) return there;
  const [wide, high] = [answer.wide, answer.high * answer.rows];
  const image = new OffscreenCanvas(wide, high);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (image.getContext("2d"));
  const [one, other] = [pixelsOf(answer), pixelsOf(truth)];
  const colors = ramp();
  const values = new ImageData(wide, high);
  const shown = new Uint32Array(values.data.buffer);
  for (let at = 0; at < shown.length; at += 1) {
    const first = 4 * at;
    let sum = 0;
    for (let channel = first; channel < first + 3; channel += 1) sum += Math.abs(one[channel] - other[channel]);
    shown[at] = colors[Math.min(LEVELS - 1, Math.round((sum / 765 / MOST) * (LEVELS - 1)))];
  }
  context.putImageData(values, 0, 0);
  const strip = { image, x: 0, y: 0, wide, high: answer.high, pitch: answer.high, rows: answer.rows };
  made.set(answer.image, strip);
  return strip;
}

/** RGBA of the drawings of a column, one below the other. @param {Strip} strip */
function pixelsOf({ image, x, y, wide, high, pitch, rows }) {
  const options = { willReadFrequently: true };
  const canvas = new OffscreenCanvas(wide, high * rows);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", options));
  for (let row = 0; row < rows; row += 1) {
    context.drawImage(image, x, y + row * pitch, wide, high, 0, row * high, wide, high);
  }
  return context.getImageData(0, 0, wide, high * rows).data;
}

/** The colours of the scale as the words of a picture's memory: in every browser's, red is the lowest byte. */
function ramp() {
  return Uint32Array.from({ length: LEVELS }, (_, level) => {
    const at = (level / (LEVELS - 1)) * (STOPS.length - 1);
    const from = Math.min(STOPS.length - 2, Math.floor(at));
    const [low, high] = [STOPS[from], STOPS[from + 1]].map((stop) => parseInt(stop.slice(1), 16));
    const part = (/** @type {number} */ shift) => {
      const [a, b] = [(low >> shift) & 255, (high >> shift) & 255];
      return Math.round(a + (at - from) * (b - a));
    };
    return ((255 << 24) | (part(0) << 16) | (part(8) << 8) | part(16)) >>> 0;
  });
}

/** What its colours mean. */
export function differenceScale() {
  const bar = el("span", { class: "scale-bar", css: { "--ramp": STOPS.join(", ") }, "aria-hidden": "true" });
  const words = `Difference: |answer − truth|, mean of R, G and B, from 0 (dark) to ${MOST} or more of the range (bright)`;
  return el("p", { class: "difference-scale dim" }, span("", "0"), bar, span("", `≥ ${MOST}`), span("", words));
}
