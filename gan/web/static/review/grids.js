/** The sample grids of the chosen runs at the same step, with one slider, one zoom and one pan. */

import { colorsOf } from "./colors.js";
import { Draws } from "./draws.js";
import { button, checkbox, choice, el, empty, group, segments, span } from "../shared/elements.js";
import { whole } from "./metrics.js";
import { nearest, stepsOf, tallOf } from "./model.js";
import { arrange, cellAt, paint } from "./panel.js";
import { stepSlider } from "./steps.js";
import { steer, View } from "./view.js";
import { Wipe } from "./wipe.js";

const AHEAD = 16; // steps to both sides of the slider that are decoded before they are asked for
const LEAST_CELL = 62; // pixels of the page
const MOST_CELL = 120;
const PANEL_GAP = 14;
/** @type {Record<string, string>} */
const WORDS = { line: "drawing", hint: "hints", fake: "coloured", color: "truth" };
const COLUMNS = Object.keys(WORDS);
const LAYOUTS = { grids: "Side by side", rows: "By drawing" };
const SIDES = { val: "Validation", train: "Training" };

/**
 * @typedef {{run: import("./model.js").Run, node: HTMLElement, canvas: HTMLCanvasElement, note: HTMLElement,
 *   layout: ReturnType<typeof arrange>, columns: string[], seen: boolean, across: boolean, title: string | undefined}} Panel
 */

export class Grids {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node */
  constructor(model, node) {
    this.model = model;
    /** @type {Panel[]} */
    this.panels = [];
    this.key = ""; // of what is shown already
    this.view = new View();
    this.view.changed = () => this.#paintAll();
    this.wipe = new Wipe(model);
    this.place = el("div", { class: "grids" });
    node.append(this.#toolbar(), el("div", { class: "step-bar" }, stepSlider(model)), this.place);
    new Draws(model, node);
    this.watcher = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "300px" });
    this.sizes = new ResizeObserver(() => this.#fit());
    this.sizes.observe(this.place);
    model.on(["chosen", "details", "side", "layout", "columns"], () => this.#build());
    model.on(["step"], () => this.#show());
    this.#build();
  }

  #toolbar() {
    const { model } = this;
    const zoom = (/** @type {string} */ text, /** @type {string} */ title, /** @type {() => void} */ act) =>
      button(text, act, { title, "aria-label": title });
    const zooms = [
      zoom("−", "Zoom out (-)", () => this.view.zoom(1 / 1.5)),
      zoom("+", "Zoom in (+, or Ctrl and wheel)", () => this.view.zoom(1.5)),
      zoom("Fit", "Show all (0)", () => this.view.reset()),
    ];
    this.boxes = el("div", { class: "checks", role: "group", "aria-label": "Columns of the grids" });
    return el(
      "div",
      { class: "toolbar" },
      segments("Arrangement", LAYOUTS, model.state.layout, (layout) => model.set({ layout })),
      this.boxes,
      model.hasTrainingGrids ? choice("Drawings", SIDES, model.state.side, (side) => model.set({ side })) : null,
      group("Zoom of every grid", zooms),
    );
  }

  #columnBoxes(/** @type {string[]} */ there) {
    const { model } = this;
    const nodes = there.map((column) => {
      const change = (/** @type {boolean} */ checked) => {
        const now = new Set(model.state.columns);
        if (checked) now.add(column);
        else now.delete(column);
        model.set({ columns: COLUMNS.filter((each) => now.has(each)) });
      };
      return checkbox(WORDS[column], model.state.columns.includes(column), change);
    });
    this.boxes?.replaceChildren(...nodes);
  }

