/** What a person paints, saved by itself in the browser and nowhere else: the last few drawings, offered again. */

import { el, need } from "../shared/elements.js";
import { blankSheet, drawLines, sheetOf } from "./paper.js";
import { countDabs, stroke } from "./strokes.js";

const MOST = 8;
const THUMB = 160;
const STORE = "works";

/**
 * @typedef {import("./paper.js").Sheet} Sheet
 * @typedef {{id: string, saved: number, file: Blob | null, name: string, width: number, height: number,
 *   lines: import("./paper.js").Line[], strokes: import("./strokes.js").Stroke[], variant: number, run: string}} Work
 *   saved: when, in milliseconds since 1970. file: null for a blank page. run: the one that was A.
 */

export class Works {
  /** @param {import("./main.js").AppType} app */
  constructor(app) {
    this.app = app;
    this.database = opened().catch(() => null); // a browser that keeps nothing
    /** @type {WeakMap<Sheet, string>} */
    this.ids = new WeakMap();
    this.last = { state: /** @type {import("./main.js").State | null} */ (null), run: "" };
    need("forget").onclick = () => void this.#forget();
  }

  /** Save what is on the page, if that has changed. A drawing on which nothing was done yet is no work. */
  save() {
    const state = this.app.history?.now;
    const run = this.app.runs.chosen.a?.run ?? "";
    if (!state || (state === this.last.state && run === this.last.run)) return;
    const { sheet, lines, strokes, variant } = state;
    if (!this.ids.has(sheet) && lines.length + strokes.length + variant === 0) {
      need("saved").textContent = "";
      return;
    }
    this.last = { state, run };
    const id = this.ids.get(sheet) ?? `${Date.now()}-${Math.random()}`;
    this.ids.set(sheet, id);
    const { file, name, width, height } = sheet;
    void this.#put({ id, saved: Date.now(), file, name, width, height, lines, strokes, variant, run });
  }

  /** Show what there is to go on with. */
  async offer() {
    const works = await this.#list();
    const thumbs = await Promise.all(works.map((work) => this.#thumb(work).catch(() => null)));
    const shown = thumbs.filter((thumb) => thumb !== null);
    need("works").replaceChildren(...shown);
    need("go-on").hidden = shown.length === 0;
  }

  /** @param {Work} work */
  async #put(work) {
    const place = need("saved");
    const isShown = () => this.app.state && this.ids.get(this.app.state.sheet) === work.id;
    try {
      const change = await this.#change((store) => {
        store.put(work);
        store.getAll().onsuccess = (event) => {
          const kept = /** @type {IDBRequest<Work[]>} */ (event.target).result.sort(newest);
          for (const { id } of kept.slice(MOST)) store.delete(id);
        };
      });
      if (!isShown()) return;
      place.textContent = change ? "Saved in this browser: New drawing, or a reload, offers it again." : "";
      place.dataset.dabs = String(countDabs(work.strokes));
    } catch {
      if (isShown())
        place.textContent = "This browser has no room to save this by itself: download what you want to keep.";
    }
  }

  /** @returns {Promise<Work[]>} the newest first. */
  async #list() {
    /** @type {Work[]} */
    let works = [];
    await this.#change((store) => {
      store.getAll().onsuccess = (event) => (works = /** @type {IDBRequest<Work[]>} */ (event.target).result);
    }).catch(() => false);
    return works.sort(newest);
  }

  async #forget() {
    await this.#change((store) => store.clear()).catch(() => false);
    need("saved").textContent = "";
    await this.offer();
  }

  /** @param {(store: IDBObjectStore) => void} what @returns {Promise<boolean>} whether this browser keeps anything. */
  async #change(what) {
    const database = await this.database;
    if (!database) return false;
    return new Promise((resolve, reject) => {
      const change = database.transaction(STORE, "readwrite");
      change.oncomplete = () => resolve(true);
      change.onabort = () => reject(change.error);
      what(change.objectStore(STORE));
    });
  }

  /** @param {Work} work */
  async #thumb(work) {
    const sheet = work.file ? await sheetOf(work.file, work.name) : blankSheet(work.width, work.height);
    const label = `Go on with ${work.name}, ${countDabs(work.strokes)} hints`;
    const go = () => this.#open(work, sheet);
    return el("button", { type: "button", class: "thumb", "aria-label": label, on: { click: go } }, small(sheet, work));
  }

  /** @param {Work} work @param {Sheet} sheet */
  #open({ id, lines, strokes, variant, run }, sheet) {
    this.ids.set(sheet, id);
    this.app.runs.reopen(run);
    this.app.begin(sheet, { lines, strokes: strokes.map(({ color, dabs }) => stroke(color, dabs)), variant });
    this.app.fault(null);
  }
}

/** A small picture of a drawing and the hints on it. @param {Sheet} sheet @param {Work} work */
function small(sheet, { lines, strokes }) {
  const scale = THUMB / Math.max(sheet.width, sheet.height);
  const [width, height] = [sheet.width, sheet.height].map((side) => Math.max(1, Math.round(side * scale)));
  const canvas = el("canvas", { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  if (sheet.bitmap) context.drawImage(sheet.bitmap, 0, 0, width, height);
  drawLines(context, lines, scale);
  for (const { color, dabs } of strokes) {
    context.fillStyle = color;
    for (const { x, y, radius } of dabs) {
      context.beginPath();
      context.arc(x * scale, y * scale, Math.max(2, (radius ?? 0) * scale), 0, 2 * Math.PI);
      context.fill();
    }
  }
  return canvas;
}

/** @param {Work} one @param {Work} other */
function newest(one, other) {
  return other.saved - one.saved;
}

/** @returns {Promise<IDBDatabase>} */
function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("gan.paint", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
