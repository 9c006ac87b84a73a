/** Metrics over the number of hints: a line a run, what needs no network dashed. */

import { alike, unlike } from "./alike.js";
import { ChartPanels } from "./chartpanels.js";
import { looksOf } from "./colors.js";
import { choice, el } from "../shared/elements.js";
import { shownAt } from "./metrics.js";

const SHOWN = 6;
/** What is drawn besides the runs, as in hints-<split>.json: its label and its dashes. */
const REFERENCES = { median: { label: "L1 optimum", dash: [5, 4] }, watershed: { label: "watershed", dash: [2, 4] } };
const WITHOUT_NETWORK = "Without a network, of the same hints: dashed the L1 optimum, dotted the watershed.";
const COUNTED = "val/1"; // numbers with hints, as the table of metrics names them
const OPTIONS = {
  log: false,
  xText: (/** @type {number} */ count) => `${count} ${count === 1 ? "hint" : "hints"}`,
  xTicks: String,
  xLabel: "hints",
  whole: true,
  height: 200,
};

export class Hints {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node is hidden where no chosen run has a curve */
  constructor(model, node) {
    this.model = model;
    this.node = node;
    this.split = "";
    this.tools = el("div", { class: "toolbar" });
    this.charts = new ChartPanels();
    node.append(this.tools, this.charts.place);
    model.on(["chosen", "details", "series", "color"], () => this.#show());
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
      el("span", { class: "dim", text: WITHOUT_NETWORK }),
    );
    const note = unlike(alike(this.#measured(split), COUNTED), "The optimum of each is its own.");
    if (note) this.tools.append(note);
    const there = shownAt("page_hints").filter((name) =>
      runs.some((run) => points(run.details?.hints[split]?.hints, name).x.length > 1),
    );
    const shown = there.slice(0, SHOWN);
    this.charts.keep(shown);
    for (const name of shown) {
      this.charts.get(name, `${name} by number of hints`, OPTIONS, { hints: name }).show(this.#lines(name, split));
    }
  }

  #measured(/** @type {string} */ split) {
    return this.model.chosen.filter((run) => run.details?.hints[split]);
  }

  /** @returns {import("./chart.js").Line[]} */
  #lines(/** @type {string} */ name, /** @type {string} */ split) {
    const looks = looksOf(this.model);
    const lines = new Map();
    for (const { runs, words } of alike(this.#measured(split), COUNTED)) {
      for (const run of runs) {
        const curve = run.details?.hints[split];
        const own = points(curve?.hints, name);
        const look = looks.get(run.id) ?? { color: "", dash: [] };
        if (own.x.length) lines.set(run.id, { id: run.id, label: run.label, ...look, points: true, ...own });
        for (const [form, { label, dash }] of Object.entries(REFERENCES)) {
          if (form === "watershed" && name === "bleed") continue; // it pours: 10 with one hint, where networks have .01
          const closed = points(only(curve?.closed_forms, form), name);
          const key = `${form} ${JSON.stringify(closed)}`; // the same for all runs on the same pictures
          const called = words ? `${label}, ${words}` : label;
          if (closed.x.length) lines.set(key, { id: key, color: "var(--text-dim)", label: called, dash, ...closed });
        }
      }
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

/** @param {any} forms number of hints -> form -> metrics @param {string} form */
function only(forms, form) {
  return Object.fromEntries(
    Object.entries(forms || {}).map(([count, each]) => [count, /** @type {any} */ (each)?.[form]]),
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
