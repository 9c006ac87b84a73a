/** A colour for every run: a hue for its arm, a shade for its seed. */

const HUES = 10;
/** How much of the hue, and what it is mixed with; the first seed has the hue itself. */
const SHADES = ["100%, var(--mix)", "66%, var(--mix)", "72%, var(--fade)", "45%, var(--mix)"];

/**
 * @param {import("./model.js").Run[]} runs
 * @returns {Map<string, string>} id -> CSS colour that follows the scheme
 */
export function colorsOf(runs) {
  const arms = new Map();
  const colors = new Map();
  for (const run of runs) {
    const arm = `${run.group}/${run.arm}`;
    if (!arms.has(arm)) arms.set(arm, { hue: arms.size % HUES, seeds: 0 });
    const { hue, seeds } = arms.get(arm);
    colors.set(run.id, `color-mix(in oklab, var(--hue-${hue}) ${SHADES[seeds % SHADES.length]})`);
    arms.get(arm).seeds += 1;
  }
  return colors;
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
