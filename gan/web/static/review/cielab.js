/** CIELAB of sRGB colours (D65), and CIEDE2000 between two of them, as gan/metrics/cielab.py has them. */

/** @typedef {[number, number, number]} Three */

const WHITE = [0.95047, 1, 1.08883];
const MATRIX = [
  [0.412453, 0.35758, 0.180423],
  [0.212671, 0.71516, 0.072169],
  [0.019334, 0.119193, 0.950227],
];
const RADIANS = Math.PI / 180;

/** @param {number[]} rgb of 0..255 @returns {Three} */
export function labOf(rgb) {
  const linear = rgb.map((byte) => {
    const value = byte / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  const [x, y, z] = MATRIX.map((row, index) => {
    const share = row.reduce((sum, weight, channel) => sum + weight * linear[channel], 0) / WHITE[index];
    return share > 0.008856 ? Math.cbrt(share) : 7.787 * share + 16 / 116;
  });
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

/**
 * Sharma, Wu, Dalal 2005, "The CIEDE2000 color-difference formula", eqs. 2 to 22.
 * @param {Three} one L, a, b
 * @param {Three} other
 */
export function ciede2000([l1, a1, b1], [l2, a2, b2]) {
  const chroma = (Math.hypot(a1, b1) + Math.hypot(a2, b2)) / 2;
  const stretch = 1 + (1 - Math.sqrt(chroma ** 7 / (chroma ** 7 + 25 ** 7))) / 2;
  const [c1, c2] = [Math.hypot(stretch * a1, b1), Math.hypot(stretch * a2, b2)];
  const [h1, h2] = [hueOf(stretch * a1, b1), hueOf(stretch * a2, b2)];
  const grey = c1 * c2 === 0;
  let turn = grey ? 0 : h2 - h1;
  if (turn > 180) turn -= 360;
  else if (turn < -180) turn += 360;
  const [lightness, mean] = [(l1 + l2) / 2, (c1 + c2) / 2];
  let hue = h1 + h2;
  if (!grey) hue = Math.abs(h1 - h2) <= 180 ? hue / 2 : (hue < 360 ? hue + 360 : hue - 360) / 2;
  const cos = (/** @type {number} */ degrees) => Math.cos(degrees * RADIANS);
  const t = 1 - 0.17 * cos(hue - 30) + 0.24 * cos(2 * hue) + 0.32 * cos(3 * hue + 6) - 0.2 * cos(4 * hue - 63);
  const offset = (lightness - 50) ** 2;
  const dl = (l2 - l1) / (1 + (0.015 * offset) / Math.sqrt(20 + offset));
  const dc = (c2 - c1) / (1 + 0.045 * mean);
  const dh = (2 * Math.sqrt(c1 * c2) * Math.sin((turn / 2) * RADIANS)) / (1 + 0.015 * mean * t);
  const around = 30 * Math.exp(-(((hue - 275) / 25) ** 2));
  const rotation = -2 * Math.sqrt(mean ** 7 / (mean ** 7 + 25 ** 7)) * Math.sin(2 * around * RADIANS);
  return Math.sqrt(Math.max(0, dl ** 2 + dc ** 2 + dh ** 2 + rotation * dc * dh));
}

/** In degrees, 0 for a grey. @param {number} a @param {number} b */
function hueOf(a, b) {
  return a === 0 && b === 0 ? 0 : (Math.atan2(b, a) / RADIANS + 360) % 360;
}
