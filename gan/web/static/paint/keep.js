/** What a person takes away: the picture, the hints, and how to make the same on the command line. */

import { colorFile, hintFile } from "./api.js";
import { make, need } from "./elements.js";
import { fileOf, nameOf } from "./paper.js";
import { toHints } from "./strokes.js";
import { zip } from "./zip.js";

/** @typedef {import("./main.js").State} State @typedef {import("./api.js").Run} Run */

export class KeepPanel {
  /** @param {import("./main.js").AppType} app */
  constructor(app) {
    this.app = app;
    this.#button("keep-picture", async (state, run) => [pictureName(state, run), await this.#picture(state, run)]);
    this.#button("keep-json", async (state) => [`${stem(state)}-hints.json`, hintText(state)]);
    this.#button("keep-png", async (state, run) => [`${stem(state)}-hints.png`, await this.#hints(state, run)]);
    this.#button("keep-all", async (state, run) => [`${stem(state)}.zip`, await this.#all(state, run)]);
    need("copy").onclick = () => void this.#copy();
    this.show();
  }

  /** What can be kept now. */
  show() {
    const { state } = this.app;
    const run = this.app.runs?.chosen.a;
    const hinted = Boolean(state?.strokes.length && run?.dab);
    enable("keep-picture", Boolean(state && run));
    enable("keep-json", Boolean(state?.strokes.length));
    enable("keep-png", hinted);
    enable("keep-all", Boolean(state && run));
    need("command").textContent = state && run ? command(state, run) : "";
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

  /** @param {State} state @param {Run} run @param {import("./strokes.js").Stroke[]} [strokes] */
  async #wish(state, run, strokes = state.strokes) {
    const { drawing } = await this.app.uploads.get(state.sheet, state.lines);
    return { drawing, run: run.run, hints: run.dab ? toHints(strokes) : [] };
  }

  /** Ask, and once more with the drawing sent again where the server has forgotten it. */
  async #ask(/** @type {State} */ state, /** @type {Run} */ run, /** @type {typeof colorFile} */ what) {
    try {
      return await what(await this.#wish(state, run));
    } catch (fault) {
      if (/** @type {any} */ (fault).status !== 410) throw fault;
      this.app.uploads.forget(state.sheet, state.lines);
      return what(await this.#wish(state, run));
    }
  }

  /** @param {State} state @param {Run} run */
  #picture(state, run) {
    return this.#ask(state, run, colorFile);
  }

  /** @param {State} state @param {Run} run */
  #hints(state, run) {
    return this.#ask(state, run, hintFile);
  }

  /** @param {State} state @param {Run} run */
  async #all(state, run) {
    const other = this.app.stage.view === "one" ? null : this.app.runs.chosen.b;
    const runs = other ? [run, other] : [run];
    /** @type {Record<string, Blob>} */
    const files = { [nameOf(state.sheet, state.lines)]: await fileOf(state.sheet, state.lines) };
    for (const one of runs) files[pictureName(state, one)] = await this.#picture(state, one);
    if (state.strokes.length) files[`${stem(state)}-hints.json`] = hintText(state);
    if (state.strokes.length && run.dab) files[`${stem(state)}-hints.png`] = await this.#hints(state, run);
    files["commands.txt"] = new Blob([runs.map((one) => `${command(state, one)}\n`).join("\n")]);
    return zip(files);
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

/** @param {State} state @param {Run} run */
function command(state, run) {
  const words = ["gan colorize", quoted(run.folder), quoted(nameOf(state.sheet, state.lines))];
  if (state.strokes.length && run.dab) words.push("--hint-json", quoted(`${stem(state)}-hints.json`));
  words.push("--out", quoted(`again-${pictureName(state, run)}`));
  return words.join(" ");
}

/** A word for a shell. @param {string} word */
function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) && !word.startsWith("-") ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** @param {State} state */
function hintText(state) {
  const lines = toHints(state.strokes).map((hint) => JSON.stringify(hint));
  return new Blob([`[\n${lines.join(",\n")}\n]\n`], { type: "application/json" });
}

/** @param {State} state */
function stem(state) {
  return state.sheet.name.replace(/\.[^.]*$/, "").replace(/^-+/, "") || "drawing";
}

/** @param {State} state @param {Run} run */
function pictureName(state, run) {
  return `${stem(state)}-${run.run.replaceAll("/", "-")}.png`;
}

/** @param {string} name @param {Blob} file */
function save(name, file) {
  const address = URL.createObjectURL(file);
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** @param {string} id @param {boolean} enabled */
function enable(id, enabled) {
  /** @type {HTMLButtonElement} */ (need(id)).disabled = !enabled;
}
