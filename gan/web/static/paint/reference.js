/**
 * The dominant colours of a reference picture, to paint with: k-means (Lloyd 1982) in CIELAB (CIE 15, D65), from centres
 * that are chosen and not drawn, each the group of colours that those before it tell worst. One picture has one palette.
 */

import { input, need } from "../shared/elements.js";

export const MOST = 12;
/** Colours nearer to each other, in CIELAB, are one. */
const APART = 10;
/** Groups with less of the picture than this share are none. */
const LEAST = 0.004;
/** Pixels that are looked at. */
const SAMPLES = 40_000;
const ROUNDS = 30;

/** @typedef {[number, number, number]} Triple @typedef {{lab: Triple, count: number}} Group */

export class Reference {
  /** @param {import("./main.js").AppType} app */
  constructor(app) {
    this.app = app;
    need("take-palette").onclick = () => input("reference").click();
    input("reference").onchange = () => {
      const [file] = input("reference").files ?? [];
      input("reference").value = "";
      if (file) void this.take(file);
    };
  }

  /** Offer a picture's colours. @param {File} file */
  async take(file) {
    try {
      const { bitmap } = await this.app.start.sheet(file, file.name);
      const colors = bitmap ? dominant(pixelsOf(bitmap)) : [];
      if (colors.length === 0) throw new Error(`${file.name} is transparent everywhere and has no colours.`);
      this.app.colors.refer({ name: `of ${file.name}`, colors });
      this.app.fault(null);
      this.app.say(`${colors.length} colours of ${file.name}.`);
    } catch (fault) {
      this.app.fault(/** @type {Error} */ (fault));
    }
  }
}

/** RGBA of enough of a picture's pixels, none of them mixed. @param {ImageBitmap} bitmap */
function pixelsOf(bitmap) {
  const scale = Math.min(1, Math.sqrt(SAMPLES / (bitmap.width * bitmap.height)));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = new OffscreenCanvas(width, height);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.imageSmoothingEnabled = false;
  context.drawImage(bitmap, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}

/** @param {Uint8ClampedArray} pixels RGBA @returns {string[]} at most `MOST` colours as #rrggbb, by their areas, the largest first. */
export function dominant(pixels) {
  const groups = groupsOf(pixels);
  if (groups.length === 0) return [];
  let centers = centersOf(groups);
  let before = "";
  for (let round = 0; round < ROUNDS; round += 1) {
    const nearest = groups.map(({ lab }) => nearestOf(centers, lab));
    if (nearest.join() === before) break;
    before = nearest.join();
    centers = centers.map((_, number) => meanOf(groups.filter((_, index) => nearest[index] === number)));
  }
  return apart(centers).map(({ lab }) => hexOf(lab));
}

/** Like colours together: 32 steps a channel, each with the mean of what is in it. @param {Uint8ClampedArray} pixels @returns {Group[]} */
function groupsOf(pixels) {
  /** @type {Map<number, {sum: Triple, count: number}>} */
  const bins = new Map();
  for (let at = 0; at < pixels.length; at += 4) {
    if (pixels[at + 3] < 128) continue;
    const key = ((pixels[at] >> 3) << 10) | ((pixels[at + 1] >> 3) << 5) | (pixels[at + 2] >> 3);
    const bin = bins.get(key) ?? { sum: [0, 0, 0], count: 0 };
    for (let channel = 0; channel < 3; channel += 1) bin.sum[channel] += pixels[at + channel];
    bin.count += 1;
    bins.set(key, bin);
  }
  return [...bins.values()].map(({ sum, count }) => ({ lab: labOf(scaled(sum, 1 / count)), count }));
}

/** The largest group, then always the one whose pixels are farthest from all that are chosen. @param {Group[]} groups @returns {Group[]} */
function centersOf(groups) {
  const chosen = [groups.reduce((most, one) => (one.count > most.count ? one : most))];
  const away = groups.map(({ lab }) => square(lab, chosen[0].lab));
  while (chosen.length < MOST) {
    let worst = -1;
    groups.forEach(({ count }, index) => {
      if (away[index] < APART ** 2) return;
      if (worst < 0 || count * away[index] > groups[worst].count * away[worst]) worst = index;
    });
    if (worst < 0) break;
    const { lab } = groups[worst];
    chosen.push(groups[worst]);
    groups.forEach((group, index) => (away[index] = Math.min(away[index], square(group.lab, lab))));
  }
  return chosen;
}

/** Centres that are large enough, none like one that is larger; the largest first. @param {Group[]} centers */
function apart(centers) {
  const total = centers.reduce((sum, { count }) => sum + count, 0);
  const kept = /** @type {Group[]} */ ([]);
  for (const one of [...centers].sort((first, second) => second.count - first.count)) {
    const like = kept.some(({ lab }) => square(lab, one.lab) < APART ** 2);
    if (!like && one.count >= LEAST * total) kept.push(one);
  }
  return kept;
}

/** @param {Group[]} centers @param {Triple} lab */
function nearestOf(centers, lab) {
  let nearest = 0;
  centers.forEach((center, number) => {
    if (square(center.lab, lab) < square(centers[nearest].lab, lab)) nearest = number;
  });
  return nearest;
}

/** @param {Group[]} groups none where nothing is nearest to a centre any more @returns {Group} */
function meanOf(groups) {
  const count = groups.reduce((sum, one) => sum + one.count, 0);
  const lab = /** @type {Triple} */ (
    [0, 1, 2].map((axis) => groups.reduce((sum, one) => sum + one.lab[axis] * one.count, 0) / (count || 1))
  );
  return { lab, count };
}

/** @param {Triple} one @param {Triple} other */
function square(one, other) {
  return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 + (one[2] - other[2]) ** 2;
}

/** @param {Triple} values @param {number} by @returns {Triple} */
function scaled([first, second, third], by) {
  return [first * by, second * by, third * by];
}

/** sRGB, IEC 61966-2-1, and its primaries against D65. */
const TO_XYZ = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const FROM_XYZ = [
  [3.2404542, -1.5371385, -0.4985314],
  [-0.969266, 1.8760108, 0.041556],
  [0.0556434, -0.2040259, 1.0572252],
];
const WHITE = [0.95047, 1, 1.08883];
const EDGE = 6 / 29;

/** @param {Triple} color of 0 to 255 @returns {Triple} L*, a*, b* */
export function labOf(color) {
  const linear = color.map((value) =>
    value <= 10.31475 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
  );
  const [x, y, z] = TO_XYZ.map((row, index) => {
    const share = row.reduce((sum, weight, channel) => sum + weight * linear[channel], 0) / WHITE[index];
    return share > EDGE ** 3 ? Math.cbrt(share) : share / (3 * EDGE ** 2) + 4 / 29;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/** @param {Triple} lab @returns {string} #rrggbb, the nearest that a screen has */
export function hexOf([light, a, b]) {
  const y = (light + 16) / 116;
  const xyz = [y + a / 500, y, y - b / 200].map(
    (share, index) => WHITE[index] * (share > EDGE ? share ** 3 : 3 * EDGE ** 2 * (share - 4 / 29)),
  );
  const bytes = FROM_XYZ.map((row) => {
    const linear = row.reduce((sum, weight, axis) => sum + weight * xyz[axis], 0);
    const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, value)));
  });
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
