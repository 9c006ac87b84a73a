/** The closed areas of a drawing: which one is under the pointer, and its shape. The server is asked once a drawing. */

import { areasOf } from "./api.js";

/** Opacity of the veil, and of the rim, which is white: areas meet under the ink. */
const INSIDE = 0.3;
const RIM = 0.85;
const MOST_SHAPES = 12;
const WHITE = 0xffffff;

/**
 * @typedef {import("./main.js").State} State
 * @typedef {import("./strokes.js").Size} Size
 * @typedef {[left: number, top: number, right: number, bottom: number]} Box
 * @typedef {{width: number, height: number, label: Uint32Array, paper: Uint8Array, boxes: Map<number, Box>, outer: Set<number>}} AreaMap
 *   label: the number of each pixel's area, row by row, in the size at which the drawing is shown. paper: 1 where no ink
 *   is: a hint on ink alone fills nothing. boxes: the pixels that an area reaches to. outer: the areas whose paper reaches the edge.
 */

export class Areas {
  /** @param {import("./paper.js").Uploads} uploads @param {() => void} come the areas of a drawing have come */
  constructor(uploads, come) {
    this.uploads = uploads;
    this.come = come;
    /** @type {WeakMap<import("./paper.js").Line[], AreaMap | null>} null: on their way. Lines are of one sheet alone. */
    this.maps = new WeakMap();
    /** @type {{map: AreaMap | null, canvases: Map<string, OffscreenCanvas>}} what was drawn last */
    this.shapes = { map: null, canvases: new Map() };
    /** What `background` answered last. */
    this.outside = {
      map: /** @type {AreaMap | null | undefined} */ (null),
      strokes: /** @type {import("./strokes.js").Stroke[]} */ ([]),
      exact: false,
      areas: /** @type {Set<number>} */ (new Set()),
    };
    /** @type {{map: AreaMap | null, key: string, canvas: OffscreenCanvas | null}} the squares that were drawn last */
    this.clear = { map: null, key: "", canvas: null };
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
    return map ? map.label[pixelOf(map, sheet, place.x, place.y)] : 0;
  }

