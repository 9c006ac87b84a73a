/** The sample grids of the chosen runs at the same step, with one slider, one zoom and one pan. */

import { alike, unlike } from "./alike.js";
import { dresser, resolved } from "./colors.js";
import { differenceScale } from "./difference.js";
import { Draws } from "./draws.js";
import { button, checkbox, choice, el, empty, group, segments, showPressed, span } from "../shared/elements.js";
import { gridPicture } from "./gridpicture.js";
import { whole } from "./metrics.js";
import { COLUMN_WORDS, COLUMNS, nearest, progressWords, stepsOf, tallOf } from "./model.js";
import { arrange, cellAt, frame, paint } from "./panel.js";
import { columnOf } from "./pictures.js";
import { savePng, saveButton } from "./save.js";
import { stepSlider } from "./steps.js";
import { steer, View } from "./view.js";
import { Wipe } from "./wipe.js";

const AHEAD = 16; // steps to both sides of the slider that are decoded before they are asked for
const LEAST_CELL = 62; // pixels of the page
const MOST_CELL = 120;
const PANEL_GAP = 14;
const LAYOUTS = { grids: "Side by side", rows: "By drawing" };
const SIDES = { val: "Validation", train: "Training" };

/**
 * @typedef {{run: import("./model.js").Run, node: HTMLElement, canvas: HTMLCanvasElement, note: HTMLElement,
 *   layout: ReturnType<typeof arrange>, columns: string[], row: number, seen: boolean, across: boolean, title: string | undefined}} Panel
 */

