/** Which two runs colour, and how they are shown. */

import { FLAT, listModels, startOf } from "./api.js";
import { el, need } from "../shared/elements.js";

/** @typedef {import("./api.js").Run} Run @typedef {import("./live.js").Order} Order */

/** One run, two side by side, with a wipe, and a run beside the flat fill. */
export const VIEWS = ["one", "beside", "wipe", "flat"];
const KEY = "gan.paint.view";
/** The name of what B is while it shows an answer that was kept. */
const KEPT = "--kept";

export class RunChoice {
  /** @param {import("./main.js").AppType} app */
  constructor(app) {
    this.app = app;
    /** @type {Run[]} */
    this.models = [];
    /** @type {{a: Run | null, b: Run | null}} */
    this.chosen = { a: null, b: null };
    /** @type {Run | null} what B was before it was the flat fill */
    this.rival = null;
    /** @type {Order | null} an answer to compare others of the same drawing with: of other hints, colourings and runs */
    this.kept = null;
    this.selects = {
      a: /** @type {HTMLSelectElement} */ (need("run-a")),
      b: /** @type {HTMLSelectElement} */ (need("run-b")),
    };
    for (const select of Object.values(this.selects)) select.append(el("option", { text: "Loading runs…" }));
    this.selects.a.onchange = () => this.#choose(this.selects.a.value, this.selects.b.value);
    this.selects.b.onchange = () => this.#choose(this.selects.a.value, this.selects.b.value);
    need("swap").onclick = () => this.swap();
    need("keep-as-b").onclick = () => this.keep();
    for (const button of document.querySelectorAll("button[data-view]")) {
      button.addEventListener("click", () => this.look(/** @type {any} */ (button).dataset.view));
    }
    document.addEventListener("visibilitychange", () => document.hidden || void this.#refresh());
  }

  /** Runs whose pictures are on the page. */
  get shown() {
    const { a, b } = this.chosen;
    return [a, this.app.stage.view === "one" ? null : b].filter((run) => run !== null);
  }

  /** What is looked at: one of the views. */
  get view() {
    const { view } = this.app.stage;
    return view === "beside" && this.chosen.b === FLAT ? "flat" : view;
  }

  /** @param {Run[]} found */
  show(found) {
    const models = (this.models = [...found, FLAT]);
    this.#list();
    const asked = new URLSearchParams(location.search);
    const a = this.#find(this.chosen.a?.run ?? asked.get("run")) ?? preferred(models, null);
    const b = this.#find(this.chosen.b?.run ?? asked.get("with")) ?? preferred(models, a);
    this.#choose(a?.run ?? "", b?.run ?? "");
    const view = asked.get("view") ?? remembered();
    if (view && VIEWS.includes(view) && view !== this.view) this.look(view);
  }

  /** Choose a run for A, where there is one of that name. @param {string} name */
  reopen(name) {
    const { a, b } = this.chosen;
    if (this.#find(name)) this.#choose(name, (b?.run === name ? a : b)?.run ?? "");
  }

  /** A and B change places; an answer that was kept is what is on the page again, and what was there is kept. */
  swap() {
    const { a, b } = this.chosen;
    const { kept } = this;
    if (!a || !b) return;
    if (b.run !== KEPT) {
      this.app.stage.swap();
      this.#choose(b.run, a.run);
      this.app.say(`A is now ${b.run}.`);
    } else if (kept && kept.state.sheet === this.app.history?.now.sheet && !this.app.draft) {
      this.app.stage.swap();
      this.kept = { state: this.app.history.now, run: a };
      this.#choose(kept.run.run, KEPT);
      this.app.commit(kept.state);
      this.app.say("A is now what was kept.");
    }
  }

  /** Keep the answer of A as B, beside which whatever comes next is seen. */
  keep() {
    const run = this.chosen.a;
    const state = this.app.history?.now;
    if (!run || !state || this.app.draft) return;
    this.kept = { state, run };
    this.#list();
    this.#choose(run.run, KEPT);
    if (this.view === "one") this.look("wipe");
    this.app.say("This answer is kept as B.");
  }

  /** What was kept is of no use on another drawing. */
  release() {
    const { a, b } = this.chosen;
    if (!this.kept) return;
    this.kept = null;
    if (this.rival?.run === KEPT) this.rival = null;
    this.#list();
    this.#choose(a?.run ?? "", b?.run === KEPT ? (preferred(this.models, a)?.run ?? "") : (b?.run ?? ""));
  }

  /** Whether B is an answer that was kept. */
  get keeps() {
    return this.chosen.b?.run === KEPT;
  }

  /** What a side shows of a state. @param {"a" | "b"} side @param {import("./main.js").State} state @returns {Order | null} */
  order(side, state) {
    const run = this.chosen[side];
    if (side === "b" && this.keeps) return this.kept?.state.sheet === state.sheet ? this.kept : null;
    return run && { state, run };
  }

  /** @param {string} view */
  look(view) {
    const { a, b } = this.chosen;
    const flat = view === "flat";
    this.app.stage.arrange(/** @type {any} */ (flat ? "beside" : view));
    const rival = flat ? FLAT : view === "beside" && b === FLAT ? (this.rival ?? b) : b;
    if (rival !== b) this.#choose(a?.run ?? "", rival?.run ?? "");
    this.#settle();
    try {
      localStorage.setItem(KEY, this.view);
    } catch {
      // a browser that keeps nothing: the address does
    }
    this.app.changed();
  }

  /** What there is to choose from. */
  #list() {
    for (const side of /** @type {const} */ (["a", "b"])) {
      const kept = side === "b" && this.kept ? [el("option", { value: KEPT, text: "The answer that was kept" })] : [];
      this.selects[side].replaceChildren(...groups(this.models), ...kept);
      this.selects[side].disabled = false;
    }
  }

  /** The page's words and address follow what is chosen. */
  #settle() {
    for (const button of document.querySelectorAll("button[data-view]")) {
      const pressed = /** @type {HTMLElement} */ (button).dataset.view === this.view;
      button.setAttribute("aria-pressed", String(pressed));
    }
    this.#remember();
    this.#explain();
    this.app.stage.label();
  }

