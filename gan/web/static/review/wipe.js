/** One drawing, large, with a wipe between two arms at the step of the slider. */

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
    this.row = 0;
    this.rows = 1;
    this.share = 0.5;
    /** What is on the left and on the right: a run's id, or `column:id`. */
    this.sides = ["", ""];
    this.canvas = el("canvas", { class: "wipe-canvas", role: "img" });
    this.title = el("h2", { id: "wipe-title" });
    const range = { type: "range", min: 0, max: 100, value: 50, class: "wipe-range" };
    this.range = el("input", { ...range, "aria-label": "Wipe: share of the left picture" });
    this.selects = ["Left picture", "Right picture"].map((label) => el("select", { "aria-label": label }));
    this.node = el("dialog", { class: "wipe", "aria-labelledby": "wipe-title" });
    this.node.append(this.#head(), this.#sides(), el("div", { class: "wipe-stage" }, this.canvas), this.range);
    document.body.append(this.node);
    this.#steer();
    model.on(["step", "side", "details"], () => this.#show());
  }

  #head() {
    const turn = (/** @type {string} */ text, /** @type {string} */ title, /** @type {number} */ by) => {
      const click = () => {
        this.row = (this.row + by + this.rows) % this.rows;
        this.#show();
      };
      return button(text, click, { title, "aria-label": title });
    };
    const close = button("Close", () => this.node.close(), { class: "close" });
    const turns = [turn("‹", "Previous drawing", -1), turn("›", "Next drawing", 1)];
    return el("header", { class: "wipe-head" }, this.title, ...turns, close);
  }

  #sides() {
    this.selects.forEach((select, index) =>
      select.addEventListener("change", () => {
        this.sides[index] = select.value;
        this.#show();
      }),
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
    const others = this.model.chosen.filter((each) => each !== run && stepsOf(each, this.model.state.side).length);
    const left = column === "fake" ? run.id : `${column}:${run.id}`;
    const right = column !== "fake" ? run.id : others.length ? others[0].id : `color:${run.id}`;
    this.row = row;
    this.sides = [left, right];
    this.#fill(run);
    this.node.showModal();
    this.#wipeTo(0.5);
  }

  #fill(/** @type {import("./model.js").Run} */ run) {
    const runs = this.model.chosen.filter((each) => stepsOf(each, this.model.state.side).length);
    this.selects.forEach((select, index) => {
      const options = runs.map((each) => el("option", { value: each.id, text: each.label }));
      options.push(...PARTS.map(([column, text]) => el("option", { value: `${column}:${run.id}`, text })));
      select.replaceChildren(...options);
      select.value = this.sides[index];
    });
  }

  /** The strip of one side, once it is there. @param {string} side */
  async #strip(side) {
    const { pictures, state, runs } = this.model;
    const [, part, id] = /** @type {RegExpExecArray} */ (/^(?:(line|hint|color):)?(.*)$/s.exec(side));
    const run = runs.get(id);
    const step = this.model.step;
    if (!run || step === undefined) return undefined;
    const at = nearest(stepsOf(run, state.side), step);
    if (!pictures.peek(run, state.side, at, "fake")) await pictures.load(run, state.side, at);
    return pictures.peek(run, state.side, at, part || "fake");
  }

  async #show() {
    if (!this.node.open) return;
    const turn = (this.turn = (this.turn || 0) + 1);
    const strips = await Promise.all(this.sides.map((side) => this.#strip(side)));
    if (turn !== this.turn) return; // a later one has begun
    this.rows = strips[0]?.rows || 1;
    this.title.textContent = `Drawing ${this.row + 1} of ${this.rows}, step ${whole(this.model.step ?? 0)}`;
    const names = this.selects.map((select) => select.selectedOptions[0]?.textContent || "");
    this.canvas.setAttribute(
      "aria-label",
      `${names[0]} left of the wipe at ${Math.round(this.share * 100)} %, ${names[1]} right of it`,
    );
    this.#paint(strips);
    this.canvas.dataset.step = String(this.model.step);
    this.canvas.dataset.row = String(this.row);
  }

  /** Both as wide as the canvas, which is as tall as the taller of the two. */
  #paint(/** @type {(import("./pictures.js").Strip | undefined)[]} */ strips) {
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
      if (strip && this.row < strip.rows) {
        drawCell(context, strip, this.row, 0, 0, width, (width * strip.high) / strip.wide);
      }
      context.restore();
    });
    context.fillStyle = "#fff";
    context.fillRect(cut - 2 * devicePixelRatio, 0, 4 * devicePixelRatio, height);
    context.fillStyle = "#111";
    context.fillRect(cut - devicePixelRatio, 0, 2 * devicePixelRatio, height);
  }
}
