/** Charts in panels of their own, each with its heading and with buttons that save it. */

import { Chart } from "./chart.js";
import { onScheme } from "./colors.js";
import { el, span } from "../shared/elements.js";
import { betterWords } from "./metrics.js";
import { svgButtons } from "./save.js";

/** @typedef {import("./chart.js").Options} Options */

/** Charts by the name of their metric, each in a panel of its own. */
export class ChartPanels {
  constructor() {
    this.place = el("div", { class: "charts" });
    /** @type {Map<string, {chart: Chart, panel: HTMLElement}>} */
    this.there = new Map();
    onScheme(() => this.each((chart) => chart.restyle()));
  }

  /** @param {(chart: Chart) => void} act */
  each(act) {
    for (const { chart } of this.there.values()) act(chart);
  }

  /** Take away the others. @param {string[]} names */
  keep(names) {
    for (const [name, { chart, panel }] of this.there) {
      if (names.includes(name)) continue;
      chart.destroy();
      panel.remove();
      this.there.delete(name);
    }
  }

  /**
   * The chart of a metric, made where there is none yet, as the last in the page.
   * @param {string} name
   * @param {string} title
   * @param {Options} options
   * @param {Record<string, string>} data of the panel
   * @param {...Node} more in the panel's head
   * @returns {Chart}
   */
  get(name, title, options, data, ...more) {
    let there = this.there.get(name);
    if (!there) {
      const stage = el("div", { class: "chart" });
      const way = betterWords(name);
      const heading = el("h3", {}, title, way && span("dim", ` ${way}`));
      const chart = new Chart(stage, { ...options, title });
      const saves = svgButtons(title, () => chart.draw());
      const panel = el("figure", { class: "panel chart-panel", data }, heading, saves, ...more, stage);
      there = { panel, chart };
      this.there.set(name, there);
    }
    this.place.append(there.panel);
    return there.chart;
  }
}
