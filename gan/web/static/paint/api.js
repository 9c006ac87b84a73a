/** What the page asks the server for. Every refusal is a sentence. */

/**
 * @typedef {{run: string, folder: string, experiment: string, seed: number, step: number | null, saved: number,
 *   hints: string, dab: [number, number] | null, source: string, size: number, game: string, loss: string}} Run
 * @typedef {{x: number, y: number, color: string, radius: number}} Hint
 * @typedef {{drawing: string, run: string, hints: Hint[]}} Wish
 * @typedef {{drawing: string, width: number, height: number, shown: {width: number, height: number}}} Kept
 * @typedef {{palette: {name: string, colors: string[]}[], characters: string[], credit: string | null,
 *   drawings: number}} Start
 */

export class Refusal extends Error {
  /** @param {number} status HTTP status, 0 where the server does not answer. @param {string} sentence */
  constructor(status, sentence) {
    super(sentence);
    this.status = status;
  }
}

/** @returns {Promise<{models: Run[], limits: {bytes: number, pixels: number, hints: number}}>} */
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

/** @param {Blob} blob @returns {Promise<Kept>} */
export async function upload(blob) {
  const headers = { "content-type": "application/octet-stream" };
  return (await ask("/api/paint/drawings", { method: "POST", headers, body: blob })).json();
}

/**
 * Pixels for the screen: nothing to encode, nothing to decode.
 *
 * @param {Wish} wish
 * @param {{width: number, height: number}} size
 * @returns {Promise<{pixels: ImageData, step: number, timing: string} | null>} null: a newer request took its place.
 */
export async function colorPixels(wish, size) {
  const answer = await post("/api/paint/color", { ...wish, bare: true });
  if (answer.status === 204) return null;
  const bytes = new Uint8ClampedArray(await answer.arrayBuffer());
  const pixels = new ImageData(bytes, size.width, size.height);
  return { pixels, step: Number(answer.headers.get("x-step")), timing: answer.headers.get("server-timing") ?? "" };
}

/** The picture at the drawing's own size, as a PNG file. @param {Wish} wish @returns {Promise<Blob>} */
export async function colorFile(wish) {
  return (await post("/api/paint/color", { ...wish, whole: true })).blob();
}

/** Hints as a PNG that `gan colorize --hint-image` reads. @param {Wish} wish @returns {Promise<Blob>} */
export async function hintFile(wish) {
  return (await post("/api/paint/hints", wish)).blob();
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
