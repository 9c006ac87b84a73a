/** Curves of any metric of the chosen runs: a chart a metric, linked to the slider of the grids. */

import { ChartPanels } from "./chart.js";
import { colorsOf } from "./colors.js";
import { button, checkbox, choice, el, empty, segments, swatch } from "../shared/elements.js";
import { duration, firstCurves, inOrder, whole } from "./metrics.js";

const CHARTS = 4;
const HEIGHT = 210;
const AXES = { step: "Step", time: "Time" };

export class Curves {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node */
  constructor(model, node) {
    this.model = model;
    this.charts = new ChartPanels();
    /** @type {string | null} what is shown already */
    this.offered = null;
    this.named = "";
    this.place = this.charts.place;
    this.picker = el("span");
    this.legend = el("ul", { class: "legend", "aria-label": "Chosen runs" });
    node.append(this.#toolbar(), this.legend, this.place);
    model.on(["chosen", "series", "metrics", "log", "smoothing", "axis"], () => this.#show());
    model.on(["step", "axis"], () => this.#mark());
    this.#show();
  }

  /** @returns {string[]} the metrics that are drawn */
  get metrics() {
    return this.model.state.metrics ?? firstCurves(this.model.metricNames, CHARTS);
  }

  #toolbar() {
    const { model } = this;
    const words = el("output", { class: "dim", text: "off" });
    const range = { type: "range", min: 0, max: 0.99, step: 0.01, value: model.state.smoothing };
    const smooth = el("input", { ...range, "aria-label": "Smoothing" });
    smooth.addEventListener("input", () => {
      words.textContent = Number(smooth.value) ? Number(smooth.value).toFixed(2) : "off";
      model.set({ smoothing: Number(smooth.value) });
    });
    const axis = segments("Horizontal axis", AXES, model.state.axis, (axis) => model.set({ axis }));
    return el(
      "div",
      { class: "toolbar" },
      this.picker,
      el("span", { class: "labelled" }, "x", axis),
      checkbox("log scale", model.state.log, (log) => model.set({ log })),
      el("label", { class: "labelled" }, "smoothing", smooth, words),
    );
  }

  #show() {
    const { model } = this;
    const there = model.metricNames;
    const metrics = this.metrics;
    const others = inOrder([...there].filter((name) => !metrics.includes(name)));
    const key = others.join("\n");
    if (key !== this.offered) {
      this.offered = key;
      const options = { "": "Add a curve…", ...Object.fromEntries(others.map((name) => [name, name])) };
      this.picker.replaceChildren(
        choice("Add a curve", options, "", (name) => name && model.set({ metrics: [...metrics, name] })),
      );
    }
    this.charts.keep(model.chosen.length ? metrics : []);
    this.#nameLines();
    this.place.querySelector(".empty")?.remove();
    if (!model.chosen.length) this.place.append(empty("Choose runs in the list to see their curves."));
    else if (!metrics.length) this.place.append(empty("Nothing has been logged yet. Curves appear as the runs train."));
    else for (const name of metrics) this.#chart(name);
    this.#mark();
  }

  #nameLines() {
    const colors = colorsOf(this.model.chosen);
    const items = this.model.chosen.map((run) => {
      const on = { pointerenter: () => this.#highlight(run.id), pointerleave: () => this.#highlight(null) };
      return el("li", { title: run.id, on }, swatch(colors.get(run.id)), run.label);
    });
    const key = this.model.chosen.map((run) => run.id).join("\n");
    if (key !== this.named) this.legend.replaceChildren(...items);
    this.named = key;
  }

  #highlight(/** @type {string | null} */ id) {
    this.charts.each((chart) => chart.highlight(id));
  }

  #chart(/** @type {string} */ name) {
    const { model, charts } = this;
    const remove = () => model.set({ metrics: this.metrics.filter((each) => each !== name) });
    const close = button("×", remove, { class: "quiet close", "aria-label": `Remove ${name}`, title: "Remove" });
    const options = {
      log: false,
      xText: String,
      height: HEIGHT,
      pick: (/** @type {number} */ x) => model.state.axis === "step" && model.set({ step: x }),
      hover: (/** @type {string | null} */ id) => this.#highlight(id),
    };
    const chart = charts.get(name, name, options, { metric: name }, close);
    const inTime = model.state.axis === "time";
    chart.options.log = model.state.log;
    chart.options.xText = inTime ? duration : (step) => `step ${whole(step)}`;
    chart.options.xTicks = inTime ? duration : whole;
    chart.show(this.#lines(name));
  }

  /** @returns {import("./chart.js").Line[]} */
  #lines(/** @type {string} */ name) {
    const { model } = this;
    const { log, smoothing, axis } = model.state;
    const colors = colorsOf(model.chosen);
    const lines = [];
    for (const run of model.chosen) {
      const series = run.series.get(name);
      if (!series) continue;
      const x = axis === "time" ? series.time.map((time) => time - startOf(run)) : series.step;
      const color = colors.get(run.id) || "";
      const y = (/** @type {number[]} */ values) => (log ? values.map((value) => (value > 0 ? value : null)) : values);
      const line = { id: run.id, label: run.label, color, x, y: y(series.value), points: x.length < 3 };
      if (smoothing) lines.push({ ...line, faint: true });
      lines.push(smoothing ? { ...line, y: y(smoothed(series.value, smoothing)) } : line);
    }
    return lines;
  }

  /** The step of the grids, in every chart. */
  #mark() {
    const { state, step } = this.model;
    this.charts.each((chart) => chart.mark(state.axis === "step" ? (step ?? null) : null));
  }
}

/** Seconds at which the first line that is known was logged. @param {import("./model.js").Run} run */
function startOf(run) {
  return Math.min(...[...run.series.values()].map((series) => series.time[0] ?? Infinity));
}

/**
 * The exponential moving average without its pull to zero at the beginning.
 * @param {number[]} values
 * @param {number} weight of the past, below 1
 */
export function smoothed(values, weight) {
  let sum = 0;
  let mass = 0;
  return values.map((value) => {
    sum = sum * weight + value * (1 - weight);
    mass = mass * weight + 1 - weight;
    return sum / mass;
  });
}
