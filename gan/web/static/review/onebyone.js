/** The pictures that runs kept one by one, the worst first: drawing, truth, and each run's answer with its difference. */

import { unlike, alike } from "./alike.js";
import { dresser } from "./colors.js";
import { differenceScale } from "./difference.js";
import { button, checkbox, choice, el, span } from "../shared/elements.js";
import { betterWords, format, whole } from "./metrics.js";
import { COLUMN_WORDS } from "./model.js";
import { paint } from "./panel.js";
import { columnOf } from "./pictures.js";
import { canRank, keepers, metricOf, nameOf, namesOf, ranked, rankedBy, scoreOf } from "./ranking.js";
import { View } from "./view.js";

const AT_FIRST = 12; // pictures; the others are shown when they are asked for
const ALL = new View(); // nothing is enlarged here
const MEAN = "";

/** @typedef {{canvas: HTMLCanvasElement, shown: import("./ranking.js").Shown, columns: string[]}} Cells of one run */

export class OneByOne {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node is hidden where there can be none */
  constructor(model, node) {
    this.model = model;
    this.node = node;
    this.every = false;
    this.seen = false;
    this.key = ""; // of what is shown already
    /** @type {Cells[]} */
    this.cells = [];
    node.hidden = !canRank(model);
    if (node.hidden) return;
    this.tools = el("div", { class: "toolbar" });
    this.notes = el("div", { class: "notes" });
    this.place = el("div", { class: "one-by-one" });
    this.dress = dresser(model, this.place);
    node.append(this.tools, this.notes, this.place);
    const watcher = new IntersectionObserver(
      ([entry]) => {
        this.seen = entry.isIntersecting;
        this.#paint();
      },
      { rootMargin: "600px" },
    );
    watcher.observe(this.place);
    new ResizeObserver(() => this.#paint()).observe(this.place);
    model.on(["chosen", "details", "kept", "worst", "worstOf", "bestFirst"], () => this.#show());
    this.#show();
  }

  #show() {
    const { model } = this;
    const { chosen, state } = model;
    const name = nameOf(model);
    const known = chosen.map((run) => [run.id, run.details !== null, run.details?.kept[name]?.changed]);
    const key = JSON.stringify([name, known, state.worst, state.worstOf, state.bestFirst, this.every]);
    if (key === this.key) return;
    this.key = key;
    this.cells = [];
    const metric = name === undefined ? undefined : metricOf(model, name);
    if (metric === undefined) {
      this.tools?.replaceChildren();
      this.place?.replaceChildren();
      this.notes?.replaceChildren(el("p", { class: "empty" }, ...this.#howToGet(chosen)));
      return;
    }
    const runs = keepers(model, name);
    this.#tools(name, metric, runs);
    const without = chosen.filter((run) => run.details && !runs.includes(run));
    const differ = unlike(alike(runs, `kept/${name}`), "Each list is of the same pictures.");
    this.notes?.replaceChildren(
      el("p", { class: "dim", text: `${aboutOf(runs, name)} ${this.#order(metric, runs)}` }),
      ...(without.length ? [el("p", { class: "dim" }, ...this.#howToGet(without))] : []),
      ...(differ ? [differ] : []),
      differenceScale(),
    );
    const lists = ranked(model, name);
    this.place?.replaceChildren(...lists.map((list) => this.#list(list, metric)));
    this.dress?.();
    this.#paint();
  }

  /** @param {string} metric @param {import("./model.js").Run[]} runs */
  #order(metric, runs) {
    const { worstOf, bestFirst } = this.model.state;
    const own = runs.find((run) => run.id === worstOf)?.label;
    const whose = own ? `of ${own}` : runs.length > 1 ? "in the mean of the runs" : "";
    return `The ${bestFirst ? "best" : "worst"} by ${metric} ${whose}`.trim() + " come first.";
  }

  /** How runs get some pictures. @param {import("./model.js").Run[]} runs */
  #howToGet(runs) {
    if (!runs.length) return ["Choose runs in the list to see their pictures one by one."];
    if (runs.some((run) => !run.details)) return ["Loading…"];
    const done = runs.filter((run) => run.state === "done" || run.state === "stopped");
    const command = `gan evaluate ${this.model.folder}/${(done[0] ?? runs[0]).id}`;
    const names = runs.map((run) => run.id).join(", ");
    const when = "They are kept at the last step of a training, and by ";
    return [`No pictures one by one: ${names}. ${when}`, el("code", { text: command }), "."];
  }

  /** @param {string} name @param {string} metric @param {import("./model.js").Run[]} runs */
  #tools(name, metric, runs) {
    const { model } = this;
    const names = Object.fromEntries(namesOf(model).map((each) => [each, nameWords(each)]));
    const metrics = Object.fromEntries(rankedBy(runs, name).map((each) => [each, `by ${each}`]));
    const whose = { [MEAN]: "mean of the runs", ...Object.fromEntries(runs.map((run) => [run.id, `of ${run.label}`])) };
    const focused = document.activeElement?.getAttribute("aria-label");
    const of = model.state.worstOf in whose ? model.state.worstOf : MEAN;
    this.tools?.replaceChildren(
      choice("Which pictures", names, name, (kept) => model.set({ kept })),
      choice("Order", metrics, metric, (worst) => model.set({ worst })),
      choice("Whose values order them", whose, of, (worstOf) => model.set({ worstOf })),
      checkbox("best first", model.state.bestFirst, (bestFirst) => model.set({ bestFirst })),
      span("dim", betterWords(metric)),
    );
    const again = focused ? this.tools?.querySelector(`select[aria-label="${CSS.escape(focused)}"]`) : null;
    /** @type {HTMLElement | null | undefined} */ (again)?.focus();
  }

  /** @param {ReturnType<typeof ranked>[number]} list @param {string} metric */
  #list({ words, pictures }, metric) {
    const shown = this.every ? pictures : pictures.slice(0, AT_FIRST);
    const items = shown.map((picture, rank) => this.#item(picture, rank, metric));
    const showAll = () => {
      this.every = true;
      this.#show();
    };
    const rest = pictures.length - shown.length;
    return el(
      "section",
      {},
      words ? el("h3", { text: words }) : null,
      el("ol", { class: "ranked" }, ...items),
      rest > 0 ? button(`Show all ${pictures.length}`, showAll) : null,
    );
  }

  /** @param {import("./ranking.js").Picture} picture @param {number} rank @param {string} metric */
  #item({ shown }, rank, metric) {
    const truths = shown.map(({ index, row }) => index.truths[row]);
    const sameTruth = truths.every((truth) => truth === truths[0]);
    const first = this.#figure(shown[0], sameTruth ? ["line", "color"] : ["line"], rank, [`${rank + 1}.`]);
    const others = shown.map((each) => {
      const own = ["hint", "fake", ...(sameTruth ? [] : ["color"]), "difference"];
      const columns = own.filter((column) => column !== "hint" || each.index.columns.includes("hint"));
      const value = el("b", { text: format(scoreOf(each, metric)) });
      return this.#figure(each, columns, rank, [span("swatch", ""), value, ` ${each.run.label}`]);
    });
    return el("li", { data: { key: shown[0].index.keys[shown[0].row] } }, first, ...others);
  }

  /**
   * @param {import("./ranking.js").Shown} shown
   * @param {string[]} columns
   * @param {number} rank
   * @param {(Node | string)[]} caption
   */
  #figure(shown, columns, rank, caption) {
    const words = columns.map((column) => COLUMN_WORDS[column]).join(", ");
    const label = `${shown.run.label}, picture ${rank + 1}: ${words}; Enter enlarges it`;
    const canvas = el("canvas", { tabindex: 0, role: "button", "aria-label": label });
    const { id } = shown.run;
    const open = () => {
      const left = columns.includes("fake") ? id : `line:${id}`;
      this.model.set({ open: { row: rank, left, right: `color:${id}`, kept: true } });
    };
    canvas.addEventListener("click", open);
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      open();
    });
    this.cells.push({ canvas, shown, columns });
    const [high, wide] = shown.index.shape;
    const css = { "--columns": String(columns.length), "--wide": String(wide), "--high": String(high) };
    return el(
      "figure",
      { css, title: shown.run.id, data: { run: shown.run.id } },
      canvas,
      el("figcaption", {}, ...caption),
    );
  }

  /** Draw everything, once somebody is near. */
  async #paint() {
    if (!this.seen || !this.cells.length) return;
    const { cells, key } = this;
    const { pictures } = this.model;
    const name = nameOf(this.model);
    await Promise.all([...new Set(cells.map(({ shown }) => shown.run))].map((run) => pictures.loadKept(run, name)));
    if (key !== this.key) return;
    for (const { canvas, shown, columns } of cells) {
      const [high, wide] = shown.index.shape;
      const places = columns.map((column, at) => ({ column, row: shown.row, at, down: 0 }));
      const layout = { cells: places, wide: columns.length, high: 1, tall: high / wide };
      const peek = (/** @type {string} */ column) => pictures.peekKept(shown.run, name, column);
      paint(canvas, layout, ALL, (column) => columnOf(peek, column));
    }
    if (this.place) this.place.dataset.painted = name;
  }
}

/** @param {string} name of what was kept: a side, weights that are not the usual, a number of hints */
function nameWords(name) {
  const [side, ...more] = name.split("-");
  const hints = more.filter((word) => /^\d+$/.test(word)).map((count) => `${count} hints`);
  const others = more.filter((word) => !/^\d+$/.test(word));
  const sides = { val: "validation pictures", test: "test pictures", train: "training pictures" };
  return [sides[/** @type {keyof sides} */ (side)] ?? side, ...others, ...hints].join(", ");
}

/** How many pictures of how many, and at which step. @param {import("./model.js").Run[]} runs @param {string} name */
function aboutOf(runs, name) {
  const all = runs.map((run) => /** @type {import("./ranking.js").Index} */ (run.details?.kept[name]));
  const several = (/** @type {(index: import("./ranking.js").Index) => number} */ of) =>
    [...new Set(all.map(of))].map(whole).join(" and ");
  const count = `${several(({ keys }) => keys.length)} of ${several(({ of }) => of)} ${nameWords(name)}`;
  return `${count}, evenly spread; after step ${several(({ step }) => step)}.`;
}
