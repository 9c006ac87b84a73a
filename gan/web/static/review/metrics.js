/** Metrics as the server's catalogue has them (gan/metrics/catalog.py), and how numbers are written. */

/**
 * @typedef {"lower" | "higher" | number | null | undefined} Better a number: a value to be near
 * @typedef {{name: string, label: string, title: string, unit: string, better: Better, places: string[]}} Metric
 * @typedef {{metrics: Metric[], first: string[], areas: string[]}} Catalog
 */

/** @type {Catalog} */
let catalog = { metrics: [], first: [], areas: [] };
/** @type {Map<string, number>} */
let order = new Map();

/** @param {Catalog} values from the server */
export function useCatalog(values) {
  catalog = values;
  order = new Map(values.metrics.map(({ name }, index) => [name, index]));
}

/**
 * The place of a metric in the catalogue; of an area's metric that is not there, that of the whole picture's.
 * @param {string} name with or without its prefix and kind, such as val_hints/3/hinted/sepia_index/hair
 */
function placeOf(name) {
  const known = order.get(name);
  if (known !== undefined) return known;
  const bare = name.replace(/^(val|val_average|val_hints\/\d+)\//, "");
  const area = catalog.areas.find((prefix) => bare.startsWith(prefix)) ?? "";
  const base = bare.slice(area.length).split("/")[0];
  return order.get(area + base) ?? order.get(base);
}

/** Which way a metric is better. @param {string} name as `placeOf` takes it @returns {Better} */
export function better(name) {
  const place = placeOf(name);
  return place === undefined ? undefined : catalog.metrics[place].better;
}

/** The same in words; empty where it depends. @param {string} name */
export function betterWords(name) {
  const way = better(name);
  if (way === null || way === undefined) return "";
  return typeof way === "number" ? `nearer to ${way} is better` : `${way} is better`;
}

/**
 * How far a value is from the best: the least is best.
 * @param {number} value
 * @param {"lower" | "higher" | number} way
 */
export function badness(value, way) {
  if (typeof way === "number") return Math.abs(value - way);
  return way === "higher" ? -value : value;
}

/** The metrics that are shown at a place, in order. @param {string} place */
export function shownAt(place) {
  return catalog.metrics.filter(({ places }) => places.includes(place)).map(({ name }) => name);
}

/** @param {number | null | undefined} value */
export function format(value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.0005 || size >= 1e6)) return value.toExponential(1);
  if (size >= 1000) return Math.round(value).toLocaleString("en");
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
}

/** @param {number} value a whole number */
export function whole(value) {
  return value.toLocaleString("en");
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return seconds < 172800 ? `${(seconds / 3600).toFixed(1)} h` : `${(seconds / 86400).toFixed(1)} d`;
}

/**
 * Metrics without prefix in the order of the catalogue.
 * @param {Iterable<string>} names
 */
export function inOrder(names) {
  const rank = (/** @type {string} */ name) => placeOf(name) ?? order.size;
  return [...names].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, "en", { numeric: true }));
}

/**
 * The curves to begin with.
 * @param {Set<string>} names that there are; where none is known yet, those of the catalogue are asked for
 * @param {number} count
 */
export function firstCurves(names, count) {
  if (!names.size) return catalog.first.slice(0, count);
  const liked = catalog.first.filter((name) => names.has(name));
  const others = [...names].filter((name) => !liked.includes(name) && !/^(train|system)\//.test(name));
  return [...liked, ...others].slice(0, count);
}
