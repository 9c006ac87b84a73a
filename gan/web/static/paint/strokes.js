/**
 * Hints as a person paints them: strokes, each a row of dabs in one colour. Places are pixels of the drawing, the middle
 * of the first being 0, 0, as `gan colorize` has them. Everything here is pure: arrays are never changed, but replaced.
 */

/**
 * @typedef {{x: number, y: number, radius: number | null}} Dab radius: null for one that fills the area that it is in.
 * @typedef {{id: number, color: string, dabs: Dab[]}} Stroke
 * @typedef {{width: number, height: number}} Size
 * @typedef {{scale: number, least: number, most: number, exact: boolean, usual: number}} Frame how a network sees a
 *   drawing: its scale, and least and most of a dab's side in training, in the network's pixels. exact: it sees exactly
 *   what is painted, discs of whole pixels. usual: radius of the brush to begin with, in pixels of the drawing.
 */

const LONGEST = 32;
/** Radius of a hint that has none, as a share of the drawing's short side; as `gan.hints.flood` has it. */
const USUAL = 0.02;
/** Radius of a disc of one pixel: it is rounded to 0. */
const PIXEL = 0.4;
let lastId = 0;

/** @param {string} color @param {Dab[]} dabs @returns {Stroke} */
export function stroke(color, dabs) {
  lastId += 1;
  return { id: lastId, color, dabs };
}

/** @param {Stroke} stroke @returns {"stroke" | "dab" | "fill"} what a person calls it. */
export function kindOf({ dabs }) {
  if (dabs[0].radius === null) return "fill";
  return dabs.length === 1 ? "dab" : "stroke";
}

/**
 * How a run's network sees a drawing; as `gan.colorize.inner_size` has it.
 *
 * @param {{shape: [number, number], dab: [number, number] | null, exact?: boolean}} run
 * @param {Size} drawing
 * @returns {Frame}
 */
export function frameOf(run, drawing) {
  const short = Math.min(drawing.width, drawing.height);
  const long = Math.max(drawing.width, drawing.height);
  const [high, wide] = run.shape;
  const side = Math.min(high, wide);
  const [least, most] = run.dab ?? [Math.max(1, Math.round(side / 12)), Math.max(1, Math.round(side / 7))];
  const covering = Math.max(high / drawing.height, wide / drawing.width);
  const scale = Math.min(covering, (LONGEST * Math.max(high, wide)) / long);
  const exact = run.exact ?? false;
  return { scale, least, most, exact, usual: exact ? USUAL * short : (least + most) / 4 / scale };
}

/** Half of the width that a dab has for the network, in pixels of the drawing. @param {number | null} radius @param {Frame} frame */
export function reach(radius, frame) {
  if (frame.exact) return Math.round(radius ?? frame.usual) + 0.5;
  return Math.max(frame.least, Math.round(2 * (radius ?? frame.usual) * frame.scale)) / frame.scale / 2;
}

/** A dab as a network takes it: of whole pixels where it sees exactly those. @param {Dab} dab @param {Frame} frame @returns {Dab} */
export function settled(dab, frame) {
  if (!frame.exact) return tidy(dab);
  const radius = dab.radius === null ? null : Math.round(dab.radius) || PIXEL;
  return { x: Math.round(dab.x), y: Math.round(dab.y), radius };
}

/** @param {Frame} frame @param {Size} drawing @returns {[number, number]} least and most radius of the brush. */
export function radiusRange(frame, drawing) {
  const least = frame.exact ? PIXEL : Math.max(0.5, frame.least / 2 / frame.scale);
  return [least, Math.max(least * 2, Math.min(drawing.width, drawing.height) / 4)];
}

/**
 * The outline of a dab around 0, 0: of the very pixels that a disc fills, as OpenCV has it, or a network's square.
 *
 * @param {number | null} radius
 * @param {Frame} frame
 * @param {number} scale from pixels of the drawing to those of the canvas
 */
export function outline(radius, frame, scale) {
  const path = new Path2D();
  const half = reach(radius, frame) * scale;
  if (!frame.exact) {
    path.roundRect(-half, -half, 2 * half, 2 * half, half / 2);
    return path;
  }
  const whole = Math.round(radius ?? frame.usual);
  const corners = [];
  for (let row = -whole; row <= whole; row += 1) {
    const right = Math.floor(Math.sqrt(whole * whole - row * row)) + 0.5;
    corners.push([right, row - 0.5], [right, row + 0.5]);
  }
  for (const [x, y] of corners) path.lineTo(x * scale, y * scale);
  for (const [x, y] of corners.reverse()) path.lineTo(-x * scale, y * scale);
  path.closePath();
  return path;
}

