/** Which runs may be compared: those that were measured on the same pictures, with the same truth. */

import { el } from "../shared/elements.js";

/**
 * @typedef {{runs: import("./model.js").Run[], words: string}} Alike runs of the same pictures; words: in which fields
 *   they differ from the others, empty where there are no others
 */

/**
 * Runs by what they were measured on.
 * @param {import("./model.js").Run[]} runs
 * @param {string} source of numbers, as in the table of metrics; or "grid", or "kept/<name>" of pictures one by one
 * @returns {Alike[]}
 */
export function alike(runs, source) {
  const all = runs.map((run) => ({ run, fields: fieldsOf(run, source) }));
  const known = all.flatMap(({ fields }) => (fields ? [fields] : []));
  const names = [...new Set(known.flatMap(Object.keys))];
  const differ = names.filter((name) => new Set(known.flatMap((fields) => fields[name] ?? [])).size > 1);
  const words = ({ run, fields } = all[0]) => {
    if (!fields)
      return run.details ? `not known (${run.label}: config.json cannot be read)` : `${run.label}: not read yet`;
    return differ.flatMap((name) => (name in fields ? [`${name} ${fields[name]}`] : [])).join(", ");
  };
  const groups = [...Map.groupBy(all, (each) => words(each)).values()];
  return groups.map((members) => ({
    runs: members.map(({ run }) => run),
    words: groups.length > 1 ? words(members[0]) || "the same pictures" : "",
  }));
}

/**
 * What the page says where the chosen runs may not be compared.
 * @param {Alike[]} groups
 * @param {string} so what follows from it
 */
export function unlike(groups, so) {
  const known = groups.filter(({ runs }) => runs[0].details);
  if (known.length < 2) return null;
  const words = known.map((group) => group.words).join(" | ");
  return el("p", { class: "unlike", text: `The chosen runs differ in their pictures: ${words}. ${so}` });
}

/** @param {import("./model.js").Run} run @param {string} source @returns {Record<string, string> | null} */
function fieldsOf(run, source) {
  const { details } = run;
  if (!details?.pictures) return null;
  const pictures = Object.entries(details.pictures).map(([name, value]) => [
    name === "pictures" ? name : `data.${name}`,
    String(value),
  ]);
  return { ...Object.fromEntries(pictures), ...moreOf(details, source) };
}

/** @param {import("./model.js").Details} details @param {string} source @returns {Record<string, string>} */
function moreOf(details, source) {
  const { config, test } = details;
  const [where, count] = source.split("/");
  const hinted = { "hints.kind": String(config.hints?.kind) };
  const kept = where === "kept" ? details.kept[count] : null;
  if (kept) return { ...(kept.hints ? hinted : {}), "pictures of": `${kept.split}, ${kept.of}` };
  /** @type {Record<string, string>} */
  const hints = count && count !== "0" ? hinted : {};
  if (where === "grid") return { "evaluation.grid": String(config.evaluation?.grid) };
  if (where === "test") return test ? { ...hints, "test.json": `${test.pictures} pictures of ${test.split}` } : hints;
  return { ...hints, "evaluation.pictures": String(config.evaluation?.pictures) };
}
