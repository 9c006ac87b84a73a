/**
 * A look for every run: a hue for its arm, a shade for its seed, and dashes where those do not suffice; or for its value
 * of a field or metric.
 */

import { partsOf } from "./paints.js";

const HUES = 10;
/** How much of the hue, and what it is mixed with; the first seed has the hue itself. */
const SHADES = ["100%, var(--mix)", "66%, var(--mix)", "72%, var(--fade)", "45%, var(--mix)"];
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 5], [1, 5]];

/**
 * @typedef {{color: string, dash: number[], share?: number}} Look color: a CSS colour that follows the scheme; dash: of
 *   lines, in pixels; share: where on the ramp, 0 to 1
 * @type {Map<string, {hue: number, round: number, seeds: string[]}>} arms that were given a hue; they keep it
 */
const arms = new Map();
/** How many arms have each hue. */
const used = Array.from({ length: HUES }, () => 0);
/** @type {WeakMap<object, Map<string, Look>>} */
const made = new WeakMap();

/**
 * The looks of all runs in the list, so that none changes with what is chosen; only those by a metric do.
 * @param {import("./model.js").Model} model
 * @returns {Map<string, Look>} by id
 */
export function looksOf(model) {
  const { runs, state } = model;
  if (state.color) {
    const looks = new Map();
    for (const part of partsOf(model)) part.runs.forEach((run, place) => looks.set(run.id, lookIn(part, place)));
    return looks;
  }
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
  return hued(arm.hue, arm.round, seed);
}

/** @param {number} hue @param {number} round of the hues, from 0 @param {number} place among those that share it @returns {Look} */
function hued(hue, round, place) {
  const dash = DASHES[(Math.floor(place / SHADES.length) + 2 * round) % DASHES.length];
  return { color: `color-mix(in oklab, var(--hue-${hue}) ${SHADES[place % SHADES.length]})`, dash };
}

/** @param {import("./paints.js").Part} part @param {number} place of a run among those of the part @returns {Look} */
export function lookIn({ hue, share }, place) {
  if (hue !== null) return hued(hue % HUES, Math.floor(hue / HUES), place);
  const dash = DASHES[place % DASHES.length];
  return share === null ? { color: "var(--lacking)", dash } : { color: onRamp(share), dash, share };
}

/** The look of several runs together: on the ramp that of their mean, else the first's. @param {Look[]} looks */
export function jointLook(looks) {
  const shares = looks.flatMap(({ share }) => share ?? []);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return shares.length ? { ...looks[0], color: onRamp(mean), share: mean } : looks[0];
}

/**
 * A colour of the ramp: a part of matplotlib's inferno (CC0) that stands out from the ground, further and further away
 * from its lightness, so that every kind of colour vision sees the order.
 * @param {number} share 0 to 1
 */
export function onRamp(share) {
  const [from, to, by] = share < 0.5 ? ["least", "middle", 2 * share] : ["middle", "most", 2 * share - 1];
  return `color-mix(in oklab, var(--ramp-${to}) ${(100 * by).toFixed(2)}%, var(--ramp-${from}))`;
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

/**
 * Keep the colours of all nodes inside a place that have a run's id (data-run) up to date.
 * @param {import("./model.js").Model} model
 * @param {HTMLElement} place
 * @returns {() => void} to be called for nodes that are new
 */
export function dresser(model, place) {
  const dress = () => {
    const looks = looksOf(model);
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (place.querySelectorAll("[data-run]")))
      node.style.setProperty("--color", looks.get(node.dataset.run ?? "")?.color ?? "");
  };
  model.on(["runs", "chosen", "details", "series", "color"], dress);
  return dress;
}
