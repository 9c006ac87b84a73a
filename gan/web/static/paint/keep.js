/** What a person takes away: the picture, the hints, and how to make the same on the command line. */

import { colorFile, FLAT, hintFile, layerFile, Refusal, zipFile } from "./api.js";
import { el, input, need } from "../shared/elements.js";
import { nameOf } from "./paper.js";
import { requestOf, toHints } from "./strokes.js";

/** @typedef {import("./main.js").State} State @typedef {import("./api.js").Run} Run */

/** What a ZIP has of run A: its picture, and that in layers. */
const KINDS = /** @type {const} */ (["picture", "lines", "colors", "flat"]);

export class KeepPanel {
  /** @param {import("./main.js").AppType} app */
  constructor(app) {
    this.app = app;
    this.#button("keep-picture", async (state, run) => [
      pictureName(state, run),
      await this.#file(state, run, colorFile),
    ]);
    this.#button("keep-layers", async (state, run) => [
      pictureName(state, run).replace(/png$/, "ora"),
      await this.#file(state, run, layerFile),
    ]);
    this.#button("keep-json", async (state, run) => [
      hintsName(state, run, "json"),
      new Blob([hintText(state)], { type: "application/json" }),
    ]);
    this.#button("keep-png", async (state, run) => [
      hintsName(state, run, "png"),
      await this.#file(state, run, hintFile),
    ]);
    this.#button("keep-all", async (state, run) => [
      `${stem(state)}${colouring(state, run)}.zip`,
      await this.#all(state, run),
    ]);
    input("transparent").onchange = () => this.app.changed();
    need("copy").onclick = () => void this.#copy();
    this.show();
  }

  /** Whether pictures are kept without their background. */
  get transparent() {
    return input("transparent").checked;
  }

  /** What can be kept now. */
  show() {
    const { state } = this.app;
    const run = this.app.runs?.chosen.a;
    const hinted = Boolean(state?.strokes.length && run?.dab);
    enable("keep-picture", Boolean(state && run));
    enable("keep-layers", Boolean(state && run));
    enable("keep-json", Boolean(state?.strokes.length));
    enable("keep-png", hinted);
    enable("keep-all", Boolean(state && run));
    need("command").textContent = state && run ? this.#command(state, run, hintsName(state, run, "json")) : "";
  }

  /** @param {string} id @param {(state: State, run: Run) => Promise<[string, Blob]>} make */
  #button(id, make) {
    need(id).onclick = async () => {
      const { state } = this.app;
      const run = this.app.runs.chosen.a;
      if (!state || !run) return;
      try {
        save(...(await make(state, run)));
      } catch (fault) {
        this.app.fault(/** @type {Error} */ (fault));
      }
    };
  }

  /**
   * Ask about a drawing, and once more with the drawing sent again where the server has forgotten it.
   *
   * @param {State} state
   * @param {(drawing: string) => Promise<Blob>} what
   */
  async #ask({ sheet, lines }, what) {
    try {
      return await what((await this.app.uploads.get(sheet, lines)).drawing);
    } catch (fault) {
      if (!(fault instanceof Refusal && fault.status === 410)) throw fault;
      this.app.uploads.forget(sheet, lines);
      return what((await this.app.uploads.get(sheet, lines)).drawing);
    }
  }

  /** @param {State} state @param {Run} run @param {typeof colorFile} what */
  #file(state, run, what) {
    const clear = this.transparent && what !== hintFile ? { transparent: true } : {};
    return this.#ask(state, (drawing) => what({ ...requestOf(drawing, run, state), ...clear }));
  }

  /** @param {State} state @param {Run} run */
  #all(state, run) {
    const { stage, runs: choice } = this.app;
    const other = stage.view === "one" || choice.keeps ? null : choice.chosen.b; // what was kept has hints of its own
    const runs = other ? [run, other] : [run];
    /** @type {Parameters<typeof zipFile>[2]} */
    const files = [[nameOf(state.sheet, state.lines), "drawing", ""]];
    for (const one of runs) {
      for (const kind of one === run ? KINDS : KINDS.slice(0, 1)) {
        const name = kind === "picture" ? pictureName(state, one) : layerName(state, one, kind);
        files.push(one.noise ? [name, kind, one.run, state.variant] : [name, kind, one.run]);
      }
    }
    const hints = hintsName(state, run, "json");
    if (state.strokes.length) files.push([hints, "text", hintText(state)]);
    if (state.strokes.length && run.dab) files.push([hintsName(state, run, "png"), "hints", run.run]);
    files.push(["commands.txt", "text", runs.map((one) => `${this.#command(state, one, hints)}\n`).join("\n")]);
    return this.#ask(state, (drawing) => zipFile(drawing, toHints(state.strokes), files, this.transparent));
  }

  /** @param {State} state @param {Run} run @param {string} hints the name of their file */
  #command(state, run, hints) {
    const words = ["gan colorize", by(run), quoted(nameOf(state.sheet, state.lines))];
    if (state.strokes.length && run.dab) words.push("--hint-json", quoted(hints));
    if (colouring(state, run)) words.push("--variant", String(state.variant + 1));
    if (this.transparent) words.push("--transparent");
    words.push("--out", quoted(`again-${pictureName(state, run)}`));
    return words.join(" ");
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(need("command").textContent ?? "");
      this.app.say("Copied.");
      need("copy").textContent = "Copied";
    } catch {
      getSelection()?.selectAllChildren(need("command")); // the browser keeps the clipboard: Ctrl+C is one key away
    }
  }
}

/**
 * What the commands of a ZIP say: the first run that they name, of those that are here, and the colouring.
 *
 * @param {string} commands @param {Run[]} models
 */
export function commanded(commands, models) {
  const run = models.find((one) => commands.startsWith(`gan colorize ${by(one)} `))?.run ?? "";
  return { run, variant: Number(/ --variant (\d+) /.exec(commands)?.[1] ?? 1) - 1 };
}

/** @param {Run} run */
function by(run) {
  return run === FLAT ? FLAT.run : quoted(run.folder);
}

/** A word for a shell. @param {string} word */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith("-") ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** @param {State} state */
function hintText(state) {
  const lines = toHints(state.strokes).map((hint) => JSON.stringify(hint));
  return `[\n${lines.join(",\n")}\n]\n`;
}

/** @param {State} state */
function stem(state) {
  return state.sheet.name.replace(/\.[^.]*$/, "").replace(/^-+/, "") || "drawing";
}

/** @param {State} state @param {Run} run */
function pictureName(state, run) {
  return `${stem(state)}-${run === FLAT ? "flat" : run.run.replaceAll("/", "-")}${colouring(state, run)}.png`;
}

/** @param {State} state @param {Run} run @param {string} kind of the layer */
function layerName(state, run, kind) {
  return pictureName(state, run).replace(/\.png$/, `-${kind}.png`);
}

/** @param {State} state @param {Run} run @param {string} ending */
function hintsName(state, run, ending) {
  return `${stem(state)}-hints${colouring(state, run)}.${ending}`;
}

/** What a name says of the colouring that is shown: nothing of the first. @param {State} state @param {Run} run */
function colouring({ variant }, run) {
  return run.noise && variant ? `-${variant + 1}` : "";
}

/** @param {string} name @param {Blob} file */
function save(name, file) {
  const address = URL.createObjectURL(file);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** @param {string} id @param {boolean} enabled */
function enable(id, enabled) {
  /** @type {HTMLButtonElement} */ (need(id)).disabled = !enabled;
}
