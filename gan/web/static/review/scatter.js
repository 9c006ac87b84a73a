/** Two metrics against each other: a point a run, of what it measured last. */

import { alike, unlike } from "./alike.js";
import { cellsOf, csvButton } from "./csv.js";
import { looksOf, onScheme } from "./colors.js";
import { finalNames, finalOf } from "./finals.js";
import { choice, el, empty, scroller, span, swatch, table } from "../shared/elements.js";
import { betterWords, format } from "./metrics.js";
import { svgButtons } from "./save.js";
import { svgChart } from "./svgchart.js";

const LIKED = ["val/mae", "val/sepia_index", "val/lpips"]; // axes to begin with
const NAME = "scatter";
const LEAST_WIDE = 320;
const MOST_WIDE = 900;
const HIGH = 420;

/** @typedef {{run: import("./model.js").Run, across: number, up: number, look: import("./colors.js").Look | undefined}} Point */

export class Scatter {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node */
  constructor(model, node) {
    this.model = model;
    this.key = ""; // of what is shown already
    this.pickers = el("span", { class: "toolbar" });
    this.notes = el("div", { class: "notes" });
    this.stage = el("div", { class: "panel scatter" });
    this.place = scroller("Table of the two metrics");
    this.table = el("details", {}, el("summary", { text: "The same as a table" }), this.place);
    const saves = svgButtons(NAME, () => this.#draw());
    const csv = csvButton(NAME, () => cellsOf(this.place));
    node.append(el("div", { class: "toolbar" }, this.pickers, saves, csv), this.notes, this.stage, this.table);
    new ResizeObserver(() => this.#show()).observe(this.stage);
    onScheme(() => this.#show());
    model.on(["chosen", "series", "details", "scatter", "color"], () => this.#show());
    this.#show();
  }

  /** @returns {[string, string]} the metrics of the axes */
  get axes() {
    const names = finalNames(this.model.chosen);
    const liked = [...LIKED.filter((name) => names.includes(name)), ...names];
    const [first, second] = [...new Set(liked)];
    const [x, y] = this.model.state.scatter ?? [];
    return [x && names.includes(x) ? x : first, y && names.includes(y) ? y : (second ?? first)];
  }

  /** The runs that have both. @returns {Point[]} */
  #points() {
    const [x, y] = this.axes;
    const looks = looksOf(this.model);
    return this.model.chosen.flatMap((run) => {
      const [across, up] = [finalOf(run, x), finalOf(run, y)];
      return across === undefined || up === undefined ? [] : [{ run, across, up, look: looks.get(run.id) }];
    });
  }

  #show() {
    const { model } = this;
    const points = this.#points();
    const names = finalNames(model.chosen);
    const values = points.map(({ run, across, up, look }) => [run.id, across, up, look]);
    const scheme = matchMedia("(prefers-color-scheme: dark)").matches;
    const key = JSON.stringify([names, this.axes, values, this.stage.clientWidth, scheme, model.chosen.length]);
    if (key === this.key) return;
    this.key = key;
    this.#pick(names);
    const runs = points.map(({ run }) => run);
    const note = unlike(
      alike(runs, this.axes[0]?.startsWith("test") ? "test" : "val"),
      "Their points say nothing of each other.",
    );
    const without = model.chosen.filter((run) => !runs.includes(run)).map((run) => run.id);
    const lacking = points.length && without.length ? `Without these two: ${without.join(", ")}.` : "";
    this.notes.replaceChildren(...(note ? [note] : []), ...(lacking ? [span("dim", lacking)] : []));
    this.table.hidden = !points.length;
    if (!points.length) {
      const words = model.chosen.length
        ? "No chosen run has measured both yet."
        : "Choose runs in the list to compare them.";
      this.stage.replaceChildren(empty(words));
      return;
    }
    this.stage.replaceChildren(this.#draw());
    this.place.replaceChildren(this.#rows(points));
  }

  #pick(/** @type {string[]} */ names) {
    const [x, y] = this.axes;
    const options = Object.fromEntries(names.map((name) => [name, name]));
    const focused = document.activeElement?.getAttribute("aria-label");
    this.pickers.replaceChildren(
      el(
        "span",
        { class: "labelled" },
        "x",
        choice("Across", options, x, (name) => this.model.set({ scatter: [name, this.axes[1]] })),
      ),
      el(
        "span",
        { class: "labelled" },
        "y",
        choice("Up", options, y, (name) => this.model.set({ scatter: [this.axes[0], name] })),
      ),
    );
    const again = focused ? this.pickers.querySelector(`select[aria-label="${CSS.escape(focused)}"]`) : null;
    /** @type {HTMLElement | null} */ (again)?.focus();
  }

  #draw() {
    const points = this.#points();
    const axes = this.axes.map((name, index) => {
      const way = betterWords(name);
      const values = points.map((point) => (index ? point.up : point.across));
      return { label: way ? `${name} (${way})` : name, ...rangeOf(values), text: format };
    });
    const lines = points.map(({ run, across, up, look }) => ({
      ...{ id: run.id, label: run.label, color: look?.color ?? "var(--text)" },
      ...{ x: [across], y: [up], points: true },
    }));
    const wide = Math.max(LEAST_WIDE, Math.min(MOST_WIDE, this.stage.clientWidth - 24));
    const title = `${this.axes[1]} against ${this.axes[0]}`;
    const svg = svgChart({ title, x: axes[0], y: axes[1], lines, wide, high: HIGH, named: true });
    const told = points.map(({ run, across, up }) => `${run.label}: ${format(across)}, ${format(up)}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `${title}. ${told.join(". ")}`);
    return svg;
  }

  /** @param {Point[]} points */
  #rows(points) {
    const head = ["run", ...this.axes].map((text) => el("th", { scope: "col", text }));
    const cell = (/** @type {number} */ value) =>
      el("td", { text: format(value), title: String(value), data: { value } });
    const rows = points.map(({ run, across, up, look }) => {
      const name = el("th", { scope: "row", data: { value: run.id } }, swatch(look?.color), run.label);
      return el("tr", {}, name, cell(across), cell(up));
    });
    return table("numbers", head, rows);
  }
}

/** With some room around them. @param {number[]} values */
function rangeOf(values) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = (most - least) * 0.08 || Math.abs(most) * 0.1 || 1;
  return { from: least - room, to: most + room };
}
