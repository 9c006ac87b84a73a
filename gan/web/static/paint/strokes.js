/**
 * Hints as a person paints them: strokes, each a row of dabs in one colour. Places are pixels of the drawing, the middle
 * of the first being 0, 0, as `gan colorize` has them. Everything here is pure: arrays are never changed, but replaced.
 */

/**
 * @typedef {{x: number, y: number, radius: number}} Dab
 * @typedef {{id: number, color: string, dabs: Dab[]}} Stroke
 * @typedef {{width: number, height: number}} Size
 * @typedef {{scale: number, least: number, most: number}} Frame how a network sees a drawing: its scale, and least and
 *   most of a dab's side in training, in the network's pixels.
 */

const LONGEST = 32;
let lastId = 0;

/** @param {string} color @param {Dab[]} dabs @returns {Stroke} */
export function stroke(color, dabs) {
  lastId += 1;
  return { id: lastId, color, dabs };
}

/**
 * How a run's network sees a drawing; as `gan.colorize.inner_size` has it.
 *
 * @param {{size: number, dab: [number, number] | null}} run
 * @param {Size} drawing
 * @returns {Frame}
 */
export function frameOf(run, drawing) {
  const short = Math.min(drawing.width, drawing.height);
  const long = Math.max(drawing.width, drawing.height);
  const [least, most] = run.dab ?? [Math.max(1, Math.round(run.size / 12)), Math.max(1, Math.round(run.size / 7))];
  return { scale: Math.min(run.size / short, (LONGEST * run.size) / long), least, most };
}

/** Half of the side that a dab has for the network, in pixels of the drawing. @param {number} radius @param {Frame} frame */
export function reach(radius, frame) {
  return Math.max(frame.least, Math.round(2 * radius * frame.scale)) / frame.scale / 2;
}

/** The brush to begin with: as large as dabs in training are on average. @param {Frame} frame */
export function usualRadius(frame) {
  return (frame.least + frame.most) / 4 / frame.scale;
}

/** @param {Frame} frame @param {Size} drawing @returns {[number, number]} least and most radius of the brush. */
export function radiusRange(frame, drawing) {
  const least = Math.max(0.5, frame.least / 2 / frame.scale);
  return [least, Math.max(least * 2, Math.min(drawing.width, drawing.height) / 4)];
}

/**
 * Dabs on the way from the last one of a stroke to a new place, none nearer to each other than a quarter of their side.
 *
 * @param {Dab[]} dabs so far
 * @param {Dab} to
 * @param {Frame} frame
 * @returns {Dab[]} with the new ones; the same array where the place is too near.
 */
export function extended(dabs, to, frame) {
  const from = dabs.at(-1);
  if (!from) return [to];
  const distance = Math.hypot(to.x - from.x, to.y - from.y);
  const step = Math.max(1, reach(Math.min(from.radius, to.radius), frame) / 2);
  const count = Math.floor(distance / step);
  if (count === 0) return dabs;
  const added = [];
  for (let number = 1; number <= count; number += 1) {
    const share = (number * step) / distance;
    added.push(
      tidy({
        x: from.x + (to.x - from.x) * share,
        y: from.y + (to.y - from.y) * share,
        radius: from.radius + (to.radius - from.radius) * share,
      }),
    );
  }
  return [...dabs, ...added];
}

/** Numbers as short as their use allows. @param {Dab} dab @returns {Dab} */
export function tidy(dab) {
  const round = (/** @type {number} */ value) => Math.round(value * 100) / 100;
  return { x: round(dab.x), y: round(dab.y), radius: round(dab.radius) };
}

/**
 * Strokes without the dabs whose middle an eraser meets on its way; a stroke that loses its middle becomes two.
 *
 * @param {Stroke[]} strokes
 * @param {{x: number, y: number}} from
 * @param {{x: number, y: number}} to
 * @param {number} radius of the eraser
 * @returns {Stroke[]} the same array where nothing was hit.
 */
export function erased(strokes, from, to, radius) {
  const hit = (/** @type {Dab} */ dab) => gap(dab, from, to) <= radius;
  if (!strokes.some((one) => one.dabs.some(hit))) return strokes;
  return strokes.flatMap((one) => {
    if (!one.dabs.some(hit)) return [one];
    const parts = /** @type {Dab[][]} */ ([[]]);
    for (const dab of one.dabs) {
      if (hit(dab)) parts.push([]);
      else parts[parts.length - 1].push(dab);
    }
    return parts.filter((dabs) => dabs.length > 0).map((dabs) => stroke(one.color, dabs));
  });
}

/** From a place to a stretch. @param {Dab} dab @param {{x: number, y: number}} from @param {{x: number, y: number}} to */
function gap(dab, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((dab.x - from.x) * dx + (dab.y - from.y) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(dab.x - from.x - share * dx, dab.y - from.y - share * dy);
}

/** @param {Stroke[]} strokes @returns {import("./api.js").Hint[]} what `gan colorize --hint-json` reads. */
export function toHints(strokes) {
  return strokes.flatMap(({ color, dabs }) => dabs.map(({ x, y, radius }) => ({ x, y, color, radius })));
}

/** @param {Stroke[]} strokes */
export function countDabs(strokes) {
  return strokes.reduce((sum, one) => sum + one.dabs.length, 0);
}
