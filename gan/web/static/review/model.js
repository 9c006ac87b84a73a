/**
 * What the page knows and what a person chose, for every part of the page; the review page and the report fill it.
 *
 * @typedef {{step: number[], time: number[], value: number[]}} Series
 * @typedef {{config: any, pictures: Record<string, any> | null, shape: [number, number] | null, made_with: any, samples: Record<string, [number, number][]>, hints: Record<string, any>,
 *   kept: Record<string, import("./ranking.js").Index>, test: any}} Details
 * @typedef {{id: string, study: string | null, group: string, arm: string, seed: number | null, label: string,
 *   version: string, state: string, broken: string, step: number, steps: number | null, left: number | null, updated: number, details: Details | null,
 *   last: Record<string, [number, number]>, series: Map<string, Series>}} Run
 */

import { duration, whole } from "./metrics.js";

/** Beginnings of everything that can be chosen; what is not the same as here stands in the address. */
export const DEFAULTS = {
  chosen: /** @type {string[]} */ ([]),
  step: Infinity, // the newest
  side: "val",
  layout: "grids",
  columns: ["line", "hint", "fake", "color"],
  metrics: /** @type {string[] | null} */ (null),
  log: false,
  mean: false, // curves: of the seeds of an arm
  smoothing: 0,
  axis: "step",
  color: "", // what colours say: a field or a metric; empty: the arm
  range: /** @type {[number, number] | null} */ (null), // of x that every curve shows; null: all
  order: /** @type {{name: string, worst: boolean} | null} */ (null), // of the table; null: that of the list
  source: "", // of the table's metrics; see rows.js
  statistic: "last",
  by: "run",
  fields: false, // of the configuration, in the table
  group: "", // field of which each value has rows of its own
  baseline: "", // id of a run
  filter: "", // of the table's rows
  scatter: /** @type {[string, string] | null} */ (null), // metrics of its axes, across and up
  zoom: { scale: 1, x: 0, y: 0 }, // of every drawing in the grids; see view.js
  open: /** @type {{row: number, left: string, right: string, kept: boolean} | null} */ (null), // the enlarged drawing; see wipe.js
  kept: "", // which pictures are listed one by one; see ranking.js
  worst: "", // the metric by which
  worstOf: "", // id of the run of which; else the mean of all
  bestFirst: false,
};

/** Columns of a grid, and what is made from them. */
export const COLUMNS = [...DEFAULTS.columns, "difference"];
/** @type {Record<string, string>} */
export const COLUMN_WORDS = {
  line: "drawing",
  hint: "hints",
  fake: "coloured",
  color: "truth",
  difference: "difference",
};

export class Model {
  constructor() {
    this.state = { ...DEFAULTS };
    /** @type {Map<string, Run>} */
    this.runs = new Map();
    /** @type {any[]} */
    this.studies = [];
    /** @type {any} gives the pictures; see pictures.js */
    this.pictures = null;
    /** Whether drawings of the training side can be asked for. */
    this.hasTrainingGrids = true;
    /** The name of the folder that is shown. */
    this.folder = "";
    /** @type {Map<string, Set<() => void>>} */
    this.listeners = new Map();
    /** @type {Set<string>} */
    this.told = new Set();
  }

  /**
   * Call `listener` soon after one of the topics changed, once for many changes. Topics: runs (the list), chosen,
   * details, series, and the names of what can be chosen.
   * @param {string[]} topics
   * @param {() => void} listener
   */
  on(topics, listener) {
    for (const topic of topics) {
      if (!this.listeners.has(topic)) this.listeners.set(topic, new Set());
      this.listeners.get(topic)?.add(listener);
    }
  }

  /** @param {...string} topics */
  tell(...topics) {
    if (this.told.size === 0) queueMicrotask(() => this.#flush());
    for (const topic of topics) this.told.add(topic);
  }

  #flush() {
    const due = new Set([...this.told].flatMap((topic) => [...(this.listeners.get(topic) || [])]));
    this.told.clear();
    for (const listener of due) listener();
  }

  /** @param {Partial<typeof DEFAULTS>} choice */
  set(choice) {
    const changed = Object.keys(choice).filter(
      (name) =>
        JSON.stringify(choice[/** @type {keyof typeof DEFAULTS} */ (name)]) !==
          JSON.stringify(this.state[/** @type {keyof typeof DEFAULTS} */ (name)]) || name === "step",
    );
    Object.assign(this.state, choice);
    if (changed.length) this.tell(...changed);
  }

  /** @returns {Run[]} the chosen runs that are there, in the order of the list */
  get chosen() {
    const chosen = new Set(this.state.chosen);
    return [...this.runs.values()].filter((run) => chosen.has(run.id));
  }

  /** @returns {number[]} steps at which one of the chosen runs has a grid */
  get steps() {
    const steps = new Set(this.chosen.flatMap((run) => stepsOf(run, this.state.side)));
    return [...steps].sort((a, b) => a - b);
  }

  /** @returns {number | undefined} the step that the slider is at */
  get step() {
    return nearest(this.steps, this.state.step);
  }

  /** @returns {Set<string>} metrics of the chosen runs */
  get metricNames() {
    return new Set(this.chosen.flatMap((run) => Object.keys(run.last)));
  }
}

/**
 * Steps at which a run has a grid.
 * @param {Run} run
 * @param {string} side val, train, or draws
 */
export function stepsOf(run, side) {
  return (run.details?.samples[side] || []).map(([step]) => step);
}

/**
 * The last of the steps that is not after `step`, or else the first.
 * @param {number[]} steps ascending
 * @param {number} step
 */
export function nearest(steps, step) {
  return steps.findLast((each) => each <= step) ?? steps[0];
}

/** How far a run is. @param {Run} run */
export function progressWords(run) {
  const of = run.steps && run.state !== "waiting" ? ` of ${whole(run.steps)}` : "";
  const at = `step ${whole(run.step)}${of}`;
  const left = run.left === null ? "" : `, ${duration(run.left)} left`;
  return { training: `training, ${at}${left}`, waiting: "starting", stopped: `stopped at ${at}`, done: `done, ${at}` }[
    run.state
  ];
}

/** Height of a run's drawings over their width. @param {Run} run */
export function tallOf(run) {
  const [high, wide] = run.details?.shape ?? [1, 1];
  return high / wide;
}

/**
 * What a run's id says: sepia/l1,alpha=0.5/seed-3 is seed 3 of the arm l1,alpha=0.5 in the group sepia.
 * @param {string} id
 */
export function named(id) {
  const parts = id.split("/");
  const seed = /^seed-(\d+)$/.exec(parts[parts.length - 1]);
  if (seed) parts.pop();
  const arm = parts.pop() || id;
  const label = seed ? `${arm} · seed ${seed[1]}` : arm;
  return { group: parts.join("/"), arm, seed: seed ? Number(seed[1]) : null, label };
}

/**
 * A run of the list before anything else is known of it.
 * @param {any} line of /api/runs
 * @returns {Run}
 */
export function runOf(line) {
  return {
    details: null,
    last: {},
    series: new Map(),
    ...named(line.id),
    ...line,
    seed: named(line.id).seed ?? line.seed,
  };
}
