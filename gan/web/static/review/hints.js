/** Metrics over the number of hints: a line a run, the closed form dashed. */

import { Chart } from "./chart.js";
import { colorsOf, onScheme } from "./colors.js";
import { choice, el } from "../shared/elements.js";
import { betterWords, shownAt } from "./metrics.js";

const SHOWN = 4;
const HEIGHT = 200;

export class Hints {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node is hidden where no chosen run has a curve */
  constructor(model, node) {
    this.model = model;
    this.node = node;
    this.split = "";
    this.tools = el("div", { class: "toolbar" });
    this.place = el("div", { class: "charts" });
    /** @type {Map<string, {chart: Chart, node: HTMLElement}>} */
    this.charts = new Map();
    node.append(this.tools, this.place);
    model.on(["chosen", "details"], () => this.#show());
    onScheme(() => this.charts.forEach(({ chart }) => chart.restyle()));
    this.#show();
  }

  #show() {
    const runs = this.model.chosen;
    const splits = [...new Set(runs.flatMap((run) => Object.keys(run.details?.hints || {})))].sort();
    this.node.hidden = !splits.length;
    if (!splits.length) return;
    const split = splits.includes(this.split) ? this.split : splits.includes("test") ? "test" : splits[0];
    const options = Object.fromEntries(splits.map((name) => [name, splitWords(name)]));
    this.tools.replaceChildren(
      choice("Pictures", options, split, (name) => {
        this.split = name;
        this.#show();
      }),
      el("span", { class: "dim", text: "Dashed: the L1 optimum given the same hints." }),
    );
    const there = shownAt("page_hints").filter((name) =>
      runs.some((run) => points(run.details?.hints[split]?.hints, name).x.length > 1),
    );
    for (const [name, { chart, node }] of this.charts) {
      if (there.slice(0, SHOWN).includes(name)) continue;
      chart.destroy();
      node.remove();
      this.charts.delete(name);
    }
    for (const name of there.slice(0, SHOWN)) this.#chart(name).show(this.#lines(name, split));
  }

  #chart(/** @type {string} */ name) {
    let there = this.charts.get(name);
    if (!there) {
      const way = betterWords(name);
      const stage = el("div", { class: "chart" });
      const heading = el(
        "h3",
        {},
        `${name} by number of hints`,
        way ? el("span", { class: "dim", text: ` ${way}` }) : null,
      );
      const node = el("figure", { class: "panel chart-panel", data: { hints: name } }, heading, stage);
      const xText = (/** @type {number} */ count) => `${count} ${count === 1 ? "hint" : "hints"}`;
      this.place.append(node);
      there = { node, chart: new Chart(stage, { log: false, xText, xTicks: String, whole: true, height: HEIGHT }) };
      this.charts.set(name, there);
    }
    return there.chart;
  }

  /** @returns {import("./chart.js").Line[]} */
  #lines(/** @type {string} */ name, /** @type {string} */ split) {
    const colors = colorsOf(this.model.chosen);
    const lines = new Map();
    for (const run of this.model.chosen) {
      const curve = run.details?.hints[split];
      const own = points(curve?.hints, name);
      if (own.x.length)
        lines.set(run.id, { id: run.id, label: run.label, color: colors.get(run.id) || "", points: true, ...own });
      const closed = points(median(curve?.closed_forms), name);
      const key = `closed ${JSON.stringify(closed)}`; // the same for all runs on the same pictures
      if (closed.x.length)
        lines.set(key, { id: key, label: "L1 optimum", color: "var(--text-dim)", dash: true, ...closed });
    }
    return [...lines.values()];
  }
}

/** @param {string} split as in hints-<split>.json */
function splitWords(split) {
  const [side, ...more] = split.split("-");
  return [
    { val: "validation pictures", test: "test pictures", train: "training pictures" }[side] || side,
    ...more,
  ].join(", ");
}

/** @param {any} forms number of hints -> form -> metrics */
function median(forms) {
  return Object.fromEntries(
    Object.entries(forms || {}).map(([count, each]) => [count, /** @type {any} */ (each)?.median]),
  );
}

/** @param {any} curve number of hints -> metrics @param {string} name */
function points(curve, name) {
  const there = Object.entries(curve || {})
    .map(([count, metrics]) => [Number(count), /** @type {any} */ (metrics)?.[name]])
    .filter(([count, value]) => Number.isFinite(count) && typeof value === "number")
    .sort((a, b) => a[0] - b[0]);
  return { x: there.map(([count]) => count), y: there.map(([, value]) => value) };
}
