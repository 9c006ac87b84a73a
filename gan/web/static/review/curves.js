/** Curves of any metric of the chosen runs: a chart a metric, linked to the slider of the grids. */

import { alike } from "./alike.js";
import { ChartPanels } from "./chartpanels.js";
import { ColorBy } from "./colorby.js";
import { jointLook, looksOf } from "./colors.js";
import { button, checkbox, choice, el, empty, segments, showPressed, swatch } from "../shared/elements.js";
import { csvButton } from "./csv.js";
import { duration, firstCurves, inOrder, whole } from "./metrics.js";

/**
 * @typedef {import("./chart.js").Line} Line
 * @typedef {{x: number[], y: number[]}} Curve
 */

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
    this.colorBy = new ColorBy(model);
    this.legend = el("ul", { class: "legend", "aria-label": "Chosen runs" });
    node.append(this.#toolbar(), this.colorBy.legend, this.legend, this.place);
    model.on(["chosen", "details", "series", "metrics", "log", "mean", "smoothing", "axis", "color"], () =>
      this.#show(),
    );
    model.on(["range"], () => this.#zoom());
    model.on(["step", "axis"], () => this.#mark());
    this.#show();
  }

  /** @returns {string[]} the metrics that are drawn */
  get metrics() {
    return this.model.state.metrics ?? firstCurves(this.model.metricNames, CHARTS);
  }

  #toolbar() {
    const { model } = this;
    const words = el("output", { class: "dim" });
    const range = { type: "range", min: 0, max: 0.99, step: 0.01 };
    const smooth = el("input", { ...range, "aria-label": "Smoothing" });
    smooth.addEventListener("input", () => model.set({ smoothing: Number(smooth.value) }));
    const axis = segments("Horizontal axis", AXES, model.state.axis, (axis) => model.set({ axis, range: null }));
    const log = checkbox("log scale", model.state.log, (log) => model.set({ log }));
    const mean = checkbox("mean over seeds", model.state.mean, (mean) => model.set({ mean }));
    mean.title = "One line an arm; the band is from the least to the greatest of its seeds";
    const unzoom = button("All of x", () => model.set({ range: null }), { title: "Undo the zoom (double click)" });
    const show = () => {
      const { smoothing } = model.state;
      smooth.value = String(smoothing);
      words.textContent = smoothing ? smoothing.toFixed(2) : "off";
      showPressed(axis, model.state.axis);
      /** @type {HTMLInputElement} */ (log.querySelector("input")).checked = model.state.log;
      /** @type {HTMLInputElement} */ (mean.querySelector("input")).checked = model.state.mean;
      unzoom.hidden = !model.state.range;
    };
    model.on(["smoothing", "axis", "log", "mean", "range"], show);
    show();
    return el(
      "div",
      { class: "toolbar" },
      this.picker,
      this.colorBy.picker,
      el("span", { class: "labelled" }, "x", axis),
      log,
      mean,
      el("label", { class: "labelled" }, "smoothing", smooth, words),
      unzoom,
      csvButton("curves", () => this.#points()),
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
    const named = this.#members().map(({ id, label, title, look }) => {
      const on = { pointerenter: () => this.#highlight(id), pointerleave: () => this.#highlight(null) };
      return el(
        "li",
        { title, on, data: { look: JSON.stringify(look) } },
        swatch(look.color, look.dash.length > 0),
        label,
      );
    });
    const key = named.map((item) => `${item.title} ${item.textContent} ${item.dataset.look}`).join("\n");
    if (key !== this.named) this.legend.replaceChildren(...named);
    this.named = key;
  }

  /** Every point that is here of the curves that are drawn, as it was logged. */
  #points() {
    const rows = this.metrics.flatMap((name) =>
      this.model.chosen.flatMap((run) => {
        const { step, time, value } = run.series.get(name) ?? { step: [], time: [], value: [] };
        return step.map((at, index) => [run.id, name, at, time[index], value[index]]);
      }),
    );
    return [["run", "metric", "step", "time", "value"], ...rows];
  }

  /** Who has a line: a run each, or the runs of an arm that were measured on the same pictures. */
  #members() {
    const looks = looksOf(this.model);
    const member = (/** @type {import("./model.js").Run[]} */ runs, /** @type {string} */ label) => ({
      id: runs[0].id,
      label,
      runs,
      title: runs.map((run) => run.id).join("\n"),
      look: jointLook(runs.flatMap((run) => looks.get(run.id) ?? [])),
    });
    const { chosen, state } = this.model;
    if (!state.mean) return chosen.map((run) => member([run], run.label));
    return alike(chosen, "val").flatMap(({ runs }) =>
      [...Map.groupBy(runs, (run) => `${run.group}/${run.arm}`).values()].map((seeds) =>
        member(seeds, seeds.length > 1 ? `${seeds[0].arm}, mean of ${seeds.length}` : seeds[0].label),
      ),
    );
  }

  #zoom() {
    this.charts.each((chart) => chart.showRange(this.model.state.range));
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
      zoom: (/** @type {import("./chart.js").Range} */ range) => model.set({ range }),
    };
    const chart = charts.get(name, name, options, { metric: name }, close);
    const inTime = model.state.axis === "time";
    chart.options.log = model.state.log;
    chart.options.xText = inTime ? duration : (step) => `step ${whole(step)}`;
    chart.options.xTicks = inTime ? duration : whole;
    chart.options.xLabel = inTime ? "time" : "step";
    const lines = this.#lines(name);
    chart.show(lines);
    chart.showRange(model.state.range);
    chart.say(model.state.log ? leftOut(lines) : "");
  }

  /** @returns {Line[]} */
  #lines(/** @type {string} */ name) {
    const { log, smoothing, axis } = this.model.state;
    return this.#members().flatMap(({ id, label, look, runs }) => {
      const there = runs.filter((run) => run.series.get(name)?.value.length);
      const raw = there.map((run) => curveOf(run, name, axis));
      if (!raw.length) return [];
      const curves = smoothing ? raw.map(({ x, y }) => ({ x, y: smoothed(y, smoothing) })) : raw;
      const line = { id, label, ...look, points: raw[0].x.length < 3 };
      /** @type {Line} */
      const main = { ...line, ...(raw.length > 1 ? meanOf(curves) : curves[0]) };
      /** @type {Line[]} */
      const faint = smoothing && raw.length === 1 ? [{ ...line, ...raw[0], faint: true }] : [];
      return [...faint, main].map((each) =>
        log ? { ...each, y: each.y.map(positive), low: each.low?.map(positive) } : each,
      );
    });
  }

  /** The step of the grids, in every chart. */
  #mark() {
    const { state, step } = this.model;
    this.charts.each((chart) => chart.mark(state.axis === "step" ? (step ?? null) : null));
  }
}

