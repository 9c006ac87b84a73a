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
 * Runs by their values, those that lack it last. By a field all runs, so that colours do not depend on what is chosen:
 * numbers share the ramp evenly, for they are often powers of something; other texts have hues. By a metric the chosen
 * runs, each at its place between the least and the greatest of them.
 * @param {import("./model.js").Model} model
 * @returns {Part[]}
 */
export function partsOf({ runs, chosen, state }) {
  const name = state.color;
  const metric = isMetric(name);
  /** @type {Map<string | undefined, Run[]>} */
  const byText = metric
    ? Map.groupBy(chosen, (run) => textOf(finalOf(run, name)))
    : Map.groupBy(runs.values(), (run) => textsOf(run).get(name));
  const found = [...byText].flatMap(([text, members]) =>
    text === undefined ? [] : [{ text, value: text ? Number(text) : NaN, runs: members }],
  );
  const numbers = found.every(({ value }) => Number.isFinite(value));
  if (numbers) found.sort((a, b) => a.value - b.value);
  else found.sort((a, b) => a.text.localeCompare(b.text, "en", { numeric: true }));
  const [least, most] = [found[0]?.value, found[found.length - 1]?.value];
  const parts = found.map((each, place) => {
    const share = metric ? (each.value - least) / (most - least || 1) : place / (found.length - 1 || 1);
    return { ...each, ...(numbers ? { hue: null, share } : { hue: place, share: null }) };
  });
  const lacking = byText.get(undefined);
  return lacking ? [...parts, { text: "", value: NaN, runs: lacking, hue: null, share: null }] : parts;
}

/** The same number as a text; none of what is none, such as a loss that overflowed. @param {number | undefined} value */
function textOf(value) {
  return Number.isFinite(value) ? String(value) : undefined;
}
