/** One drawing, large, with a wipe between two arms at the step of the slider. */

import { alike, unlike } from "./alike.js";
import { button, el, span } from "../shared/elements.js";
import { format, whole } from "./metrics.js";
import { nearest, stepsOf } from "./model.js";
import { drawCell } from "./panel.js";
import { columnOf } from "./pictures.js";
import { metricOf, nameOf, ranked } from "./ranking.js";
import { Readout } from "./readout.js";

const PARTS = /** @type {[string, string][]} */ ([
  ["line", "the drawing"],
  ["hint", "the hints"],
  ["color", "the truth"],
]);
/** Of every run. @type {[string, string][]} */
const OWN = [
  ["", ""],
  ["difference:", ", difference to the truth"],
];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @typedef {{strip: import("./pictures.js").Strip | undefined, truth: import("./pictures.js").Strip | undefined, row: number}} Side */

export class Wipe {
  /** @param {import("./model.js").Model} model */
  constructor(model) {
    this.model = model;
    this.rows = 1;
    this.share = 0.5;
    this.key = ""; // of what can be chosen already
    /** @type {Side[]} what is painted */
    this.shown = [];
    /** @type {{x: number, y: number} | null} the place that is told, as shares of the drawing */
    this.point = null;
    this.readout = new Readout();
    this.canvas = el("canvas", { class: "wipe-canvas", role: "img", "aria-label": "Loading…", tabindex: 0 });
    this.title = el("h2", { id: "wipe-title", text: "Drawing" });
    const range = { type: "range", min: 0, max: 100, value: 50, class: "wipe-range" };
    this.range = el("input", { ...range, "aria-label": "Wipe: share of the left picture" });
    this.selects = ["Left picture", "Right picture"].map((label) => el("select", { "aria-label": label }));
    this.node = el("dialog", { class: "wipe", "aria-labelledby": "wipe-title" });
    this.note = el("div");
    const stage = el("div", { class: "wipe-stage" }, this.canvas);
    this.node.append(this.#head(), this.#sides(), this.note, stage, this.range, this.readout.node);
    document.body.append(this.node);
    this.node.addEventListener("close", () => model.set({ open: null }));
    this.#steer();
    model.on(["open", "chosen", "step", "side", "details", "kept", "worst", "worstOf", "bestFirst"], () =>
      this.#follow(),
    );
    this.#follow();
  }

  /** What is on the left and on the right: a run's id, or `column:id`. */
  get sides() {
    const { left, right } = this.model.state.open ?? { left: "", right: "" };
    return [left, right];
  }

  /** Be open where a drawing is, as soon as the runs are known. */
  #follow() {
    const { open } = this.model.state;
    if (!open) return this.node.close();
    if (!this.#runs().length) return undefined;
    this.#fill();
    if (!this.node.open) this.node.showModal();
    return this.#show();
  }

  /** The list in which the open picture is, where it is one of those that were kept one by one. */
  #list() {
    const { model } = this;
    if (!model.state.open?.kept) return null;
    const [left, right] = this.sides.map((side) => partOf(side).id);
    const lists = nameOf(model) ? ranked(model, nameOf(model)) : [];
    return lists.find(({ pictures }) => pictures[0]?.shown.some(({ run }) => run.id === left || run.id === right));
  }

