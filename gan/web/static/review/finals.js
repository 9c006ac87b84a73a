/** What a run measured last, of anything that it logs, and on the test pictures. */

import { inOrder } from "./metrics.js";

const TEST = "test/";

/** Names of all that some of them measured. @param {import("./model.js").Run[]} runs */
export function finalNames(runs) {
  const names = runs.flatMap((run) => [
    ...Object.keys(run.last),
    ...Object.keys(numbersOf(run.details?.test?.metrics)).map((name) => TEST + name),
  ]);
  return inOrder(new Set(names));
}

/** @param {import("./model.js").Run} run @param {string | undefined} name @returns {number | undefined} */
export function finalOf(run, name) {
  if (name === undefined) return undefined;
  if (name.startsWith(TEST)) return numbersOf(run.details?.test?.metrics)[name.slice(TEST.length)];
  return run.last[name]?.[1];
}

/** @param {any} values @returns {Record<string, number>} */
export function numbersOf(values) {
  return Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => typeof value === "number"));
}