/**
 * Dabs on the way from the last one of a stroke to a new place: no squares nearer to each other than a quarter of their
 * side, no discs nearer than three eighths of their width, so that their rim is even.
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
  const [first, last] = [from.radius ?? frame.usual, to.radius ?? frame.usual];
  const step = Math.max(1, reach(Math.min(first, last), frame) * (frame.exact ? 0.75 : 0.5));
  const count = Math.floor(distance / step);
  if (count === 0) return dabs;
  const added = [];
  for (let number = 1; number <= count; number += 1) {
    const share = (number * step) / distance;
    added.push(
      settled(
        {
          x: from.x + (to.x - from.x) * share,
          y: from.y + (to.y - from.y) * share,
          radius: first + (last - first) * share,
        },
        frame,
      ),
    );
  }
  return [...dabs, ...added];
}

/** Numbers as short as their use allows. @param {Dab} dab @returns {Dab} */
export function tidy(dab) {
  const round = (/** @type {number} */ value) => Math.round(value * 100) / 100;
  return { x: round(dab.x), y: round(dab.y), radius: dab.radius === null ? null : round(dab.radius) };
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
  return without(strokes, (dab) => gap(dab, from, to) <= radius);
}

/**
 * Strokes without the dabs that are hit.
 *
 * @param {Stroke[]} strokes
 * @param {(dab: Dab) => boolean} hit
 * @returns {Stroke[]} the same array where nothing was hit.
 */
export function without(strokes, hit) {
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

/** Strokes of which one has another colour. @param {Stroke[]} strokes @param {number} id @param {string} color */
export function recolored(strokes, id, color) {
  return strokes.map((one) => (one.id === id && one.color !== color ? { ...one, color } : one));
}

/**
 * The stroke that is pointed at: the one whose mark is nearest; where no mark is near, the topmost that is painted there.
 *
 * @param {Stroke[]} strokes
 * @param {{x: number, y: number}} place
 * @param {number} near so many pixels of the drawing
 * @param {Frame} frame
 * @returns {Stroke | null}
 */
export function strokeAt(strokes, place, near, frame) {
  /** @type {Stroke | null} */
  let found = null;
  let least = near;
  for (const one of strokes) {
    const away = Math.min(...one.dabs.map((dab, index) => gap(place, one.dabs[Math.max(0, index - 1)], dab)));
    if (away <= least) [found, least] = [one, away];
  }
  const paints = (/** @type {Dab} */ { x, y, radius }) =>
    radius !== null && Math.hypot(x - place.x, y - place.y) <= reach(radius, frame);
  return found ?? strokes.findLast(({ dabs }) => dabs.some(paints)) ?? null;
}

/** From a place to a stretch. @param {{x: number, y: number}} dab @param {{x: number, y: number}} from @param {{x: number, y: number}} to */
function gap(dab, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const along = ((dab.x - from.x) * dx + (dab.y - from.y) * dy) / (dx * dx + dy * dy || 1);
  const share = Math.min(1, Math.max(0, along));
  return Math.hypot(dab.x - from.x - share * dx, dab.y - from.y - share * dy);
}

/**
 * What a run is asked for: the hints where it knows what they are, and where it draws which of its colourings.
 *
 * @param {string} drawing
 * @param {import("./api.js").Run} run
 * @param {import("./main.js").State} state
 * @returns {import("./api.js").ColorRequest}
 */
export function requestOf(drawing, run, { strokes, variant }) {
  const hints = run.dab ? toHints(strokes) : [];
  return { drawing, run: run.run, hints, ...(run.noise ? { variant } : {}) };
}

/** @param {Stroke[]} strokes @returns {import("./api.js").Hint[]} what `gan colorize --hint-json` reads. */
export function toHints(strokes) {
  return strokes.flatMap(({ color, dabs }) =>
    dabs.map(({ x, y, radius }) => (radius === null ? { x, y, color } : { x, y, color, radius })),
  );
}

/** @param {Stroke[]} strokes */
export function countDabs(strokes) {
  return strokes.reduce((sum, one) => sum + one.dabs.length, 0);
}