export class Grids {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node */
  constructor(model, node) {
    this.model = model;
    /** @type {Panel[]} */
    this.panels = [];
    this.key = ""; // of what is shown already
    this.view = new View();
    this.view.changed = () => {
      model.set({ zoom: { scale: this.view.scale, x: this.view.x, y: this.view.y } });
      this.#paintAll();
    };
    this.wipe = new Wipe(model);
    this.place = el("div", { class: "grids" });
    this.dress = dresser(model, this.place);
    this.notes = el("div", { class: "notes" });
    this.said = el("p", { class: "visually-hidden", role: "status" });
    node.append(
      this.#toolbar(),
      el("div", { class: "step-bar" }, stepSlider(model)),
      this.notes,
      this.place,
      this.said,
    );
    new Draws(model, node);
    this.watcher = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "300px" });
    this.sizes = new ResizeObserver(() => this.#fit());
    this.sizes.observe(this.place);
    model.on(["chosen", "details", "side", "layout", "columns"], () => this.#build());
    model.on(["step"], () => this.#show());
    model.on(["zoom"], () => this.#follow());
    this.#follow();
    this.#build();
  }

  /** The zoom that was chosen elsewhere, such as in the address. */
  #follow() {
    const { scale, x, y } = this.model.state.zoom;
    if (scale !== this.view.scale || x !== this.view.x || y !== this.view.y) this.view.set({ scale, x, y });
  }

  #toolbar() {
    const { model } = this;
    const zoom = (/** @type {string} */ text, /** @type {string} */ title, /** @type {() => void} */ act) =>
      button(text, act, { title, "aria-label": title });
    const zooms = [
      zoom("−", "Zoom out (-)", () => this.view.zoom(1 / 1.5)),
      zoom("+", "Zoom in (+, or Ctrl and wheel)", () => this.view.zoom(1.5)),
      zoom("Fit", "Fit: show all (0)", () => this.view.reset()),
    ];
    this.boxes = el("div", { class: "checks", role: "group", "aria-label": "Columns of the grids" });
    const layouts = segments("Arrangement", LAYOUTS, model.state.layout, (layout) => model.set({ layout }));
    const sides = choice("Drawings", SIDES, model.state.side, (side) => model.set({ side }));
    model.on(["layout", "side"], () => {
      showPressed(layouts, model.state.layout);
      sides.value = model.state.side;
    });
    const zoomed = group("Zoom of every drawing", zooms);
    const png = saveButton("PNG", "grids", async (file) => savePng(file, await this.#picture()));
    return el("div", { class: "toolbar" }, layouts, this.boxes, model.hasTrainingGrids ? sides : null, zoomed, png);
  }

  /** What the grids show at the step of the slider, those out of sight too. */
  async #picture() {
    const { pictures, state } = this.model;
    const step = this.model.step ?? 0;
    const parts = await Promise.all(
      this.panels.map(async ({ run, title, columns, across }) => {
        const at = nearest(stepsOf(run, state.side), step);
        await pictures.load(run, state.side, at);
        const peek = (/** @type {string} */ column) => pictures.peek(run, state.side, at, column);
        const layout = arrange(columns, peek("fake")?.rows ?? 0, across, tallOf(run));
        const names = across ? [] : columns.map((name) => COLUMN_WORDS[name]);
        const strip = (/** @type {string} */ column) => columnOf(peek, column);
        return { title: title || `${run.label}, step ${whole(at)}`, names, layout, strip };
      }),
    );
    return gridPicture(parts, this.view);
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
      return checkbox(COLUMN_WORDS[column], model.state.columns.includes(column), change);
    });
    this.boxes?.replaceChildren(...nodes);
  }

  #build() {
    const { model } = this;
    const { layout, side, columns } = model.state;
    const runs = model.chosen.filter((run) => stepsOf(run, side).length);
    const rows = layout === "rows";
    const there = COLUMNS.filter((column) => column !== "hint" || runs.some(isHinted));
    const notes = this.#remarks(runs);
    const words = notes.map((note) => note.textContent);
    const key = JSON.stringify([runs.map((run) => run.id), layout, side, columns, words, this.#nothing()]);
    if (key !== this.key) {
      this.key = key;
      this.#columnBoxes(there);
      this.notes.replaceChildren(...notes);
      const wanted = there.filter((column) => columns.includes(column));
      this.#replace(rows ? this.#asRows(runs, wanted) : runs.map((run) => this.#panel(run, own(run, wanted), false)));
      this.place.className = rows ? "grids by-drawing" : "grids side-by-side";
      this.#fit();
    }
    this.#show();
  }

  /** What is to be known of the chosen runs: which have no grid, and which have other pictures. */
  #remarks(/** @type {import("./model.js").Run[]} */ runs) {
    const notes = [unlike(alike(runs, "grid"), "Each is shown with its own drawings and truth.")];
    const without = this.model.chosen.filter((run) => run.details && !runs.includes(run));
    const side = this.model.state.side === "train" ? " of training drawings" : "";
    if (runs.length && without.length) {
      const names = without.map((run) => `${run.id} (${progressWords(run)})`).join(", ");
      notes.push(el("p", { class: "dim", text: `Without a grid${side}: ${names}.` }));
    }
    if (runs.length && this.model.state.columns.includes("difference")) notes.push(differenceScale());
    return notes.filter((note) => note !== null);
  }

  /** Other panels in the page; those that were there already stay what they are. @param {Panel[]} panels */
  #replace(panels) {
    for (const panel of this.panels) if (!panels.includes(panel)) this.watcher.unobserve(panel.node);
    this.panels = panels;
    this.byNode = new Map(panels.map((panel) => [panel.node, panel]));
    this.place.replaceChildren(...(panels.length ? panels.map((panel) => panel.node) : [empty(this.#nothing())]));
    for (const panel of panels) this.watcher.observe(panel.node);
    this.dress();
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

  /** Why there is no grid at all. */
  #nothing() {
    const { chosen } = this.model;
    if (!chosen.length) return "Choose runs in the list to see their grids side by side.";
    if (chosen.some((run) => !run.details)) return "Loading…";
    const names = chosen.map((run) => `${run.id}: ${progressWords(run)}`).join("; ");
    return `The chosen runs have drawn no grid yet. The first appears after a tenth of the training. (${names})`;
  }

  /** Of the runs of the same pictures drawing and truth once, and between them one row a run. */
  #asRows(/** @type {import("./model.js").Run[]} */ runs, /** @type {string[]} */ wanted) {
    const between = wanted.filter((name) => name !== "line" && name !== "color");
    const panels = alike(runs, "grid").flatMap(({ runs: [first, ...others], words }) => {
      const of = words && `, ${words}`;
      const own_ = [first, ...others].map((run) => this.#panel(run, own(run, between), true));
      if (wanted.includes("line")) own_.unshift(this.#panel(first, ["line"], true, `drawing${of}`));
      if (wanted.includes("color")) own_.push(this.#panel(first, ["color"], true, `truth${of}`));
      return own_;
    });
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
    const canvas = el("canvas", { tabindex: 0, role: "button", "aria-label": title || run.label });
    const note = el("span", { class: "grid-note" });
    const swatch = title ? null : el("span", { class: "swatch" });
    const called = span("run-name", title || run.label);
    const heading = el("h3", { class: "grid-title", title: title ? "" : run.id }, swatch, called, note);
    const words = columns.map((name) => el("span", { text: COLUMN_WORDS[name] }));
    const names = across ? null : el("div", { class: "grid-names", "aria-hidden": "true" }, ...words);
    const node = el(
      "figure",
      { class: "grid-panel", css: { "--columns": String(columns.length) }, data: { run: title ? "" : run.id } },
      heading,
      names,
      canvas,
    );
    const layout = arrange(columns, 1, across, tallOf(run));
    /** @type {Panel} */
    const panel = { run, node, canvas, note, layout, columns, row: 0, seen: false, across, title };
    const pick = (/** @type {number} */ x, /** @type {number} */ y) => {
      const cell = cellAt(panel.layout, x, y);
      if (cell) this.#open(panel, cell);
    };
    steer(canvas, this.view, () => panel.layout, pick);
    canvas.addEventListener("keydown", (event) => this.#onKey(event, panel));
    for (const change of ["focus", "blur"]) canvas.addEventListener(change, () => this.#paintAll());
    return panel;
  }

  #open(/** @type {Panel} */ panel, /** @type {{row: number, column: string}} */ { row, column }) {
    panel.row = row;
    this.wipe.open(panel.run, row, column);
  }

  /** Up and Down choose a drawing, Enter and the space bar enlarge it. */
  #onKey(/** @type {KeyboardEvent} */ event, /** @type {Panel} */ panel) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const rows = panel.layout.cells.length / panel.columns.length;
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const column = panel.columns.includes("fake") ? "fake" : panel.columns[0];
    if (by) {
      panel.row = (panel.row + by + rows) % rows;
      this.said.textContent = `drawing ${panel.row + 1} of ${rows}`;
    } else if (event.key === "Enter" || event.key === " ") this.#open(panel, { row: panel.row, column });
    else return;
    event.preventDefault();
    this.#paintAll();
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
    const peek = (/** @type {string} */ column) => pictures.peek(panel.run, state.side, at, column);
    paint(panel.canvas, panel.layout, this.view, (column) => columnOf(peek, column));
    panel.canvas.dataset.step = String(at);
    panel.canvas.classList.toggle("zoomed", this.view.scale > 1);
    const elsewhere = at === step ? "" : at < step ? `latest: step ${whole(at)}` : `first: step ${whole(at)}`;
    if (!panel.title && panel.note.textContent !== elsewhere) panel.note.textContent = elsewhere;
    if (panel.canvas.matches(":focus-visible")) frame(panel.canvas, panel.layout, panel.row, resolved("var(--accent)"));
    const words = `${panel.columns.map((name) => COLUMN_WORDS[name]).join(", ")} of ${first.rows} drawings`;
    const keys = `Enter enlarges drawing ${panel.row + 1}, up and down choose another`;
    panel.canvas.setAttribute("aria-label", `${panel.title || panel.run.label}, step ${at}: ${words}; ${keys}`);
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
