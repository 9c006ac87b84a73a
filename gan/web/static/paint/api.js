/** What the page asks the server for. Every refusal is a sentence. */

/**
 * @typedef {{run: string, folder: string, experiment: string, seed: number, step: number | null, saved: number,
 *   hints: string, dab: [number, number] | null, exact: boolean, noise: number, source: string, shape: [number, number], game: string, loss: string,
 *   seen: string}} Run
 * @typedef {{x: number, y: number, color: string, radius?: number}} Hint
 * @typedef {{drawing: string, run: string, hints: Hint[], variant?: number, transparent?: boolean}} ColorRequest
 * @typedef {{drawing: string, width: number, height: number, shown: {width: number, height: number}, note: string}} StoredDrawing
 * @typedef {{palette: {name: string, colors: string[]}[], characters: string[], credit: string | null,
 *   drawings: number}} Start
 */

/** The run of those who want none: areas that hold a hint, filled flat. @type {Run} */
export const FLAT = {
  run: "--flat",
  folder: "--flat",
  experiment: "flat fill",
  seed: 0,
  step: null,
  saved: 0,
  hints: "regions",
  dab: [1, 1],
  exact: true,
  noise: 0,
  source: "avatars",
  shape: [64, 64],
  game: "none",
  loss: "none",
  seen: "",
};

export class Refusal extends Error {
  /** @param {number} status HTTP status, 0 where the server does not answer. @param {string} sentence */
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** @returns {Promise<{models: Run[], limits: {bytes: number, pixels: number, hints: number, variants: number}}>} */
export async function listModels() {
  return (await ask("/api/paint/models")).json();
}

/** @param {string} run @returns {Promise<Start>} */
export async function startOf(run) {
  return (await ask(`/api/paint/start?run=${encodeURIComponent(run)}`)).json();
}

/** @param {string} run @param {number} row */
export function sampleAddress(run, row) {
  return `/api/paint/samples/${row}?run=${encodeURIComponent(run)}`;
}

/** @param {string} address @returns {Promise<Blob>} */
export async function fetchPicture(address) {
  return (await ask(address)).blob();
}

/** @param {Blob} blob @returns {Promise<StoredDrawing>} */
export async function upload(blob) {
  const headers = { "content-type": "application/octet-stream" };
  return (await ask("/api/paint/drawings", { method: "POST", headers, body: blob })).json();
}

/**
 * The numbers of a drawing's closed areas, twice, and 1 more where it is paper; row by row as it is shown.
 *
 * @param {string} drawing
 * @returns {Promise<Uint32Array>}
 */
export async function areasOf(drawing) {
  return new Uint32Array(await (await ask(`/api/paint/drawings/${drawing}/areas`)).arrayBuffer());
}

/**
 * Pixels for the screen: nothing to encode, nothing to decode.
 *
 * @param {ColorRequest} request
 * @param {{width: number, height: number}} size
 * @returns {Promise<{pixels: ImageData, step: number, timing: string} | null>} null: a newer request took its place.
 */
export async function colorPixels(request, size) {
  const answer = await post("/api/paint/color", { ...request, bare: true });
  if (answer.status === 204) return null;
  const bytes = new Uint8ClampedArray(await answer.arrayBuffer());
  const pixels = new ImageData(bytes, size.width, size.height);
  return { pixels, step: Number(answer.headers.get("x-step")), timing: answer.headers.get("server-timing") ?? "" };
}

/** The picture at the drawing's own size, as a PNG file. @param {ColorRequest} request @returns {Promise<Blob>} */
export async function colorFile(request) {
  return (await post("/api/paint/color", { ...request, whole: true })).blob();
}

/** The same in layers, as an OpenRaster file. @param {ColorRequest} request @returns {Promise<Blob>} */
export async function layerFile(request) {
  return (await post("/api/paint/color", { ...request, whole: true, layers: true })).blob();
}

/** Hints as a PNG that `gan colorize --hint-image` reads. @param {ColorRequest} request @returns {Promise<Blob>} */
export async function hintFile(request) {
  return (await post("/api/paint/hints", request)).blob();
}

/**
 * Files in one ZIP file. Each is a name, a kind and what it is of: the drawing, a run's picture, a layer of it, or hints,
 * or a text; and of what a run draws which of its colourings, from 0 on.
 *
 * @typedef {"drawing" | "picture" | "lines" | "colors" | "flat" | "hints" | "text"} FileKind
 * @param {string} drawing
 * @param {Hint[]} hints
 * @param {[name: string, kind: FileKind, of: string, variant?: number][]} files
 * @param {boolean} transparent whether backgrounds are
 * @returns {Promise<Blob>}
 */
export async function zipFile(drawing, hints, files, transparent) {
  return (await post("/api/paint/zip", { drawing, hints, files, transparent })).blob();
}

/** @param {string} address @param {object} words */
function post(address, words) {
  return ask(address, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(words) });
}

/** @param {string} address @param {RequestInit} [how] @returns {Promise<Response>} */
async function ask(address, how) {
  let answer;
  try {
    answer = await fetch(address, how);
  } catch {
    throw new Refusal(0, "The server does not answer. Is gan serve still running?");
  }
  if (answer.ok) return answer;
  const words = await answer.json().catch(() => null);
  throw new Refusal(answer.status, sentence(words?.error ?? `the server answered ${answer.status}`));
}

/** @param {string} words */
function sentence(words) {
  return `${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
}
