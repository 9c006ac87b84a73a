/** The grids inside a report: the columns that never change once, the coloured one at every step, the newest draws. */

import { Bitmaps } from "../review/pictures.js";
import { el } from "../shared/elements.js";

export class EmbeddedGrids {
  /**
   * @param {Record<string, any>} pictures run id -> {high, wide, columns: name -> address, fakes: step -> address,
   *   draws: step -> name -> address}
   */
  constructor(pictures) {
    this.pictures = pictures;
    this.bitmaps = new Bitmaps();
    this.room = true; // strips are small
  }

  /**
   * The columns of a grid.
   * @param {import("../review/model.js").Run} run
   * @param {string} side of the validation drawings, or the draws; there are no others in a report
   * @param {number} step
   * @returns {Record<string, string | undefined>} name -> address
   */
  addresses(run, side, step) {
    const there = this.pictures[run.id];
    return (side === "draws" ? there?.draws[step] : there && { ...there.columns, fake: there.fakes[step] }) || {};
  }

  /**
   * @param {import("../review/model.js").Run} run
   * @param {string} side
   * @param {number} step
   * @param {string} column
   * @returns {import("../review/pictures.js").Strip | undefined}
   */
  peek(run, side, step, column) {
    const address = this.addresses(run, side, step)[column];
    const image = address && this.bitmaps.peek(address);
    const { high, wide } = this.pictures[run.id] || {};
    return image ? { image, x: 0, y: 0, wide, high, pitch: high, rows: image.height / high } : undefined;
  }

  /** @param {import("../review/model.js").Run} run @param {string} side @param {number} step */
  async load(run, side, step) {
    const addresses = Object.values(this.addresses(run, side, step)).filter((address) => address !== undefined);
    await Promise.all(addresses.map((address) => this.bitmaps.get(address)));
  }

  /**
   * A column on paper.
   * @param {import("../review/model.js").Run} run
   * @param {string} side
   * @param {number} step
   * @param {string} column
   * @param {{alt: string}} attributes of the picture
   */
  printed(run, side, step, column, { alt }) {
    return el("img", { src: this.addresses(run, side, step)[column], alt });
  }
  /** Names of the columns of a grid of draws. @param {import("../review/model.js").Run} run */
  drawn(run) {
    const [draws] = Object.values(this.pictures[run.id].draws);
    return Object.keys(draws);
  }
}
