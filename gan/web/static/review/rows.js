/** The rows of the table of metrics: of runs, of the seeds of an arm, and of what needs no network. */

import { jointLook, looksOf } from "./colors.js";
import { textsOf } from "./fields.js";
import { numbersOf } from "./finals.js";
import { badness, better, whole } from "./metrics.js";

const CLOSED = {
  median: ["L1 optimum", "closed form"],
  mean: ["L2 optimum", "closed form"],
  sampler: ["perfect sampler", "closed form"],
  watershed: ["watershed", "the hints, no network"],
};
/** Which of the values that were logged. */
export const STATISTICS = {
  last: "last value",
  best: "best value, with its step",
  least: "least value, with its step",
  greatest: "greatest value, with its step",
};

/**
 * @typedef {{ids: string[], title: string, look: import("./colors.js").Look | undefined, note: string,
 *   fields: Map<string, string>, values: Record<string, number>, steps: Record<string, number>,
 *   spread: Record<string, number>, reference: boolean}} Row of the runs with these ids; fields: of their
 *   configuration; steps: at which a value was logged, where that is not the same for all
 */

/**
 * The best value of a metric, where there are at least two to choose from.
 * @param {Row[]} rows
 * @param {string} name
 * @param {import("./metrics.js").Better} way
 */
export function bestOf(rows, name, way) {
  const values = rows.map((row) => row.values[name]).filter((value) => value !== undefined);
  if (way === undefined || way === null || new Set(values).size < 2) return undefined;
  return values.reduce((best, value) => (badness(value, way) < badness(best, way) ? value : best));
}

/** The one that was chosen, or the first there is. @param {import("./model.js").Model} model */
export function sourceOf({ chosen, state }) {
  const sources = sourcesOf(chosen);
  return sources.includes(state.source) ? state.source : sources[0];
}

/**
 * Where metrics were measured: "test", "test/3" (with 3 hints), "val", "val_hints/3", "val_average".
 * @param {import("./model.js").Run[]} runs
 */
export function sourcesOf(runs) {
  const sources = new Set();
  for (const run of runs) {
    if (run.details?.test?.metrics) sources.add("test");
    for (const count of Object.keys(run.details?.test?.hints || {})) if (count !== "0") sources.add(`test/${count}`);
    for (const name of Object.keys(run.last)) {
      const prefix = /^(val_hints\/\d+|val_average|val)\//.exec(name);
      if (prefix) sources.add(prefix[1]);
    }
  }
  const rank = ["test", "val"];
  return [...sources].sort(
    (a, b) => (rank.indexOf(a) + 1 || 9) - (rank.indexOf(b) + 1 || 9) || a.localeCompare(b, "en", { numeric: true }),
  );
}

/** @param {string} source */
export function sourceWords(source) {
  const [where, count] = source.split("/");
  const hints = count ? `, ${count} ${count === "1" ? "hint" : "hints"}` : "";
  return (
    {
      test: "test pictures",
      val: "validation pictures",
      val_hints: "validation pictures",
      val_average: "validation, moving average of the weights",
    }[where] + hints
  );
}

/**
 * @param {import("./model.js").Model} model
 * @param {import("./model.js").Run[]} runs
 * @param {string} source
 * @param {string} statistic one of STATISTICS, of what was logged
 * @returns {Row[]}
 */
export function rowsOf(model, runs, source, statistic) {
  const looks = looksOf(model);
  return runs.map((run) => {
    const { values, steps, step } = valuesOf(run, source, statistic);
    const note = step === null || step === run.steps ? "" : `step ${whole(step)}`;
    const look = looks.get(run.id);
    const fields = textsOf(run);
    return { ids: [run.id], title: run.label, look, note, fields, values, steps, spread: {}, reference: false };
  });
}

/**
 * @param {import("./model.js").Run} run
 * @param {string} source
 * @param {string} statistic
 * @returns {{values: Record<string, number>, steps: Record<string, number>, step: number | null}} step: of all
 */
export function valuesOf(run, source, statistic) {
  /** @type {Record<string, number>} */
  const values = {};
  /** @type {Record<string, number>} */
  const steps = {};
  if (source.startsWith("test")) {
    const test = run.details?.test;
    const [, count] = source.split("/");
    return {
      values: numbersOf(count ? test?.hints?.[count]?.metrics : test?.metrics),
      steps,
      step: test?.step ?? null,
    };
  }
  for (const name of Object.keys(run.last).filter((each) => each.startsWith(`${source}/`))) {
    const bare = name.slice(source.length + 1);
    const found = chosenOf(run, name, statistic);
    if (found) [steps[bare], values[bare]] = found;
  }
  const all = new Set(Object.values(steps));
  if (statistic !== "last") return { values, steps, step: null };
  return { values, steps: all.size > 1 ? steps : {}, step: all.size ? Math.max(...all) : null };
}

