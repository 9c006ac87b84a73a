/**
 * The pictures that runs kept one by one (gan/evaluation/pictures.py), in the order of a metric.
 *
 * @typedef {{split: string, step: number, hints: number, of: number, columns: string[], shape: [number, number],
 *   keys: string[], truths: string[], metrics: Record<string, (number | null)[]>, changed: number, title?: string}} Index
 * @typedef {{run: import("./model.js").Run, index: Index, row: number}} Shown one run's, in the row of its sheet
 * @typedef {{value: number | null, shown: Shown[]}} Picture of which each of the runs has an answer
 */

import { alike } from "./alike.js";
import { badness, better, inOrder } from "./metrics.js";

/** Whether there is a list at all: a report has none. @param {import("./model.js").Model} model */
export function canRank(model) {
  return "peekKept" in model.pictures;
}

/** Names of what the chosen runs kept, without hints first. @param {import("./model.js").Model} model */
export function namesOf({ chosen }) {
  const names = new Set(chosen.flatMap((run) => Object.keys(run.details?.kept ?? {})));
  return [...names].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** The one that was chosen, or the first that most runs have. @param {import("./model.js").Model} model */
export function nameOf(model) {
  const names = namesOf(model);
  if (names.includes(model.state.kept)) return model.state.kept;
  const count = (/** @type {string} */ name) => keepers(model, name).length;
  return names.reduce((best, name) => (count(name) > count(best) ? name : best), names[0]);
}

/** The chosen runs that kept these. @param {import("./model.js").Model} model @param {string} name */
export function keepers({ chosen }, name) {
  return chosen.filter((run) => run.details?.kept[name]);
}

/** Metrics of which it is known which way is better. @param {import("./model.js").Run[]} runs @param {string} name */
export function rankedBy(runs, name) {
  const names = new Set(runs.flatMap((run) => Object.keys(run.details?.kept[name].metrics ?? {})));
  return inOrder(names).filter((metric) => better(metric) !== undefined && better(metric) !== null);
}

/** The metric that was chosen, or the first there is. @param {import("./model.js").Model} model @param {string} name */
export function metricOf(model, name) {
  const metrics = rankedBy(keepers(model, name), name);
  return metrics.includes(model.state.worst) ? model.state.worst : metrics[0];
}

/**
 * The pictures that all runs of the same data kept, the worst first.
 * @param {import("./model.js").Model} model
 * @param {string} name
 * @returns {{words: string, pictures: Picture[]}[]} of the same data each
 */
export function ranked(model, name) {
  const metric = metricOf(model, name);
  const way = better(metric) ?? "lower";
  const sign = model.state.bestFirst ? 1 : -1;
  return alike(keepers(model, name), `kept/${name}`).map(({ runs, words }) => {
    const indices = runs.map((run) => /** @type {Index} */ (run.details?.kept[name]));
    const rows = indices.map(({ keys }) => new Map(keys.map((key, row) => [key, row])));
    const common = indices[0].keys.filter((key) => rows.every((there) => there.has(key)));
    const pictures = common.map((key) => {
      const shown = runs.map((run, at) => ({ run, index: indices[at], row: rows[at].get(key) ?? 0 }));
      return { shown, value: valueOf(shown, metric, model.state.worstOf) };
    });
    const bad = (/** @type {Picture} */ { value }) => (value === null ? undefined : badness(value, way));
    pictures.sort((a, b) => {
      const [one, other] = [bad(a), bad(b)];
      if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
      return sign * (one - other);
    });
    return { words, pictures };
  });
}

/** What one run scores. @param {Shown} shown @param {string} metric */
export function scoreOf({ index, row }, metric) {
  return index.metrics[metric]?.[row] ?? null;
}

/** Of one run, where it is there, or the mean over all. @param {Shown[]} shown @param {string} metric @param {string} id */
function valueOf(shown, metric, id) {
  const own = shown.find(({ run }) => run.id === id);
  const values = (own ? [own] : shown).map((each) => scoreOf(each, metric)).filter((value) => value !== null);
  return values.length ? values.reduce((total, value) => total + value, 0) / values.length : null;
}
