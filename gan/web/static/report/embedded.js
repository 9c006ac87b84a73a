/** The grids inside a report: the columns that never change once, and the coloured one at every step. */

import { Bitmaps } from "../review/pictures.js";

export class EmbeddedGrids {
  /** @param {Record<string, any>} pictures run id -> {rows, high, wide, columns: name -> address, fakes: step -> address} */
  constructor(pictures) {
    this.pictures = pictures;
    this.bitmaps = new Bitmaps();
    this.room = true; // strips are small
  }

  /** @param {import("../review/model.js").Run} run @param {number} step @param {string} column */
  #address(run, step, column) {
    const there = this.pictures[run.id];
    return column === "fake" ? there?.fakes[step] : there?.columns[column];
  }

  /**
   * @param {import("../review/model.js").Run} run
   * @param {string} _side the report holds validation drawings alone
   * @param {number} step
   * @param {string} column
   * @returns {import("../review/pictures.js").Strip | undefined}
   */
  peek(run, _side, step, column) {
    const address = this.#address(run, step, column);
    const image = address && this.bitmaps.peek(address);
    const { rows, high, wide } = this.pictures[run.id] || {};
    return image ? { image, x: 0, y: 0, wide, high, pitch: high, rows } : undefined;
  }

  /** @param {import("../review/model.js").Run} run @param {string} _side @param {number} step */
  async load(run, _side, step) {
    const columns = ["fake", ...Object.keys(this.pictures[run.id]?.columns || {})];
    const addresses = columns.map((column) => this.#address(run, step, column)).filter(Boolean);
    await Promise.all(addresses.map((address) => this.bitmaps.get(address)));
  }
}
