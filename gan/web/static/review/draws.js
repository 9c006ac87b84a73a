/** Of runs that draw: the colourings of one drawing side by side, at the step of the slider. */

import { dresser } from "./colors.js";
import { el, span } from "../shared/elements.js";
import { whole } from "./metrics.js";
import { nearest, stepsOf, tallOf } from "./model.js";
import { arrange, paint } from "./panel.js";
import { View } from "./view.js";

const SIDE = "draws";
/** As in gan/grid.py. */
const COLUMNS = ["line", ...Array.from({ length: 8 }, (_, index) => `draw ${index + 1}`)];
const ALL = new View(); // nothing is enlarged here

/**
 * @typedef {{run: import("./model.js").Run, node: HTMLElement, canvas: HTMLCanvasElement, note: HTMLElement,
 *   seen: boolean}} Panel
 */

export class Draws {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node */
  constructor(model, node) {
    this.model = model;
    /** @type {Panel[]} */
    this.panels = [];
    this.place = el("div");
    this.dress = dresser(model, this.place);
    const title = el("h3", { id: "draws-title", text: "Draws of one drawing" });
    const about = "Each row is one validation drawing without hints, coloured by one draw of noise after another.";
    this.node = el("section", { class: "draws", "aria-labelledby": "draws-title", hidden: true });
    this.node.append(title, el("p", { class: "dim", text: about }), this.place);
    node.append(this.node);
    this.watcher = new IntersectionObserver((entries) => this.#see(entries), { rootMargin: "300px" });
    new ResizeObserver(() => this.#show()).observe(this.place);
    model.on(["chosen", "details"], () => this.#build());
    model.on(["step", "side"], () => this.#show());
    this.#build();
  }

  #build() {
    const runs = this.model.chosen.filter((run) => stepsOf(run, SIDE).length);
    this.node.hidden = !runs.length;
    if (String(runs.map(({ id }) => id)) !== String(this.panels.map(({ run }) => run.id))) {
      this.watcher.disconnect();
      this.panels = runs.map((run) => this.#panel(run));
      this.place.replaceChildren(...this.panels.map(({ node }) => node));
      for (const { node } of this.panels) this.watcher.observe(node);
    }
    this.dress();
    this.#show();
  }

  /** @param {import("./model.js").Run} run @returns {Panel} */
  #panel(run) {
    const canvas = el("canvas", { role: "img" });
    const note = span("grid-note", "");
    const called = span("run-name", run.label);
    const title = el("h4", { class: "grid-title", title: run.id }, span("swatch", ""), called, note);
    const words = COLUMNS.map((name) => el("span", { text: name === "line" ? "drawing" : name }));
    const names = el("div", { class: "grid-names", "aria-hidden": "true" }, ...words);
    const scroller = { class: "scroller", tabindex: 0, role: "region", "aria-label": `Draws of ${run.label}` };
    const node = el(
      "figure",
      { class: "draws-panel", data: { run: run.id } },
      title,
      el("div", scroller, el("div", { class: "draws-sheet" }, names, canvas)),
    );
    return { run, node, canvas, note, seen: false };
  }

  #see(/** @type {IntersectionObserverEntry[]} */ entries) {
    for (const panel of this.panels) {
      const entry = entries.findLast(({ target }) => target === panel.node);
      if (entry) panel.seen = entry.isIntersecting;
    }
    this.#show();
  }

  /** Draw what is in sight, as soon as it is there. */
  async #show() {
    const { model } = this;
    const step = model.step;
    if (step === undefined) return;
    await Promise.all(
      this.panels
        .filter(({ seen }) => seen)
        .map(async (panel) => {
          const at = nearest(stepsOf(panel.run, SIDE), step);
          if (!model.pictures.peek(panel.run, SIDE, at, "line")) await model.pictures.load(panel.run, SIDE, at);
          if (model.step === step) this.#paint(panel, at, step);
        }),
    );
  }

  #paint(/** @type {Panel} */ { run, canvas, note }, /** @type {number} */ at, /** @type {number} */ step) {
    const strip = (/** @type {string} */ column) => this.model.pictures.peek(run, SIDE, at, column);
    const rows = strip("line")?.rows;
    if (!rows) return;
    const layout = arrange(COLUMNS, rows, false, tallOf(run));
    canvas.style.setProperty("aspect-ratio", `${layout.wide} / ${layout.high * layout.tall}`);
    paint(canvas, layout, ALL, strip);
    canvas.dataset.step = String(at);
    const words = `${rows} drawings, and ${layout.wide - 1} draws of each`;
    canvas.setAttribute("aria-label", `${run.label}, step ${at}: ${words}`);
    note.textContent = at === step ? "" : at < step ? `latest: step ${whole(at)}` : `first: step ${whole(at)}`;
  }
}
