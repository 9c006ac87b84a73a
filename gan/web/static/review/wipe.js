/** One drawing, large, with a wipe between two arms at the step of the slider. */

import { alike, unlike } from "./alike.js";
import { button, el, span } from "../shared/elements.js";
import { whole } from "./metrics.js";
import { nearest, stepsOf } from "./model.js";
import { drawCell } from "./panel.js";

const PARTS = /** @type {[string, string][]} */ ([
  ["line", "the drawing"],
  ["hint", "the hints"],
  ["color", "the truth"],
]);

export class Wipe {
  /** @param {import("./model.js").Model} model */
  constructor(model) {
    this.model = model;
    this.rows = 1;
    this.share = 0.5;
    this.key = ""; // of what can be chosen already
    this.canvas = el("canvas", { class: "wipe-canvas", role: "img", "aria-label": "Loading…" });
    this.title = el("h2", { id: "wipe-title", text: "Drawing" });
    const range = { type: "range", min: 0, max: 100, value: 50, class: "wipe-range" };
    this.range = el("input", { ...range, "aria-label": "Wipe: share of the left picture" });
    this.selects = ["Left picture", "Right picture"].map((label) => el("select", { "aria-label": label }));
    this.node = el("dialog", { class: "wipe", "aria-labelledby": "wipe-title" });
    this.note = el("div");
    const stage = el("div", { class: "wipe-stage" }, this.canvas);
    this.node.append(this.#head(), this.#sides(), this.note, stage, this.range);
    document.body.append(this.node);
    this.node.addEventListener("close", () => model.set({ open: null }));
    this.#steer();
    model.on(["open", "chosen", "step", "side", "details"], () => this.#follow());
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

  /** @returns {import("./model.js").Run[]} the chosen runs with a grid */
  #runs() {
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
    this.canvas.addEventListener("pointermove", (event) => event.buttons && follow(event));
    this.node.addEventListener("click", (event) => event.target === this.node && this.node.close());
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
    this.model.set({ open: { row, left, right } });
  }

  /** Every run, and of each set of pictures the drawing, the hints and the truth. */
  #fill() {
    const shown = this.sides.map((side) => partOf(side).id);
    const groups = alike(this.#runs(), "grid");
    const options = this.#runs().map((run) => [run.id, run.label]);
    for (const { runs, words } of groups) {
      const run = runs.find(({ id }) => shown.includes(id)) ?? runs[0];
      options.push(...PARTS.map(([column, text]) => [`${column}:${run.id}`, words ? `${text}, ${words}` : text]));
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

  /** The strip of one side, once it is there. @param {string} side */
  async #strip(side) {
    const { pictures, state, runs } = this.model;
    const { part, id } = partOf(side);
    const run = runs.get(id);
    const step = this.model.step;
    if (!run || step === undefined) return undefined;
    const at = nearest(stepsOf(run, state.side), step);
    if (!pictures.peek(run, state.side, at, "fake")) await pictures.load(run, state.side, at);
    return pictures.peek(run, state.side, at, part);
  }

  async #show() {
    const { open } = this.model.state;
    if (!this.node.open || !open) return;
    const turn = (this.turn = (this.turn || 0) + 1);
    const strips = await Promise.all(this.sides.map((side) => this.#strip(side)));
    if (turn !== this.turn) return; // a later one has begun
    this.rows = strips[0]?.rows || 1;
    const row = Math.min(open.row, this.rows - 1);
    this.title.textContent = `Drawing ${row + 1} of ${this.rows}, step ${whole(this.model.step ?? 0)}`;
    const names = this.selects.map((select) => select.selectedOptions[0]?.textContent || "");
    this.canvas.setAttribute(
      "aria-label",
      `${names[0]} left of the wipe at ${Math.round(this.share * 100)} %, ${names[1]} right of it`,
    );
    this.#paint(strips, row);
    this.canvas.dataset.step = String(this.model.step);
    this.canvas.dataset.row = String(row);
  }

  /** Both as wide as the canvas, which is as tall as the taller of the two. */
  #paint(/** @type {(import("./pictures.js").Strip | undefined)[]} */ strips, /** @type {number} */ row) {
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
      if (strip && row < strip.rows) {
        drawCell(context, strip, row, 0, 0, width, (width * strip.high) / strip.wide);
      }
      context.restore();
    });
    context.fillStyle = "#fff";
    context.fillRect(cut - 2 * devicePixelRatio, 0, 4 * devicePixelRatio, height);
    context.fillStyle = "#111";
    context.fillRect(cut - devicePixelRatio, 0, 2 * devicePixelRatio, height);
  }
}

/** @param {string} side @returns {{part: string, id: string}} */
function partOf(side) {
  const [, part, id] = /** @type {RegExpExecArray} */ (/^(?:(line|hint|color):)?(.*)$/s.exec(side));
  return { part: part || "fake", id };
}