  /**
   * The largest radius, in whole pixels of the drawing, at which a disc around a place stays in the area of its middle.
   *
   * @param {State} state @param {{x: number, y: number}} place @param {number} most returned where areas are not known
   */
  room({ sheet, lines }, place, most) {
    const map = this.maps.get(lines);
    if (!map) return most;
    const { width, height, label } = map;
    const size = sheet.width / width; // of the map's pixels
    const [x, y] = [Math.floor((place.x + 0.5) / size), Math.floor((place.y + 0.5) / size)];
    const reach = Math.ceil(most / size) + 1;
    const area = label[y * width + x];
    let least = reach * reach;
    for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row += 1) {
      for (let column = Math.max(0, x - reach); column <= Math.min(width - 1, x + reach); column += 1) {
        if (label[row * width + column] !== area) least = Math.min(least, (row - y) ** 2 + (column - x) ** 2);
      }
    }
    const free = size === 1 ? Math.ceil(Math.sqrt(least)) - 1 : Math.floor((Math.sqrt(least) - 1) * size);
    return Math.min(most, Math.max(0, free));
  }

  /** The areas that a disc fills: where it lies on paper. @param {State} state @param {import("./strokes.js").Dab} dab */
  under({ sheet, lines }, { x, y, radius }) {
    const map = this.maps.get(lines);
    /** @type {Set<number>} */
    const found = new Set();
    if (!map) return found;
    const whole = Math.round(radius ?? 0);
    for (let row = Math.max(0, y - whole); row <= Math.min(sheet.height - 1, y + whole); row += 1) {
      const half = Math.floor(Math.sqrt(whole * whole - (row - y) ** 2));
      for (let column = Math.max(0, x - half); column <= Math.min(sheet.width - 1, x + half); column += 1) {
        const pixel = pixelOf(map, sheet, column, row);
        if (map.paper[pixel]) found.add(map.label[pixel]);
      }
    }
    return found;
  }

  /**
   * The background, which `gan.colorize.layers` leaves out: areas of paper at the drawing's edge that hold no hint.
   *
   * @param {State} state @param {boolean} exact whether a hint is all that is painted, and not its middle alone
   */
  background(state, exact) {
    const map = this.maps.get(state.lines);
    const known = this.outside;
    if (known.map === map && known.strokes === state.strokes && known.exact === exact) return known.areas;
    const areas = new Set(map?.outer);
    for (const dab of areas.size ? state.strokes.flatMap(({ dabs }) => dabs) : []) {
      if (exact && dab.radius === null) areas.delete(this.at(state, dab));
      else for (const area of this.under(state, exact ? dab : { ...dab, radius: 0 })) areas.delete(area);
    }
    this.outside = { map, strokes: state.strokes, exact, areas };
    return areas;
  }

  /** Squares in the place of areas that are left out. @param {CanvasRenderingContext2D} context @param {State} state @param {Set<number>} areas @param {number} scale */
  drawClear(context, { sheet, lines }, areas, scale) {
    const map = this.maps.get(lines);
    if (!map || areas.size === 0) return;
    const key = [...areas].join(" ");
    if (this.clear.map !== map || this.clear.key !== key) this.clear = { map, key, canvas: squaresOf(map, areas) };
    context.imageSmoothingEnabled = false;
    if (this.clear.canvas) context.drawImage(this.clear.canvas, 0, 0, sheet.width * scale, sheet.height * scale);
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
    if (this.shapes.map !== map || this.shapes.canvases.size > MOST_SHAPES) this.shapes = { map, canvases: new Map() };
    const canvas = this.shapes.canvases.get(key) ?? shapeOf(map, area, box, color);
    this.shapes.canvases.set(key, canvas);
    const [right, down] = [(sheet.width / map.width) * scale, (sheet.height / map.height) * scale];
    context.imageSmoothingEnabled = false;
    context.drawImage(canvas, box[0] * right, box[1] * down, canvas.width * right, canvas.height * down);
  }
}

/** The map's pixel at a place of the drawing. @param {AreaMap} map @param {Size} sheet @param {number} x @param {number} y */
function pixelOf({ width, height }, sheet, x, y) {
  const column = Math.floor(((x + 0.5) * width) / sheet.width);
  const row = Math.floor(((y + 0.5) * height) / sheet.height);
  return Math.min(row, height - 1) * width + Math.min(column, width - 1);
}

/** @param {Uint32Array} told as the server has it @param {number} width @param {number} height @returns {AreaMap} */
function mapOf(told, width, height) {
  const label = told.map((value) => value >>> 1);
  const paper = Uint8Array.from(told, (value) => value & 1);
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
  /** @type {Set<number>} */
  const outer = new Set();
  label.forEach((area, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    if (paper[at] && (x === 0 || y === 0 || x === width - 1 || y === height - 1)) outer.add(area);
  });
  return { width, height, label, paper, boxes, outer };
}

/** @param {AreaMap} map @param {Set<number>} areas */
function squaresOf({ width, height, label, paper }, areas) {
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const size = Math.max(2, Math.round(Math.max(width, height) / 64));
  label.forEach((area, at) => {
    if (!paper[at] || !areas.has(area)) return;
    const odd = (Math.floor((at % width) / size) + Math.floor(at / width / size)) % 2;
    pixels[at] = odd ? 0xffd8d8d8 : 0xffffffff;
  });
  context.putImageData(image, 0, 0);
  return canvas;
}

/** @param {AreaMap} map @param {number} area @param {Box} box @param {string} color */
function shapeOf({ width, height, label }, area, [left, top, right, bottom], color) {
  const canvas = new OffscreenCanvas(right - left + 1, bottom - top + 1);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  const code = parseInt(color.slice(1), 16);
  const tint = (code >> 16) | (code & 0xff00) | ((code & 0xff) << 16); // red is the lowest byte
  const [inside, rim] = [
    [tint, INSIDE],
    [WHITE, RIM],
  ].map(([paint, opacity]) => (paint | (Math.round(255 * opacity) << 24)) >>> 0);
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
