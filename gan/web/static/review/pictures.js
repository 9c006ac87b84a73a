/**
 * Sample grids as decoded bitmaps, a bounded number of them, and where in one a column of drawings lies.
 *
 * @typedef {{image: ImageBitmap | OffscreenCanvas, x: number, y: number, wide: number, high: number, pitch: number, rows: number}} Strip
 *   one column of drawings: row r is the rectangle of `wide` x `high` pixels at (x, y + r * pitch)
 */

import { differenceOf } from "./difference.js";
import { el } from "../shared/elements.js";
import { tallOf } from "./model.js";

const MOST_BYTES = 256 << 20;

/**
 * A column of a grid; the differences between two of them are made from those.
 * @param {(column: string) => Strip | undefined} peek
 * @param {string} column
 */
export function columnOf(peek, column) {
  if (column !== "difference") return peek(column);
  const [answer, truth] = [peek("fake"), peek("color")];
  return answer && truth && differenceOf(answer, truth);
}

/** Decoded pictures by address; the ones that were not asked for the longest go first. */
export class Bitmaps {
  constructor() {
    /** @type {Map<string, ImageBitmap>} */
    this.ready = new Map();
    /** @type {Map<string, Promise<ImageBitmap | null>>} */
    this.coming = new Map();
    this.bytes = 0;
  }

  /** @param {string} address @returns {ImageBitmap | undefined} */
  peek(address) {
    const bitmap = this.ready.get(address);
    if (bitmap) {
      this.ready.delete(address);
      this.ready.set(address, bitmap); // now the newest
    }
    return bitmap;
  }

  /** @param {string} address @returns {Promise<ImageBitmap | null>} null where there is no such picture (any more) */
  get(address) {
    const bitmap = this.peek(address);
    if (bitmap) return Promise.resolve(bitmap);
    let coming = this.coming.get(address);
    if (!coming) {
      coming = this.#load(address).finally(() => this.coming.delete(address));
      this.coming.set(address, coming);
    }
    return coming;
  }

  /** @param {string} address */
  async #load(address) {
    try {
      const answer = await fetch(address);
      if (!answer.ok) return null; // deleted meanwhile
      const bitmap = await createImageBitmap(await answer.blob());
      this.#keep(address, bitmap);
      return bitmap;
    } catch {
      return null; // no picture, or the server is gone, which the list says
    }
  }

  /** @param {string} address @param {ImageBitmap} bitmap */
  #keep(address, bitmap) {
    this.ready.set(address, bitmap);
    this.bytes += bitmap.width * bitmap.height * 4;
    for (const [oldest, old] of this.ready) {
      if (this.bytes <= MOST_BYTES || oldest === address) break;
      this.bytes -= old.width * old.height * 4;
      this.ready.delete(oldest);
      old.close();
    }
  }
}

/** The grids of runs on the server. */
export class ServedGrids {
  constructor() {
    this.bitmaps = new Bitmaps();
    /** Of a grid, from the server (gan/grid.py). */
    this.layout = { columns: [""], draws: [""], heading: 0, padding: 0 };
  }

  /** @returns {boolean} whether more may be decoded before it is asked for */
  get room() {
    return this.bitmaps.bytes < 0.75 * MOST_BYTES;
  }

  /** @param {import("./model.js").Run} run @param {string} side @param {number} step */
  #address(run, side, step) {
    const changed = run.details?.samples[side]?.find(([each]) => each === step)?.[1];
    const name = `${String(step).padStart(6, "0")}${side === "val" ? "" : `-${side}`}.png`;
    return `/samples/${name}?run=${encodeURIComponent(run.id)}&v=${changed}`;
  }

  /**
   * @param {import("./model.js").Run} run
   * @param {string} side
   * @param {number} step one of the run's own
   * @param {string} column
   * @returns {Strip | undefined} undefined until `load` has been waited for
   */
  peek(run, side, step, column) {
    const image = this.bitmaps.peek(this.#address(run, side, step));
    return image && { image, ...this.#place(run, side, column, image.width, image.height) };
  }

  /**
   * Where a column lies in a grid of that size.
   * @param {import("./model.js").Run} run
   * @param {string} side
   * @param {string} column
   * @param {number} width
   * @param {number} height
   */
  #place(run, side, column, width, height) {
    const { heading, padding } = this.layout;
    const columns = side === "draws" ? this.layout.draws : this.layout.columns;
    const across = (width - padding) / columns.length;
    const wide = across - padding;
    const high = Math.round(wide * tallOf(run));
    const rows = Math.floor((height - heading - padding) / (high + padding));
    const x = padding + columns.indexOf(column) * across;
    return { x, y: heading + padding, wide, high, pitch: high + padding, rows };
  }

  /**
   * A column on paper: the whole grid behind a window.
   * @param {import("./model.js").Run} run
   * @param {string} side
   * @param {number} step
   * @param {string} column
   * @param {{alt: string, loading: string}} attributes of the picture
   */
  printed(run, side, step, column, attributes) {
    const image = el("img", attributes);
    const frame = el("div", { class: "cut" }, image);
    image.addEventListener("load", () => {
      const { naturalWidth: width, naturalHeight: height } = image;
      const { x, y, wide, pitch, rows } = this.#place(run, side, column, width, height);
      const high = rows * pitch;
      const percent = (/** @type {number} */ share) => `${100 * share}%`;
      frame.style.setProperty("--shape", `${wide} / ${high}`);
      frame.style.setProperty("--width", percent(width / wide));
      frame.style.setProperty("--left", percent(-x / wide));
      frame.style.setProperty("--top", percent(-y / high));
    });
    image.src = this.#address(run, side, step);
    return frame;
  }

  /** Names of the columns of a grid of draws. */
  drawn() {
    return this.layout.draws;
  }

  /** @param {import("./model.js").Run} run @param {string} side @param {number} step */
  async load(run, side, step) {
    await this.bitmaps.get(this.#address(run, side, step));
  }
  /** @param {import("./model.js").Run} run @param {string} name of pictures that were kept one by one */
  #sheet(run, name) {
    return `/pictures/pictures-${name}.png?run=${encodeURIComponent(run.id)}&v=${run.details?.kept[name]?.changed}`;
  }

  /**
   * A column of the pictures that were kept one by one.
   * @param {import("./model.js").Run} run
   * @param {string} name
   * @param {string} column
   * @returns {Strip | undefined} undefined until `loadKept` has been waited for, and where there is none
   */
  peekKept(run, name, column) {
    const image = this.bitmaps.peek(this.#sheet(run, name));
    const index = run.details?.kept[name];
    if (!image || !index?.columns.includes(column)) return undefined;
    const [high, wide] = index.shape;
    return { image, x: index.columns.indexOf(column) * wide, y: 0, wide, high, pitch: high, rows: index.keys.length };
  }

  /** @param {import("./model.js").Run} run @param {string} name */
  async loadKept(run, name) {
    await this.bitmaps.get(this.#sheet(run, name));
  }
}
