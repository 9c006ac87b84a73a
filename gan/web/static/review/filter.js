/** Which runs fit a filter: words of their names, fields such as data.alpha=0.5, and comparisons such as lpips < 0.3. */

import { textsOf } from "./fields.js";
import { finalNames, finalOf } from "./finals.js";
import { valuesOf } from "./rows.js";

const SIGN = /\s*(<=|>=|<|>|=)\s*/g;
const COMPARISON = /^(.+?)(<=|>=|<|>)(-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/;
/** @type {Record<string, (value: number, limit: number) => boolean>} */
const HOLDS = {
  "<": (value, limit) => value < limit,
  "<=": (value, limit) => value <= limit,
  ">": (value, limit) => value > limit,
  ">=": (value, limit) => value >= limit,
};

/**
 * The runs of which all words hold, in any case.
 * @param {import("./model.js").Run[]} runs
 * @param {string} text
 * @param {string | undefined} source of metrics without a prefix, as the table shows them
 * @param {string} statistic
 */
export function filtered(runs, text, source, statistic) {
  const words = text.toLowerCase().replace(SIGN, "$1").split(/\s+/).filter(Boolean);
  return runs.filter((run) =>
    words.every((word) => {
      const [, name, sign, limit] = COMPARISON.exec(word) ?? [];
      if (sign) return HOLDS[sign](numberOf(run, name, source, statistic), Number(limit));
      const named = `${run.id} ${run.state}`.toLowerCase().includes(word);
      return named || [...textsOf(run)].some(([field, value]) => word === `${field}=${value}`.toLowerCase());
    }),
  );
}

/**
 * What the table shows under that name, or else what was measured last, or a field; NaN where that is no number.
 * @param {import("./model.js").Run} run
 * @param {string} name in small letters
 * @param {string | undefined} source
 * @param {string} statistic
 */
function numberOf(run, name, source, statistic) {
  const shown = Object.entries(source ? valuesOf(run, source, statistic).values : {});
  const finals = finalNames([run]).map((each) => [each, finalOf(run, each)]);
  const all = [...shown, ...finals, ...textsOf(run)];
  return Number(all.find(([each]) => String(each).toLowerCase() === name)?.[1] ?? NaN);
}