  /** @returns {import("./model.js").Run[]} the chosen runs with a grid, or with the picture that is open */
  #runs() {
    if (this.model.state.open?.kept) return this.#list()?.pictures[0].shown.map(({ run }) => run) ?? [];
    return this.model.chosen.filter((each) => stepsOf(each, this.model.state.side).length);
  }

  /** @param {Partial<{row: number, left: string, right: string}>} other */
  #change(other) {
    const { open } = this.model.state;
    if (open) this.model.set({ open: { ...open, ...other } });
  }

  #head() {
    const turn = (/** @type {string} */ text, /** @type {string} */ title, /** @type {number} */ by) => {
      const click = () => this.#change({ row: ((this.model.state.open?.row ?? 0) + by + this.rows) % this.rows });
      return button(text, click, { title, "aria-label": title });
    };
    const close = button("Close", () => this.node.close(), { class: "close" });
    const turns = [turn("‹", "Previous drawing", -1), turn("›", "Next drawing", 1)];
    return el("header", { class: "wipe-head" }, this.title, ...turns, close);
  }

  #sides() {
    this.selects.forEach((select, index) =>
      select.addEventListener("change", () => this.#change({ [index ? "right" : "left"]: select.value })),
    );
    const [left, right] = this.selects;
    return el("div", { class: "wipe-sides" }, left, span("dim", "against"), right);
  }

  #steer() {
    this.range.addEventListener("input", () => this.#wipeTo(Number(this.range.value) / 100));
    const follow = (/** @type {PointerEvent} */ event) => {
      const box = this.canvas.getBoundingClientRect();
      this.#wipeTo((event.clientX - box.left) / box.width);
    };
    this.canvas.addEventListener("pointerdown", (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      follow(event);
    });
    this.canvas.addEventListener("pointermove", (event) => {
      if (event.buttons) follow(event);
      const box = this.canvas.getBoundingClientRect();
      this.#tell((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    });
    this.canvas.addEventListener("keydown", (event) => {
      const by = ARROWS[/** @type {keyof ARROWS} */ (event.key)];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation(); // the slider stays where it is
      const { wide, high } = this.#size();
      const far = event.shiftKey ? 10 : 1;
      const { x, y } = this.point ?? { x: 0.5, y: 0.5 };
      this.#tell(x + (by[0] * far) / wide, y + (by[1] * far) / high);
      this.#paint(true);
    });
    this.node.addEventListener("click", (event) => event.target === this.node && this.node.close());
  }

  /** Of the drawing, in pixels as its network sees them. */
  #size() {
    const run = this.model.runs.get(partOf(this.sides[0]).id);
    const [high, wide] = run?.details?.shape ?? [1, 1];
    return { wide, high };
  }

  /** What is at shares of the drawing. @param {number} x @param {number} y */
  #tell(x, y) {
    const inside = (/** @type {number} */ share) => Math.min(1 - 1e-6, Math.max(0, share));
    this.point = { x: inside(x), y: inside(y) };
    const names = this.selects.map((select) => select.selectedOptions[0]?.textContent || "");
    const sides = this.shown.map((side, index) => ({ ...side, name: names[index] }));
    this.readout.show({ ...this.point, ...this.#size() }, sides);
  }

  #wipeTo(/** @type {number} */ share) {
    this.share = Math.min(1, Math.max(0, share));
    this.range.value = String(Math.round(this.share * 100));
    this.#show();
  }

  /**
   * @param {import("./model.js").Run} run
   * @param {number} row
   * @param {string} column that was clicked
   */
  open(run, row, column) {
    const others = this.#runs().filter((each) => each !== run);
    const left = column === "fake" ? run.id : `${column}:${run.id}`;
    const right = column !== "fake" ? run.id : others.length ? others[0].id : `color:${run.id}`;
    this.#wipeTo(0.5);
    this.model.set({ open: { row, left, right, kept: false } });
  }

  /** Every run, and of each set of pictures the drawing, the hints and the truth. */
  #fill() {
    const shown = this.sides.map((side) => partOf(side).id);
    const groups = alike(this.#runs(), "grid");
    const options = OWN.flatMap(([part, words]) => this.#runs().map((run) => [`${part}${run.id}`, run.label + words]));
    for (const { runs, words } of groups) {
      const run = runs.find(({ id }) => shown.includes(id)) ?? runs[0];
      const drawn = this.#list()?.pictures[0].shown[0].index.columns; // of pictures one by one: not all have hints
      const parts = PARTS.filter(([column]) => !drawn || drawn.includes(column));
      options.push(...parts.map(([column, text]) => [`${column}:${run.id}`, words ? `${text}, ${words}` : text]));
    }
    const key = JSON.stringify([options, this.sides]);
    if (key === this.key) return;
    this.key = key;
    this.selects.forEach((select, index) => {
      select.replaceChildren(...options.map(([value, text]) => el("option", { value, text })));
      select.value = this.sides[index];
    });
    const both = this.#runs().filter(({ id }) => shown.includes(id));
    const note = unlike(alike(both, "grid"), "What is right for one may be wrong for the other.");
    this.note.replaceChildren(...(note ? [note] : []));
  }

  /** The strip of one side, once it is there. @param {string} side @returns {Promise<Side>} */
  async #side(side) {
    const { part, id } = partOf(side);
    const run = this.model.runs.get(id);
    const found = run && (await (this.model.state.open?.kept ? this.#kept(run) : this.#ofGrid(run)));
    if (!found) return { strip: undefined, truth: undefined, row: 0 };
    const truth = part === "fake" ? columnOf(found.peek, "color") : undefined;
    return { strip: columnOf(found.peek, part), truth, row: found.row };
  }

  /** @param {import("./model.js").Run} run */
  async #ofGrid(run) {
    const { pictures, state, step } = this.model;
    if (step === undefined || !state.open) return undefined;
    const at = nearest(stepsOf(run, state.side), step);
    if (!pictures.peek(run, state.side, at, "fake")) await pictures.load(run, state.side, at);
    const peek = (/** @type {string} */ column) => pictures.peek(run, state.side, at, column);
    const rows = peek("fake")?.rows || 1;
    return { peek, row: Math.min(state.open.row, rows - 1), rows };
  }

  /** @param {import("./model.js").Run} run */
  async #kept(run) {
    const { pictures } = this.model;
    const name = nameOf(this.model);
    const all = this.#list()?.pictures ?? [];
    const shown = this.#picture()?.shown.find((each) => each.run === run);
    if (!shown) return undefined;
    await pictures.loadKept(run, name);
    return {
      peek: (/** @type {string} */ column) => pictures.peekKept(run, name, column),
      row: shown.row,
      rows: all.length,
    };
  }

  /** The open one of those that were kept one by one. */
  #picture() {
    const all = this.#list()?.pictures ?? [];
    return all[Math.min(this.model.state.open?.row ?? 0, all.length - 1)];
  }

  async #show() {
    const { open } = this.model.state;
    if (!this.node.open || !open) return;
    const turn = (this.turn = (this.turn || 0) + 1);
    const shown = await Promise.all(this.sides.map((side) => this.#side(side)));
    if (turn !== this.turn) return; // a later one has begun
    this.shown = shown;
    this.rows = (open.kept ? this.#list()?.pictures.length : shown[0].strip?.rows) || 1;
    const row = Math.min(open.row, this.rows - 1);
    this.title.textContent = this.#titleOf(row);
    const names = this.selects.map((select) => select.selectedOptions[0]?.textContent || "");
    this.canvas.setAttribute(
      "aria-label",
      `${names[0]} left of the wipe at ${Math.round(this.share * 100)} %, ${names[1]} right of it`,
    );
    this.#paint();
    if (this.point) this.#tell(this.point.x, this.point.y);
    this.canvas.dataset.step = String(this.model.step);
    this.canvas.dataset.row = String(row);
  }

  #titleOf(/** @type {number} */ row) {
    const { model } = this;
    const of = `${row + 1} of ${this.rows}`;
    if (!model.state.open?.kept) return `Drawing ${of}, step ${whole(model.step ?? 0)}`;
    return `Picture ${of}, ${metricOf(model, nameOf(model))} ${format(this.#picture()?.value)}`;
  }

  /** Both as wide as the canvas, which is as tall as the taller of the two. */
  #paint(withPoint = false) {
    const strips = this.shown.map(({ strip }) => strip);
    const tall = Math.max(0, ...strips.map((strip) => (strip ? strip.high / strip.wide : 0))) || 1;
    this.node.style.setProperty("--tall", String(tall));
    const width = Math.round(this.canvas.clientWidth * devicePixelRatio);
    const height = Math.round(width * tall);
    const context = this.canvas.getContext("2d");
    if (!context || !width) return;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    context.clearRect(0, 0, width, height);
    const cut = Math.round(width * this.share);
    [...strips].reverse().forEach((strip, index) => {
      context.save();
      context.beginPath();
      context.rect(0, 0, index === 0 ? width : cut, height);
      context.clip();
      const { row } = this.shown[1 - index];
      if (strip && row < strip.rows) {
        drawCell(context, strip, row, 0, 0, width, (width * strip.high) / strip.wide);
      }
      context.restore();
    });
    context.fillStyle = "#fff";
    context.fillRect(cut - 2 * devicePixelRatio, 0, 4 * devicePixelRatio, height);
    context.fillStyle = "#111";
    context.fillRect(cut - devicePixelRatio, 0, 2 * devicePixelRatio, height);
    if (withPoint && this.point) this.#frame(context, this.point, width, height);
  }

  /** A frame around the pixel that is told. */
  #frame(
    /** @type {CanvasRenderingContext2D} */ context,
    /** @type {{x: number, y: number}} */ { x, y },
    /** @type {number} */ width,
    /** @type {number} */ height,
  ) {
    const { wide, high } = this.#size();
    const [left, top] = [(Math.floor(x * wide) / wide) * width, (Math.floor(y * high) / high) * height];
    for (const [color, grown] of /** @type {[string, number][]} */ ([
      ["#111", 2],
      ["#fff", 1],
    ])) {
      context.strokeStyle = color;
      context.lineWidth = devicePixelRatio;
      context.strokeRect(left - grown, top - grown, width / wide + 2 * grown, height / high + 2 * grown);
    }
  }
}

/** @param {string} side @returns {{part: string, id: string}} */
function partOf(side) {
  const [, part, id] = /** @type {RegExpExecArray} */ (/^(?:(line|hint|color|difference):)?(.*)$/s.exec(side));
  return { part: part || "fake", id };
}
