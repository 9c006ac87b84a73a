/** A look for every run: a hue for its arm, a shade for its seed, and dashes where those do not suffice. */

const HUES = 10;
/** How much of the hue, and what it is mixed with; the first seed has the hue itself. */
const SHADES = ["100%, var(--mix)", "66%, var(--mix)", "72%, var(--fade)", "45%, var(--mix)"];
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 5], [1, 5]];

/**
 * @typedef {{color: string, dash: number[]}} Look color: a CSS colour that follows the scheme; dash: of lines, in pixels
 * @type {Map<string, {hue: number, round: number, seeds: string[]}>} arms that were given a hue; they keep it
 */
const arms = new Map();
/** How many arms have each hue. */
const used = Array.from({ length: HUES }, () => 0);
/** @type {WeakMap<object, Map<string, Look>>} */
const made = new WeakMap();

/**
 * The looks of all runs in the list, so that none changes with what is chosen.
 * @param {import("./model.js").Model} model
 * @returns {Map<string, Look>} by id
 */
export function looksOf({ runs }) {
  const there = made.get(runs);
  if (there) return there;
  const looks = new Map([...runs.values()].map((run) => [run.id, lookOf(run)]));
  made.set(runs, looks);
  return looks;
}

/** @param {import("./model.js").Run} run @returns {Look} */
function lookOf(run) {
  const name = `${run.group}/${run.arm}`;
  const arm = arms.get(name) ?? { ...freeHue(name), seeds: [] };
  arms.set(name, arm);
  if (!arm.seeds.includes(run.id)) arm.seeds.push(run.id);
  const seed = arm.seeds.indexOf(run.id);
  const dash = DASHES[(Math.floor(seed / SHADES.length) + 2 * arm.round) % DASHES.length];
  return { color: `color-mix(in oklab, var(--hue-${arm.hue}) ${SHADES[seed % SHADES.length]})`, dash };
}

/** The hue that the name asks for, or the next that fewest arms have. @param {string} name */
function freeHue(name) {
  const least = Math.min(...used);
  let hue = hashOf(name) % HUES;
  while (used[hue] > least) hue = (hue + 1) % HUES;
  used[hue] += 1;
  return { hue, round: least };
}

/** FNV-1a, 32 bits. @param {string} text */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash;
}

const probe = document.createElement("span");
/** @type {Map<string, string>} */
const known = new Map();
onScheme(() => known.clear()); // before anybody else is told

/**
 * A colour for a canvas, which knows no custom properties.
 * @param {string} color any CSS colour
 */
export function resolved(color) {
  const there = known.get(color);
  if (there) return there;
  if (!probe.isConnected) {
    probe.hidden = true;
    document.body.append(probe);
  }
  probe.style.color = color;
  known.set(color, getComputedStyle(probe).color);
  return getComputedStyle(probe).color;
}

/** @param {() => void} listener is called when the colour scheme changes */
export function onScheme(listener) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", listener);
}
