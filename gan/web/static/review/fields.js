/** The configuration of runs as fields with dotted names and texts. */

const NOT_SHOWN = ["name", "seed"];

/** Whether a run's config.json could be read. @param {import("./model.js").Run} run */
export function isRead(run) {
  return Object.keys(run.details?.config ?? {}).length > 0;
}

/** @type {WeakMap<object, Map<string, string>>} details -> fields, which are asked for whenever a curve grows */
const known = new WeakMap();

/** @param {import("./model.js").Run} run @returns {Map<string, string>} not to be changed */
export function textsOf({ details }) {
  if (!details) return new Map();
  const there = known.get(details);
  if (there) return there;
  const { gan, torch, device, commit } = details.made_with;
  const madeWith = { version: gan, torch, device, commit: commit ? String(commit).slice(0, 10) : undefined };
  const fields = flat({ ...details.config, "made with": madeWith });
  for (const name of NOT_SHOWN) fields.delete(name);
  known.set(details, fields);
  return fields;
}

/**
 * The fields in which some are not like the others.
 * @param {Map<string, string>[]} all
 */
export function differing(all) {
  const names = [...new Set(all.flatMap((fields) => [...fields.keys()]))];
  return names.filter((name) => new Set(all.map((fields) => fields.get(name))).size > 1);
}

/**
 * Nested values as dotted names with text.
 * @param {any} values
 * @param {string} [prefix]
 * @returns {Map<string, string>}
 */
function flat(values, prefix = "") {
  const fields = new Map();
  for (const [name, value] of Object.entries(values || {})) {
    if (value && typeof value === "object" && !Array.isArray(value))
      for (const [key, text] of flat(value, `${prefix}${name}.`)) fields.set(key, text);
    else if (value !== undefined)
      fields.set(prefix + name, Array.isArray(value) ? value.join(", ") : String(value ?? "none"));
  }
  return fields;
}
