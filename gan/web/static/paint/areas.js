/** The closed areas of a drawing: which one is under the pointer, and its shape. The server is asked once a drawing. */

import { areasOf } from "./api.js";

const INSIDE = 0.3;
const RIM = 0.85;

/**
 * @typedef {import("./main.js").State} State
 * @typedef {[left: number, top: number, right: number, bottom: number]} Box
 * @typedef {{width: number, height: number, label: Uint32Array, boxes: Map<number, Box>}} AreaMap label: the number of
 *   each pixel's area, row by row, in the size at which the drawing is shown. boxes: the pixels that an area reaches to.
 */

export class Areas {
  /** @param {import("./paper.js").Uploads} uploads @param {() => void} come the areas of a drawing have come */
  constructor(uploads, come) {
    this.uploads = uploads;
    this.come = come;
    /** @type {WeakMap<import("./paper.js").Line[], AreaMap | null>} null: on their way. Lines are of one sheet alone. */
    this.maps = new WeakMap();
    this.shape = { key: "", map: /** @type {AreaMap | null} */ (null), canvas: new OffscreenCanvas(1, 1) };
  }

  /** Ask for those of a drawing, once. @param {State} state */
  async want({ sheet, lines }) {
    if (this.maps.has(lines)) return;
    this.maps.set(lines, null);
    try {
      const { drawing, shown } = await this.uploads.get(sheet, lines);
      this.maps.set(lines, mapOf(await areasOf(drawing), shown.width, shown.height));
      this.come();
    } catch {
      this.maps.delete(lines); // whoever wants colours is told why; this is asked for again with the next stroke
    }
  }

  /** The area at a place of the drawing; 0 where it is not known. @param {State} state @param {{x: number, y: number}} place */
  at({ sheet, lines }, place) {
    const map = this.maps.get(lines);
    if (!map) return 0;
    const x = Math.floor(((place.x + 0.5) * map.width) / sheet.width);
    const y = Math.floor(((place.y + 0.5) * map.height) / sheet.height);
    return map.label[Math.min(y, map.height - 1) * map.width + Math.min(x, map.width - 1)];
  }

  /**
   * An area on a canvas that shows the drawing: a veil of a colour, and a rim.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {State} state
   * @param {number} area
   * @param {string} color #rrggbb
   * @param {number} scale from pixels of the drawing to those of the canvas
   */
  draw(context, { sheet, lines }, area, color, scale) {
    const map = this.maps.get(lines);
    const box = map?.boxes.get(area);
    if (!map || !box) return;
    const key = `${area}${color}`;
    if (this.shape.map !== map || this.shape.key !== key) {
      this.shape = { key, map, canvas: shapeOf(map, area, box, color) };
    }
    const [right, down] = [(sheet.width / map.width) * scale, (sheet.height / map.height) * scale];
    const { canvas } = this.shape;
    context.imageSmoothingEnabled = false;
    context.drawImage(canvas, box[0] * right, box[1] * down, canvas.width * right, canvas.height * down);
  }
}

/** @param {Uint32Array} label @param {number} width @param {number} height @returns {AreaMap} */
function mapOf(label, width, height) {
  /** @type {Map<number, Box>} */
  const boxes = new Map();
  let place = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, place += 1) {
      const box = boxes.get(label[place]);
      if (!box) boxes.set(label[place], [x, y, x, y]);
      else {
        if (x < box[0]) box[0] = x;
        if (x > box[2]) box[2] = x;
        box[3] = y;
      }
    }
  }
  return { width, height, label, boxes };
}

/** @param {AreaMap} map @param {number} area @param {Box} box @param {string} color */
function shapeOf({ width, height, label }, area, [left, top, right, bottom], color) {
  const canvas = new OffscreenCanvas(right - left + 1, bottom - top + 1);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const code = parseInt(color.slice(1), 16);
  const tint = (code >> 16) | (code & 0xff00) | ((code & 0xff) << 16); // red is the lowest byte
  const [inside, rim] = [INSIDE, RIM].map((opacity) => (tint | (Math.round(255 * opacity) << 24)) >>> 0);
  for (let y = top, to = 0; y <= bottom; y += 1) {
    for (let x = left, from = y * width + left; x <= right; x += 1, from += 1, to += 1) {
      if (label[from] !== area) continue;
      const ends =
        (x > 0 && label[from - 1] !== area) ||
        (x < width - 1 && label[from + 1] !== area) ||
        (y > 0 && label[from - width] !== area) ||
        (y < height - 1 && label[from + width] !== area);
      pixels[to] = ends ? rim : inside;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