/**
 * @param {import("./model.js").Run} run
 * @param {string} name
 * @param {string} statistic
 * @returns {[number, number] | undefined} step and value; undefined where nothing is the best
 */
function chosenOf(run, name, statistic) {
  if (statistic === "last") return run.last[name];
  const [least, greatest, nearest] = extremesOf(run.series.get(name), better(name));
  if (statistic === "least") return least;
  if (statistic === "greatest") return greatest;
  const way = better(name);
  if (way === undefined || way === null) return undefined;
  return way === "lower" ? least : way === "higher" ? greatest : nearest;
}

/**
 * The first point of least and of greatest value, and the nearest to what is best.
 * @param {import("./model.js").Series | undefined} series
 * @param {import("./metrics.js").Better} way
 */
function extremesOf(series, way) {
  /** @type {[number, number][]} */
  const points = series?.value.map((value, index) => [series.step[index], value]) ?? [];
  return /** @type {const} */ (["lower", "higher", typeof way === "number" ? way : "lower"]).map((to) =>
    points.reduce(
      (/** @type {[number, number] | undefined} */ found, point) =>
        found && badness(found[1], to) <= badness(point[1], to) ? found : point,
      undefined,
    ),
  );
}

/**
 * What theory says of the pictures, and the watershed of the hints: the mean over the runs, whose hints and draws of
 * colour are their own.
 * @param {import("./model.js").Run[]} runs of the same pictures
 * @param {string} source
 * @returns {Row[]}
 */
export function closedForms(runs, source) {
  if (!source.startsWith("test")) return [];
  const [, count] = source.split("/");
  const of = (/** @type {any} */ test) => (count ? test?.hints?.[count]?.closed_forms : test?.closed_forms);
  const forms = runs.map((run) => of(run.details?.test)).filter((each) => each && typeof each === "object");
  return Object.entries(CLOSED).flatMap(([form, [title, note]]) => {
    const there = forms.map((each) => each[form]).filter(Boolean);
    const values = meanOf(there.map(numbersOf));
    const plain = { ids: [], look: undefined, fields: new Map(), steps: {}, spread: {}, reference: true };
    return there.length ? [{ ...plain, title, note, values }] : [];
  });
}

/** @param {Record<string, number>[]} all @returns {Record<string, number>} */
function meanOf(all) {
  const names = new Set(all.flatMap(Object.keys));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = all.map((each) => each[name]).filter((value) => value !== undefined);
      return [name, new Set(values).size === 1 ? values[0] : sum(values) / values.length];
    }),
  );
}

/** Means and standard deviations over the seeds of an arm. @param {Row[]} rows @param {import("./model.js").Run[]} runs */
export function byArm(rows, runs) {
  const seeds = rows.map((row, index) => ({ row, run: runs[index] }));
  const arms = Map.groupBy(seeds, ({ run }) => `${run.group}/${run.arm}`);
  return [...arms.values()].map((members) => {
    const note = `${members.length} ${members.length === 1 ? "seed" : "seeds"}`;
    /** @type {Row} */
    const mean = { ...members[0].row, title: members[0].run.arm, note, values: {}, steps: {}, spread: {} };
    mean.ids = members.map(({ run }) => run.id);
    mean.look = jointLook(members.flatMap(({ row }) => row.look ?? []));
    const names = new Set(members.flatMap(({ row }) => [...row.fields.keys()]));
    const texts = (/** @type {string} */ name) => new Set(members.map(({ row }) => row.fields.get(name) ?? "–"));
    mean.fields = new Map([...names].map((name) => [name, [...texts(name)].join(" | ")]));
    for (const name of new Set(members.flatMap(({ row }) => Object.keys(row.values)))) {
      const values = members.map(({ row }) => row.values[name]).filter((value) => value !== undefined);
      const average = sum(values) / values.length;
      mean.values[name] = average;
      if (values.length < 2) continue;
      mean.spread[name] = Math.sqrt(sum(values.map((value) => (value - average) ** 2)) / (values.length - 1));
    }
    return mean;
  });
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
