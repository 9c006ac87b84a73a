/** What a person took away, opened again: the page's own ZIP, and hints as JSON. */

import { stroke } from "./strokes.js";

const PICTURE = /\.(png|jpe?g|jfif|webp|tiff?|bmp|gif|avif)$/i;
const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const DEFLATED = 8;
/** As `gan.hints.painted` has it. */
const LARGEST_RADIUS = 100_000;

/** @typedef {{name: string, read: () => Promise<Blob>}} Entry */

/** @param {string} name */
export function isHints(name) {
  return /\.json$/i.test(name);
}

/** @param {Blob} file */
export async function isZip(file) {
  const head = await file.slice(0, 4).arrayBuffer();
  return head.byteLength === 4 && new DataView(head).getUint32(0, true) === LOCAL;
}

/**
 * What a ZIP of the page holds. The name of the drawing begins those of all that was made of it: its stem is the
 * shortest.
 *
 * @param {Blob} file @param {string} name
 * @returns {Promise<{drawing: Blob, name: string, hints: string | null, commands: string}>}
 */
export async function unzip(file, name) {
  /** @type {Entry[]} */
  let entries;
  try {
    entries = entriesOf(new DataView(await file.arrayBuffer()));
  } catch {
    throw new Error(`${name} is a damaged ZIP file.`);
  }
  const stem = (/** @type {Entry} */ entry) => baseOf(entry).replace(PICTURE, "").length;
  const pictures = entries.filter((entry) => PICTURE.test(entry.name)).sort((one, other) => stem(one) - stem(other));
  if (pictures.length === 0) throw new Error(`${name} holds no drawing: open a ZIP that this page made.`);
  const text = async (/** @type {Entry | undefined} */ entry) => (entry ? (await entry.read()).text() : null);
  try {
    return {
      drawing: await pictures[0].read(),
      name: baseOf(pictures[0]),
      hints: await text(entries.find((entry) => isHints(entry.name))),
      commands: (await text(entries.find((entry) => baseOf(entry) === "commands.txt"))) ?? "",
    };
  } catch {
    throw new Error(`${name} is a damaged ZIP file.`);
  }
}

/** @param {Entry} entry */
function baseOf({ name }) {
  return name.split("/").at(-1) ?? name;
}

/** Files by the directory at the end (APPNOTE.TXT 4.3.12). @param {DataView} view @returns {Entry[]} */
function entriesOf(view) {
  let end = view.byteLength - 22;
  while (view.getUint32(end, true) !== END) end -= 1; // leaves the file where there is none
  const entries = [];
  let at = view.getUint32(end + 16, true);
  for (let count = view.getUint16(end + 10, true); count > 0; count -= 1) {
    if (view.getUint32(at, true) !== CENTRAL) throw new RangeError("no directory");
    const [long, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const name = new TextDecoder().decode(new Uint8Array(view.buffer, at + 46, long));
    const [method, size, from] = [
      view.getUint16(at + 10, true),
      view.getUint32(at + 20, true),
      view.getUint32(at + 42, true),
    ];
    const begin = from + 30 + view.getUint16(from + 26, true) + view.getUint16(from + 28, true);
    const packed = new Blob([new Uint8Array(/** @type {ArrayBuffer} */ (view.buffer), begin, size)]);
    entries.push({ name, read: async () => (method === DEFLATED ? inflated(packed) : packed) });
    at += 46 + long + extra + comment;
  }
  return entries;
}

/** @param {Blob} packed */
function inflated(packed) {
  return new Response(packed.stream().pipeThrough(new DecompressionStream("deflate-raw"))).blob();
}

/**
 * Strokes that give the hints of a file: dabs of one colour that touch each other, in their order.
 *
 * @param {string} text @param {string} name of the file
 * @param {import("./strokes.js").Size} sheet @param {number} most hints
 */
export function strokesOf(text, name, sheet, most) {
  let values;
  try {
    values = JSON.parse(text);
  } catch {
    throw new Error(`${name} is no JSON that can be read.`);
  }
  if (!Array.isArray(values)) throw new Error(`${name} must hold a list of hints.`);
  if (values.length > most) throw new Error(`${name} has ${values.length} hints; a picture can have ${most}.`);
  /** @type {import("./strokes.js").Stroke[]} */
  const strokes = [];
  values.forEach((value, index) => {
    const { color, dab } = checked(value, `${name}, hint ${index + 1}`, sheet);
    const open = strokes.at(-1);
    if (open?.color === color && touch(open.dabs[open.dabs.length - 1], dab)) open.dabs.push(dab);
    else strokes.push(stroke(color, [dab]));
  });
  return strokes;
}

/** @param {any} value @param {string} place @param {import("./strokes.js").Size} sheet */
function checked(value, place, { width, height }) {
  const { x, y, radius = null } = value ?? {};
  if (![x, y].every(Number.isFinite)) throw new Error(`${place} must be {"x": X, "y": Y, "color": "#RRGGBB"}.`);
  if (!(x >= 0 && x < width && y >= 0 && y < height)) {
    throw new Error(`${place} at ${x},${y} must lie on the drawing, which has ${width}x${height} pixels.`);
  }
  if (!(radius === null || (Number.isFinite(radius) && radius > 0 && radius <= LARGEST_RADIUS))) {
    throw new Error(`${place}: the radius must be a number above 0, and at most ${LARGEST_RADIUS}.`);
  }
  return { color: colorOf(value.color, place), dab: { x, y, radius } };
}

/** #rrggbb of #RRGGBB, #RGB, or a name of CSS. @param {unknown} color @param {string} place */
function colorOf(color, place) {
  if (
    typeof color !== "string" ||
    !/^(#[0-9a-f]{3}|#[0-9a-f]{6}|[a-z]{3,30})$/i.test(color) ||
    !CSS.supports("color", color)
  ) {
    throw new Error(`${place}: the colour must be #RRGGBB, such as #c23b3b, #RGB, or a name of CSS.`);
  }
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(1, 1).getContext("2d"));
  context.fillStyle = color;
  return context.fillStyle;
}

/** @param {import("./strokes.js").Dab} one @param {import("./strokes.js").Dab} other */
function touch(one, other) {
  if (one.radius === null || other.radius === null) return false;
  return Math.hypot(one.x - other.x, one.y - other.y) <= Math.max(1, one.radius + other.radius);
}
