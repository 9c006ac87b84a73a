/** The paint page: what is on it, and what happens when something changes. */

import { listModels } from "./api.js";
import { Areas } from "./areas.js";
import { Choice } from "./choice.js";
import { ColorPanel } from "./colors.js";
import { need } from "../shared/elements.js";
import { History } from "./history.js";
import { KeepPanel } from "./keep.js";
import { listenToKeys } from "./keys.js";
import { Side } from "./live.js";
import { Uploads } from "./paper.js";
import { Brush } from "./brush.js";
import { Reference } from "./reference.js";
import { RunChoice } from "./runs.js";
import { Stage } from "./stage.js";
import { StartPanel } from "./start.js";
import { countDabs, kindOf } from "./strokes.js";
import { Variants } from "./variants.js";
import { Works } from "./works.js";

/**
 * @typedef {{sheet: import("./paper.js").Sheet, lines: import("./paper.js").Line[],
 *   strokes: import("./strokes.js").Stroke[], variant: number}} State what can be undone: the drawing, the hints on
 *   it, and which of their colourings runs that draw show, from 0 on.
 * @typedef {"stroke" | "dab" | "fill" | "tint" | "erase" | "pick" | "line" | "rub"} Tool
 */

const TOOLS = {
  stroke: "Stroke",
  dab: "Dab",
  fill: "Fill an area",
  tint: "Recolour a hint",
  erase: "Erase",
  pick: "Pick a colour",
  line: "Line",
  rub: "Rub out",
};

class App {
  constructor() {
    /** @type {History<State> | null} */
    this.history = null;
    /** @type {State | null} what a gesture has made so far; it becomes the next state when it ends. */
    this.draft = null;
    /** @type {Tool} */
    this.tool = "stroke";
    this.mostHints = 4000;
    this.uploads = new Uploads();
    this.areas = new Areas(this.uploads, () => this.stage.draw());
    this.colors = new ColorPanel(this);
    this.brush = new Brush(this);
    this.runs = new RunChoice(this);
    this.stage = new Stage(this);
    this.start = new StartPanel(this);
    this.keep = new KeepPanel(this);
    this.works = new Works(this);
    this.variants = new Variants(this);
    this.choice = new Choice(this);
    this.reference = new Reference(this);
    this.sides = { a: this.#side("a"), b: this.#side("b") };
    /** @type {Record<"a" | "b", string>} */
    this.faults = { a: "", b: "" };
    this.#listen();
  }

  /** @returns {State | null} what is on the page now, an unfinished gesture included. */
  get state() {
    return this.draft ?? this.history?.now ?? null;
  }

  async open() {
    try {
      const { models, limits } = await listModels();
      this.mostHints = limits.hints;
      this.variants.most = limits.variants;
      this.start.mostBytes = limits.bytes;
      this.runs.show(models);
    } catch (fault) {
      this.fault(/** @type {Error} */ (fault));
    }
    this.start.open();
  }

  /**
   * Begin with another drawing; the one before can be had back by undoing.
   *
   * @param {import("./paper.js").Sheet} sheet @param {Partial<State>} [done] what is on it
   */
  begin(sheet, done = {}) {
    const state = { lines: [], strokes: [], variant: 0, ...done, sheet };
    if (this.history) this.history.add(state);
    else this.history = new History(state);
    this.runs.release();
    this.start.close();
    this.brush.fit();
    this.changed();
    this.say(`${sheet.name}, ${sheet.width} by ${sheet.height} pixels. Paint on it.`);
    this.stage.focus();
  }

  /** A gesture goes on. @param {State | null} state @param {number | null} since when the event happened */
  sketch(state, since) {
    this.draft = state;
    this.changed(since);
  }

  /** A gesture ends. @param {State} state @param {number | null} since */
  commit(state, since = null) {
    const before = this.history?.now;
    this.draft = null;
    if (!before || !this.history) return;
    const parts = /** @type {const} */ (["sheet", "lines", "strokes", "variant"]);
    if (parts.some((part) => state[part] !== before[part])) this.history.add(state);
    this.changed(since);
  }

  /** Everything follows from the state. @param {number | null} since when a pointer event happened that changed it */
  changed(since = null) {
    const { state } = this;
    this.stage.draw();
    this.#buttons();
    this.variants.show();
    if (!state) return;
    const { a, b } = this.runs.chosen;
    const drawsLine = this.draft !== null && this.draft.lines !== this.history?.now.lines;
    if (drawsLine) return; // colours follow when the line is finished, for the drawing has to be sent first
    this.sides.a.want(a ? { state, run: a } : null, since);
    const other = b && this.stage.view !== "one" ? this.runs.order("b", state) : null;
    this.sides.b.want(other && !(this.runs.keeps && this.stage.shows("b", other)) ? other : null, since);
    if (this.keep.transparent || this.runs.shown.some((run) => run.exact)) void this.areas.want(state);
    this.keep.show();
    this.#report();
    if (this.draft) return;
    this.choice.show();
    this.works.save();
  }

  undo() {
    if (this.draft) this.sketch(null, null);
    else if (this.history?.undo()) this.#moved("Undone");
  }

  redo() {
    if (!this.draft && this.history?.redo()) this.#moved("Done again");
  }

  clear() {
    const state = this.history?.now;
    if (!state || state.strokes.length === 0) return;
    this.commit({ ...state, strokes: [] });
    this.say("All hints cleared. Undo brings them back.");
  }

  /** @param {string} words */
  #moved(words) {
    this.brush.fit();
    this.changed();
    this.say(`${words}. ${hintCount(this.history?.now ?? null)}.`);
  }

