/** How a drawing gets onto the page: dropped, pasted, chosen, blank, or one of the samples. */

import { FLAT, fetchPicture, sampleAddress } from "./api.js";
import { el, input, need } from "../shared/elements.js";
import { commanded } from "./keep.js";
import { blankSheet, sheetOf } from "./paper.js";
import { isHints, isZip, strokesOf, unzip } from "./reopen.js";

const BLANK = 512;

export class StartPanel {
  /** @param {import("./main.js").AppType} app */
  constructor(app) {
    this.app = app;
    this.mostBytes = 20_000_000;
    need("browse").onclick = () => input("file").click();
    need("blank").onclick = () => this.#blank();
    need("back").onclick = () => this.close();
    input("file").onchange = () => {
      const files = [...(input("file").files ?? [])];
      input("file").value = "";
      void this.takeAll(files);
    };
    this.#listen();
  }

  open() {
    need("start").hidden = false;
    need("back").hidden = !this.app.history;
    this.app.stage.hide(true);
    this.explain();
    void this.app.works.offer();
  }

  close() {
    need("start").hidden = true;
    this.app.stage.hide(false);
  }

  /** Where there is no run yet, say how to make one. */
  explain() {
    if (this.app.runs.models.some((run) => run !== FLAT)) return;
    const words =
      "There is no trained run here yet. Train one with gan train experiments/l1_lines.py, then come back. Until then hints fill areas flat.";
    this.app.fault(new Error(words));
  }

  /** A drawing or a ZIP, hints, or one of each. @param {File[]} files */
  async takeAll(files) {
    const [drawing, hints] = [false, true].map((wanted) => files.find(({ name }) => isHints(name) === wanted));
    if (drawing && !(await this.take(drawing, drawing.name))) return;
    if (hints) await this.take(hints, hints.name);
  }

  /** @param {Blob} file @param {string} name @returns {Promise<boolean>} whether it could be. */
  async take(file, name) {
    try {
      if (await isZip(file)) await this.#unpack(file, name);
      else if (isHints(name)) await this.#hint(file, name);
      else this.app.begin(await this.sheet(file, name));
      this.app.fault(null);
      return true;
    } catch (fault) {
      this.app.fault(/** @type {Error} */ (fault));
      return false;
    }
  }

  /** A picture. @param {Blob} file @param {string} name */
  async sheet(file, name) {
    this.#check(file, name);
    return sheetOf(file, name);
  }

  /** @param {Blob} file @param {string} name */
  #check(file, name) {
    if (file.size <= this.mostBytes) return;
    const sizes = [file.size, this.mostBytes].map((size) => size / 1e6);
    throw new Error(`${name} has ${sizes[0].toFixed(1)} MB; a picture may have ${sizes[1]} MB.`);
  }

  /** What this page made. @param {Blob} file @param {string} name */
  async #unpack(file, name) {
    const found = await unzip(file, name);
    const sheet = await this.sheet(found.drawing, found.name);
    const strokes = found.hints === null ? [] : strokesOf(found.hints, name, sheet, this.app.mostHints);
    const { run, variant } = commanded(found.commands, this.app.runs.models);
    this.app.runs.reopen(run);
    this.app.begin(sheet, { strokes, variant: Math.min(variant, this.app.variants.most - 1) });
  }

  /** Hints take the place of those on the drawing; undo brings these back. @param {Blob} file @param {string} name */
  async #hint(file, name) {
    const state = this.app.history?.now;
    if (!state) throw new Error(`${name} has hints alone: open the drawing first, or both at once.`);
    this.#check(file, name);
    const strokes = strokesOf(await file.text(), name, state.sheet, this.app.mostHints);
    this.close();
    this.app.commit({ ...state, strokes });
    this.app.say(`Hints of ${name}.`);
  }

  /** What a run has to begin with. @param {import("./api.js").Run} run @param {import("./api.js").Start} start */
  offer(run, start) {
    const characters = start.characters.map((address, number) => this.#thumb(address, `character-${number + 1}.png`));
    const rows = Array.from({ length: start.drawings }, (_, row) => row);
    const own = rows.map((row) => this.#thumb(sampleAddress(run.run, row), `drawing-${row + 1}.png`));
    need("characters").replaceChildren(...characters);
    need("own").replaceChildren(...own);
    need("own-heading").hidden = own.length === 0;
    const [high, wide] = run.shape;
    const size = high === wide ? high : `${wide}x${high}`;
    need("own-heading").textContent = `${run.run}: its validation drawings, ${size} px`;
    need("credit").textContent = start.credit ? `Characters: ${start.credit}.` : "";
    need("samples").hidden = characters.length + own.length === 0;
  }

  #blank() {
    this.app.begin(blankSheet(BLANK, BLANK));
    this.app.use("line");
  }

  /** @param {string} address @param {string} name */
  #thumb(address, name) {
    const picture = el("img", { src: address, alt: "", loading: "lazy", decoding: "async" });
    const take = async () => {
      const file = await fetchPicture(address).catch((fault) => this.app.fault(fault));
      if (file) await this.take(file, name);
    };
    const label = name.replace(".png", "").replace("-", " ");
    return el("button", { type: "button", class: "thumb", "aria-label": label, on: { click: take } }, picture);
  }

  #listen() {
    let depth = 0; // dragenter and dragleave come for every element on the way
    const drag = (/** @type {DragEvent} */ event, /** @type {number} */ change) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      depth = Math.max(0, depth + change);
      need("dropping").hidden = depth === 0;
    };
    addEventListener("dragenter", (event) => drag(event, 1));
    addEventListener("dragover", (event) => {
      drag(event, 0);
      need("dropping").dataset.over = isOverColors(event) ? "colors" : "page";
    });
    addEventListener("dragleave", (event) => drag(event, -1));
    addEventListener("drop", (event) => {
      drag(event, -depth);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files[0] && isOverColors(event)) void this.app.reference.take(files[0]);
      else void this.takeAll(files);
    });
    addEventListener("paste", (event) => {
      const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith("image/"));
      if (!file) return;
      event.preventDefault();
      void this.take(file, file.name || "pasted.png");
    });
  }
}

/** Whether a file is held over the colours, of which it is to become some. @param {DragEvent} event */
function isOverColors({ target }) {
  return target instanceof Element && target.closest("#color-card") !== null;
}