  /** @param {string} a @param {string} b */
  #choose(a, b) {
    const before = this.chosen.a;
    if (this.chosen.b !== FLAT) this.rival = this.chosen.b;
    this.chosen = { a: this.#find(a), b: this.#find(b) };
    this.selects.a.value = a;
    this.selects.b.value = b;
    this.app.brush.fit();
    this.#settle();
    this.app.changed();
    if (before?.run === a) return;
    need("speed").textContent = ""; // it was of the run before
    void this.#start();
  }

  /** The palette and the drawings of run A. */
  async #start() {
    const run = this.chosen.a;
    if (!run) return;
    try {
      const start = await startOf(run.run);
      if (this.chosen.a !== run) return;
      this.app.colors.offer(start.palette);
      this.app.start.offer(run, start);
    } catch (fault) {
      this.app.fault(/** @type {Error} */ (fault));
    }
  }

  /** Runs that have saved their first weights since. */
  async #refresh() {
    const known = this.models.filter((run) => run !== FLAT);
    const { models } = await listModels().catch(() => ({ models: known }));
    if (JSON.stringify(models.map(({ run }) => run)) === JSON.stringify(known.map(({ run }) => run))) return;
    this.show(models);
    this.app.start.explain();
  }

  /** @param {string | null | undefined} name */
  #find(name) {
    if (name === KEPT && this.kept) return { ...this.kept.run, run: KEPT };
    return this.models.find(({ run }) => run === name) ?? null;
  }

  #remember() {
    const words = new URLSearchParams();
    if (this.chosen.a) words.set("run", this.chosen.a.run);
    if (this.chosen.b && !this.keeps) words.set("with", this.chosen.b.run);
    if (this.app.stage.view !== "one") words.set("view", this.app.stage.view);
    const query = words.toString().replaceAll("%2F", "/");
    history.replaceState(null, "", query ? `?${query}` : location.pathname);
  }

  /** Say what the runs that are shown have seen, and which of them do not know what hints are. */
  #explain() {
    /** @type {Map<string, Set<string>>} */
    const seen = new Map();
    for (const { run, seen: what } of this.shown.filter((one) => one.seen && one.run !== KEPT)) {
      seen.set(what, (seen.get(what) ?? new Set()).add(run));
    }
    need("seen").textContent = [...seen]
      .map(([what, runs]) => `${[...runs].join(" and ")} ${runs.size > 1 ? "have" : "has"} seen nothing but ${what}.`)
      .join(" ");
    const names = [...new Set(this.shown.filter((run) => !run.dab && run.run !== KEPT).map((run) => run.run))];
    need("about").textContent = names
      .map((name) => `${name} was trained without hints: it colours the drawing and ignores them.`)
      .join(" ");
  }
}

/** @returns {string | null} */
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** The run to begin with: one that points at hints, one with hints, the one saved last; for B another arm than A. @param {Run[]} models @param {Run | null} a */
function preferred(models, a) {
  const others = models.filter((run) => run.run !== a?.run);
  const rank = (/** @type {Run} */ run) =>
    (run === FLAT ? -8 : 0) +
    (run.exact && !a ? 8 : 0) +
    (run.dab ? 4 : 0) +
    (a && run.experiment !== a.experiment ? 2 : 0) +
    (a && run.seed === a.seed ? 1 : 0);
  return others.sort((one, other) => rank(other) - rank(one) || other.saved - one.saved)[0] ?? null;
}

/** Options by the folder that the runs lie in. @param {Run[]} models */
function groups(models) {
  /** @type {Map<string, Run[]>} */
  const folders = new Map();
  for (const run of models.filter((one) => one !== FLAT)) {
    const folder = run.run.split("/").slice(0, -2).join("/");
    folders.set(folder, [...(folders.get(folder) ?? []), run]);
  }
  const grouped = [...folders].flatMap(([folder, runs]) => {
    const options = runs.map((run) => el("option", { value: run.run, text: label(run, folder) }));
    return folder ? [el("optgroup", { label: folder }, ...options)] : options;
  });
  return [...grouped, el("option", { value: FLAT.run, text: "Flat fill · no network" })];
}

/** @param {Run} run @param {string} folder */
function label(run, folder) {
  const name = folder ? run.run.slice(folder.length + 1) : run.run;
  return run.dab ? name : `${name} · no hints`;
}
