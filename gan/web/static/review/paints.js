/** What colours say where they do not say the arm: a field of the configuration, or what a metric was last. */

import { textsOf } from "./fields.js";
import { finalOf } from "./finals.js";

/**
 * @typedef {import("./model.js").Run} Run
 * @typedef {{text: string, value: number, runs: Run[], hue: number | null, share: number | null}} Part runs of one
 *   value, in the order of the list; hue: 0, 1, ... by the order of the values; share: from the least (0) to the
 *   greatest (1) of values that are numbers; neither: they lack it
 */

/** Whether that is the name of a metric; that of a field has no slash. @param {string} name */
export function isMetric(name) {
  return name.includes("/");
}

/**
 * All runs by their values, those that lack it last. Fields are those of all runs, so that colours do not depend on
 * what is chosen: numbers share the ramp evenly, for they are often powers of something; other texts have hues.
 * A metric is that of the chosen runs, by its place between the least and the greatest of them.
 * @param {import("./model.js").Model} model
 * @returns {Part[]}
 */
export function partsOf({ runs, chosen, state }) {
  const name = state.color;
  /** @type {(run: Run) => string | number | undefined} */
  const valueOf = isMetric(name) ? finalsOf(chosen, name) : (run) => textsOf(run).get(name);
  const byValue = Map.groupBy(runs.values(), valueOf);
  const lacking = byValue.get(undefined) ?? [];
  byValue.delete(undefined);
  const found = [...byValue].map(([value, members]) => ({
    text: String(value),
    value: numberOf(value),
    runs: members,
  }));
  const numbers = found.every(({ value }) => Number.isFinite(value));
  if (numbers) found.sort((a, b) => a.value - b.value);
  else found.sort((a, b) => a.text.localeCompare(b.text, "en", { numeric: true }));
  const [least, most] = [found[0]?.value, found[found.length - 1]?.value];
  const shareOf = (/** @type {number} */ value, /** @type {number} */ place) =>
    isMetric(name) ? (value - least) / (most - least || 1) : place / (found.length - 1 || 1);
  const parts = found.map((each, place) => ({
    ...each,
    hue: numbers ? null : place,
    share: numbers ? shareOf(each.value, place) : null,
  }));
  return lacking.length ? [...parts, { text: "", value: NaN, runs: lacking, hue: null, share: null }] : parts;
}

/** @param {Run[]} chosen @param {string} name @returns {(run: Run) => number | undefined} of a run what it was last */
function finalsOf(chosen, name) {
  const finals = new Map(chosen.map((run) => [run, finalOf(run, name)]));
  return (run) => {
    const value = finals.get(run);
    return Number.isFinite(value) ? value : undefined;
  };
}

/** NaN of what is none. @param {string | number | undefined} value */
function numberOf(value) {
  return value === undefined || value === "" ? NaN : Number(value);
}
