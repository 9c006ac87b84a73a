/**
 * The drawing: a picture file or a blank page, and the lines that a person drew on it. As long as there are none, the
 * file goes to the server as it is, so that `gan colorize` on the same file makes the same picture.
 */

/**
 * @typedef {{bitmap: ImageBitmap | null, file: Blob | null, name: string, width: number, height: number}} Sheet
 * @typedef {{white: boolean, points: {x: number, y: number, width: number}[]}} Line
 * @typedef {import("./api.js").StoredDrawing} StoredDrawing
 */

import { upload } from "./api.js";

/** @param {Blob} file @param {string} name @returns {Promise<Sheet>} */
export async function sheetOf(file, name) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new Error(`${name} is not a picture that can be read: choose a PNG, JPEG or WebP file.`);
  }
  return { bitmap, file, name, width: bitmap.width, height: bitmap.height };
}

/** @param {number} width @param {number} height @returns {Sheet} */
export function blankSheet(width, height) {
  return { bitmap: null, file: null, name: "drawing.png", width, height };
}

/** @param {CanvasRenderingContext2D} context of a canvas of the sheet's size @param {Sheet} sheet @param {Line[]} lines */
export function drawSheet(context, sheet, lines) {
  context.fillStyle = "#fff";
  context.fillRect(0, 0, sheet.width, sheet.height);
  if (sheet.bitmap) context.drawImage(sheet.bitmap, 0, 0);
  drawLines(context, lines, 1);
}

/**
 * Lines of a pen, each stretch as wide as the pen was pressed there.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Line[]} lines
 * @param {number} scale from pixels of the drawing to those of the canvas
 */
export function drawLines(context, lines, scale) {
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { white, points } of lines) {
    context.strokeStyle = white ? "#fff" : "#000";
    points.forEach((point, index) => {
      const before = points[Math.max(0, index - 1)];
      context.lineWidth = point.width * scale;
      context.beginPath();
      context.moveTo((before.x + 0.5) * scale, (before.y + 0.5) * scale);
      context.lineTo((point.x + 0.5) * scale, (point.y + 0.5) * scale);
      context.stroke();
    });
  }
}

/** The drawing as a file. @param {Sheet} sheet @param {Line[]} lines @returns {Promise<Blob>} */
export async function fileOf(sheet, lines) {
  if (sheet.file && lines.length === 0) return sheet.file;
  const canvas = new OffscreenCanvas(sheet.width, sheet.height);
  const context = /** @type {any} */ (canvas.getContext("2d"));
  drawSheet(context, sheet, lines);
  return canvas.convertToBlob({ type: "image/png" });
}

/** The name of that file. @param {Sheet} sheet @param {Line[]} lines */
export function nameOf(sheet, lines) {
  return sheet.file && lines.length === 0 ? sheet.name : `${sheet.name.replace(/\.[^.]*$/, "")}.png`;
}

/** Drawings that the server keeps: each is uploaded once, and again where the server has forgotten it. */
export class Uploads {
  constructor() {
    /** @type {WeakMap<Sheet, Map<Line[], Promise<StoredDrawing>>>} */
    this.kept = new WeakMap();
  }

  /** @param {Sheet} sheet @param {Line[]} lines @returns {Promise<StoredDrawing>} */
  get(sheet, lines) {
    const known = this.kept.get(sheet) ?? new Map();
    this.kept.set(sheet, known);
    let kept = known.get(lines);
    if (!kept) {
      kept = fileOf(sheet, lines).then(upload);
      known.set(lines, kept);
      kept.catch(() => known.delete(lines));
    }
    return kept;
  }

  /** @param {Sheet} sheet @param {Line[]} lines */
  forget(sheet, lines) {
    this.kept.get(sheet)?.delete(lines);
  }
}