/** @param {number | null} value what a log scale has no place for is left out */
function positive(value) {
  return value !== null && value > 0 ? value : null;
}

/** How many points a log scale leaves out. @param {Line[]} lines */
function leftOut(lines) {
  const values = lines.filter((line) => !line.faint).flatMap((line) => line.y);
  const count = values.filter((value) => value === null).length;
  return count
    ? `Log scale: ${whole(count)} of ${whole(values.length)} points are left out, for they are not above 0.`
    : "";
}

/** @param {import("./model.js").Run} run @param {string} name @param {string} axis @returns {Curve} */
function curveOf(run, name, axis) {
  const { step, time, value } = /** @type {import("./model.js").Series} */ (run.series.get(name));
  const start = startOf(run);
  return { x: axis === "time" ? time.map((each) => each - start) : step, y: value };
}

/**
 * The mean of several curves where all of them are, with the least and the greatest; between its points a curve is
 * straight.
 * @param {Curve[]} curves
 * @returns {{x: number[], y: number[], low: number[], high: number[]}}
 */
export function meanOf(curves) {
  const from = Math.max(...curves.map(({ x }) => x[0]));
  const to = Math.min(...curves.map(({ x }) => x[x.length - 1]));
  const all = [...new Set(curves.flatMap(({ x }) => x))].filter((at) => at >= from && at <= to).sort((a, b) => a - b);
  const columns = curves.map((curve) => valuesAt(curve, all));
  const over = (/** @type {(values: number[]) => number} */ act) => all.map((_, at) => act(columns.map((y) => y[at])));
  return {
    x: all,
    y: over((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    low: over((values) => Math.min(...values)),
    high: over((values) => Math.max(...values)),
  };
}

/** @param {Curve} curve @param {number[]} places ascending, inside the curve */
function valuesAt({ x, y }, places) {
  let next = 0;
  return places.map((at) => {
    while (x[next] < at) next += 1;
    if (x[next] === at) return y[next];
    const share = (at - x[next - 1]) / (x[next] - x[next - 1]);
    return y[next - 1] + share * (y[next] - y[next - 1]);
  });
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