  /** @param {Tool} tool */
  use(tool) {
    this.tool = tool;
    if (tool === "tint") this.stage.showHints(true);
    else if (tool !== "pick") this.choice.choose(null);
    for (const button of document.querySelectorAll("[data-tool]")) {
      const pressed = /** @type {HTMLElement} */ (button).dataset.tool === tool;
      button.setAttribute("aria-pressed", String(pressed));
    }
    this.say(`${TOOLS[tool]}.`);
    this.stage.draw();
  }

  /** Whether a picture has as many hints as the server takes, and says so. @param {number} more */
  isFull(more) {
    const full = countDabs(this.state?.strokes ?? []) + more > this.mostHints;
    if (full)
      this.fault(new Error(`A picture can have ${this.mostHints} hints: erase some, or paint with a wider brush.`));
    return full;
  }

  /** For people who do not see the picture. @param {string} words */
  say(words) {
    need("say").textContent = words;
  }

  /** @param {Error | null} fault */
  fault(fault) {
    const place = need("fault");
    place.hidden = fault === null;
    place.textContent = fault?.message ?? "";
  }

  /** @param {"a" | "b"} name */
  #side(name) {
    return new Side(this.uploads, {
      picture: (answer) => this.stage.show(name, answer),
      busy: (busy) => this.stage.busy(name, busy),
      took: (milliseconds, { state, run }) => {
        const shown = state.sheet === this.state?.sheet && run === this.runs.chosen.a;
        if (name === "a" && shown) need("speed").textContent = `${Math.round(milliseconds)} ms from brush to picture`;
      },
      note: (words, { state }) => {
        if (state.sheet === this.state?.sheet) need("note").textContent = words;
      },
      fault: (fault) => {
        this.faults[name] = fault?.message ?? "";
        const words = this.faults.a || this.faults.b;
        this.fault(words ? new Error(words) : null);
      },
    });
  }

  #report() {
    need("report").textContent = hintCount(this.state);
    need("report").dataset.dabs = String(countDabs(this.state?.strokes ?? []));
  }

  #buttons() {
    const history = this.history;
    button("undo").disabled = !history || history.before.length === 0;
    button("redo").disabled = !history || history.after.length === 0;
    button("clear").disabled = !this.state || this.state.strokes.length === 0;
  }

  #listen() {
    button("undo").onclick = () => this.undo();
    button("redo").onclick = () => this.redo();
    button("clear").onclick = () => this.clear();
    button("new").onclick = () => this.start.open();
    for (const one of document.querySelectorAll("[data-tool]")) {
      one.addEventListener("click", () => this.use(/** @type {any} */ (one).dataset.tool));
    }
    listenToKeys(this);
    this.#buttons();
  }
}

/** How many hints there are, in words. @param {State | null} state */
function hintCount(state) {
  const strokes = state?.strokes ?? [];
  const kinds = strokes.map(kindOf);
  const counts = ["stroke", "dab", "fill"].map((kind) => counted(kinds.filter((one) => one === kind).length, kind));
  return counts.filter(Boolean).join(", ") || "No hints yet: paint on the picture";
}

/** @param {number} count @param {string} word */
function counted(count, word) {
  return count === 0 ? "" : `${count} ${word}${count === 1 ? "" : "s"}`;
}

/** @param {string} id */
function button(id) {
  return /** @type {HTMLButtonElement} */ (need(id));
}

/** @typedef {App} AppType */
void new App().open();