  #build() {
    const { model } = this;
    const runs = model.chosen.filter((run) => stepsOf(run, model.state.side).length);
    const rows = model.state.layout === "rows";
    const hinted = runs.some(isHinted);
    const there = COLUMNS.filter((column) => column !== "hint" || hinted);
    const key = JSON.stringify([runs.map((run) => run.id), model.state.layout, model.state.side, model.state.columns]);
    if (key !== this.key) {
      this.key = key;
      this.#columnBoxes(there);
      const wanted = there.filter((column) => model.state.columns.includes(column));
      this.#replace(rows ? this.#asRows(runs, wanted) : runs.map((run) => this.#panel(run, own(run, wanted), false)));
      this.place.className = rows ? "grids by-drawing" : "grids side-by-side";
      this.#fit();
    }
    this.#show();
  }

  /** Other panels in the page; those that were there already stay what they are. @param {Panel[]} panels */
  #replace(panels) {
    for (const panel of this.panels) if (!panels.includes(panel)) this.watcher.unobserve(panel.node);
    const colors = colorsOf(this.model.chosen);
    this.panels = panels;
    this.byNode = new Map(panels.map((panel) => [panel.node, panel]));
    this.place.replaceChildren(...(panels.length ? panels.map((panel) => panel.node) : [this.#nothing()]));
    for (const panel of panels) {
      panel.node.style.setProperty("--color", colors.get(panel.run.id) || "");
      this.watcher.observe(panel.node);
    }
  }

  /** Drawings of one width in all panels: as large as fits in as few lines of panels as can be. */
  #fit() {
    const counts = this.panels.map((panel) => panel.columns.length);
    let size = 0;
    for (let lines = 1; size < LEAST_CELL && lines <= counts.length; lines += 1) {
      const inLine = Math.ceil(counts.length / lines);
      const most = Math.max(...counts.map((_, first) => sum(counts.slice(first, first + inLine))));
      size = (this.place.clientWidth - PANEL_GAP * (inLine - 1)) / most;
    }
    this.place.style.setProperty("--cell", `${Math.floor(Math.min(MOST_CELL, size))}px`);
    this.#paintAll();
  }

  #nothing() {
    const { chosen } = this.model;
    if (!chosen.length) return empty("Choose runs in the list to see their grids side by side.");
    if (chosen.some((run) => !run.details)) return empty("Loading…");
    return empty("The chosen runs have drawn no grid yet. The first appears after a tenth of the training.");
  }

  /** Drawing and truth once, and between them one row a run. */
  #asRows(/** @type {import("./model.js").Run[]} */ runs, /** @type {string[]} */ wanted) {
    if (!runs.length) return [];
    const panels = [];
    if (wanted.includes("line")) panels.push(this.#panel(runs[0], ["line"], true, "drawing"));
    const between = wanted.filter((name) => name === "hint" || name === "fake");
    for (const run of runs) panels.push(this.#panel(run, own(run, between), true));
    if (wanted.includes("color")) panels.push(this.#panel(runs[0], ["color"], true, "truth"));
    return panels.filter((panel) => panel.columns.length);
  }

  /**
   * @param {import("./model.js").Run} run
   * @param {string[]} columns
   * @param {boolean} across
   * @param {string} [title] instead of the run's name
   * @returns {Panel}
   */
  #panel(run, columns, across, title) {
    const there = this.panels.find((each) => each.run === run && each.title === title && each.across === across);
    if (there && String(there.columns) === String(columns)) return there;
    const canvas = el("canvas", { tabindex: 0, role: "img" });
    const note = el("span", { class: "grid-note" });
    const swatch = title ? null : el("span", { class: "swatch" });
    const called = span("run-name", title || run.label);
    const heading = el("h3", { class: "grid-title", title: title ? "" : run.id }, swatch, called, note);
    const words = columns.map((name) => el("span", { text: WORDS[name] }));
    const names = across ? null : el("div", { class: "grid-names", "aria-hidden": "true" }, ...words);
    const node = el(
      "figure",
      { class: "grid-panel", css: { "--columns": String(columns.length) }, data: { run: title ? "" : run.id } },
      heading,
      names,
      canvas,
    );
    const layout = arrange(columns, 1, across, tallOf(run));
    const panel = { run, node, canvas, note, layout, columns, seen: false, across, title };
    steer(canvas, this.view, (x, y) => this.#pick(panel, x, y));
    return panel;
  }

  #pick(/** @type {Panel} */ panel, /** @type {number} */ x, /** @type {number} */ y) {
    const cell = cellAt(panel.layout, this.view, x, y);
    if (cell) this.wipe.open(panel.run, cell.row, cell.column);
  }

  #see(/** @type {IntersectionObserverEntry[]} */ entries) {
    for (const entry of entries) {
      const panel = this.byNode?.get(/** @type {HTMLElement} */ (entry.target));
      if (panel) panel.seen = entry.isIntersecting;
    }
    this.#show();
  }

  /** Draw what is ready at once, the rest as it comes, and then decode the neighbours. */
  async #show() {
    const step = this.model.step;
    const seen = this.panels.filter((panel) => panel.seen);
    if (step === undefined || !seen.length) return;
    const { pictures, state } = this.model;
    this.place.dataset.step = String(step);
    await Promise.all(
      seen.map(async (panel) => {
        const at = nearest(stepsOf(panel.run, state.side), step);
        if (!pictures.peek(panel.run, state.side, at, "fake")) await pictures.load(panel.run, state.side, at);
        if (this.model.step === step) this.#paint(panel, at, step);
      }),
    );
    await this.#decodeAround(step, seen);
  }

  /** The neighbours first, and nothing more once the slider has moved on or memory is full. */
  async #decodeAround(/** @type {number} */ step, /** @type {Panel[]} */ seen) {
    const { pictures, state, steps } = this.model;
    const here = steps.indexOf(step);
    const order = Array.from({ length: 2 * AHEAD }, (_, index) => (index % 2 ? -1 : 1) * (1 + (index >> 1)));
    for (const next of order.map((by) => steps[here + by]).filter((each) => each !== undefined)) {
      if (this.model.step !== step || !pictures.room) return;
      const at = (/** @type {Panel} */ panel) => nearest(stepsOf(panel.run, state.side), next);
      await Promise.all(seen.map((panel) => pictures.load(panel.run, state.side, at(panel))));
    }
  }

  #paint(/** @type {Panel} */ panel, /** @type {number} */ at, /** @type {number} */ step) {
    const { pictures, state } = this.model;
    const first = pictures.peek(panel.run, state.side, at, "fake");
    if (!first) return;
    const across = state.layout === "rows";
    if (panel.layout.cells.length !== first.rows * panel.columns.length) {
      panel.layout = arrange(panel.columns, first.rows, across, tallOf(panel.run));
    }
    const { wide, high, tall } = panel.layout;
    panel.canvas.style.setProperty("aspect-ratio", `${wide} / ${high * tall}`);
    paint(panel.canvas, panel.layout, this.view, (column) => pictures.peek(panel.run, state.side, at, column));
    panel.canvas.dataset.step = String(at);
    panel.canvas.classList.toggle("zoomed", this.view.scale > 1);
    const elsewhere = at === step ? "" : at < step ? `latest: step ${whole(at)}` : `first: step ${whole(at)}`;
    if (!panel.title && panel.note.textContent !== elsewhere) panel.note.textContent = elsewhere;
    panel.canvas.setAttribute(
      "aria-label",
      `${panel.run.label}, step ${at}: ${panel.columns.map((name) => WORDS[name]).join(", ")} of ${first.rows} drawings; Enter enlarges`,
    );
  }

  #paintAll() {
    const step = this.model.step;
    if (step === undefined) return;
    for (const panel of this.panels) {
      if (panel.seen) this.#paint(panel, nearest(stepsOf(panel.run, this.model.state.side), step), step);
    }
  }
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

/** @param {import("./model.js").Run} run */
function isHinted(run) {
  const kind = run.details?.config?.hints?.kind;
  return kind !== undefined && kind !== "none";
}

/** The columns that say something of a run. @param {import("./model.js").Run} run @param {string[]} columns */
function own(run, columns) {
  return columns.filter((column) => column !== "hint" || isHinted(run));
}
