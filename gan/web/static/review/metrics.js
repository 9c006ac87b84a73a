/** Names of metrics: what they measure, which way is better, how they are written. */

const AREAS = /^(hinted|unhinted|placebo)\//;
const HEADLINE = [
  "sepia_index",
  "sepia_index_px",
  "mae",
  "psnr",
  "ssim",
  "lpips",
  "ciede2000",
  "chroma_ratio",
  "ab_std",
];
const FIRST = ["val/sepia_index", "val/lpips", "val/mae", "G/reconstruction", "G/adversarial", "D/loss"];
const WORDS = { v: "lower is better", "^": "higher is better", 0: "nearer to 0 is better", 1: "nearer to 1 is better" };

/**
 * Which way a metric is better: "v", "^", "0", "1", or undefined.
 * @param {string} name with or without its prefix and kind, such as val_hints/3/hinted/sepia_index/hair
 * @param {Record<string, string>} directions
 */
export function direction(name, directions) {
  const bare = name.replace(/^(val|val_average|val_hints\/\d+)\//, "").replace(AREAS, "");
  return directions[bare.split("/")[0]];
}

/** @param {string | undefined} way */
export function directionWords(way) {
  return way === undefined ? "" : WORDS[/** @type {keyof typeof WORDS} */ (way)] || "";
}

/**
 * How far a value is from the best: the least is best.
 * @param {number} value
 * @param {string} way
 */
export function badness(value, way) {
  if (way === "^") return -value;
  if (way === "v") return value;
  return Math.abs(value - Number(way));
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
 * Metrics without prefix in the order in which people ask for them.
 * @param {Iterable<string>} names
 */
export function inOrder(names) {
  const rank = (/** @type {string} */ name) => {
    const index = HEADLINE.indexOf(name.split("/")[0]);
    return index < 0 ? HEADLINE.length : index;
  };
  return [...names].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b, "en", { numeric: true }));
}

/**
 * The curves to begin with.
 * @param {Set<string>} names that there are
 * @param {number} count
 */
export function firstCurves(names, count) {
  const liked = FIRST.filter((name) => names.has(name));
  const others = [...names].filter((name) => !liked.includes(name) && !name.startsWith("train/"));
  return [...liked, ...others].slice(0, count);
}
