/** The pictures: one pane or two, their sizes, and what lies on them. */

import { FLAT } from "./api.js";
import { el, input, need } from "../shared/elements.js";
import { drawOverlay } from "./overlay.js";
import { Gestures } from "./gestures.js";
import { drawSheet } from "./paper.js";
import { countDabs } from "./strokes.js";
import { shareOf, View } from "./view.js";

/**
 * @typedef {"a" | "b"} Name
 * @typedef {{name: Name, pane: HTMLElement, box: HTMLElement, captions: HTMLElement, caption: HTMLElement, picture: HTMLCanvasElement,
 *   overlay: HTMLCanvasElement, painted: import("./main.js").State | null, run: string, step: number | null}} Pane
 *   painted: the state that the picture answers; run: whose picture it is.
 */

const GAP = 16;

export class Stage {
  /** @param {import("./main.js").AppType} app */
  constructor(app) {
    this.app = app;
    /** @type {"one" | "beside" | "wipe"} */
    this.view = "one";
    this.hintsShown = true;
    this.panes = { a: makePane("a"), b: makePane("b") };
    /** Pixels of the screen for one of the drawing, where all of it is seen. */
    this.scale = 1;
    this.gestures = new Gestures(app, this);
    this.viewed = new View(app, this);
    for (const pane of this.#all()) {
      need("panes").append(pane.pane);
      this.gestures.listen(pane);
    }
    this.drawn = /** @type {import("./main.js").State | null} */ (null);
    input("border").oninput = () => this.#wipe();
    listenToGrip(this.panes.a, (share) => this.wipe(share));
    input("show").onchange = () => this.showHints(input("show").checked);
    const sizes = new ResizeObserver(() => this.#fit());
    for (const place of ["stage", "variants"]) sizes.observe(need(place));
    this.arrange("one");
  }

  #all() {
    return [this.panes.a, this.panes.b];
  }

  /** @param {"one" | "beside" | "wipe"} view */
  arrange(view) {
    const { a, b } = this.panes;
    this.view = view;
    need("panes").dataset.view = view;
    b.pane.hidden = view !== "beside";
    const home = view === "wipe" ? a : b;
    home.box.insertBefore(b.picture, home.overlay);
    home.captions.append(b.caption.parentElement ?? b.caption);
    need("wipe").hidden = view !== "wipe" || need("panes").hidden;
    this.#wipe();
    this.label();
    this.#fit();
  }

  /** The pictures change places with the runs. */
  swap() {
    const { a, b } = this.panes;
    [a.painted, b.painted] = [b.painted, a.painted];
    [a.run, b.run] = [b.run, a.run];
    [a.step, b.step] = [b.step, a.step];
    const kept = snapshot(a.picture);
    if (b.painted === null && a.painted === null) return;
    copy(b.picture, a.picture);
    copy(kept, b.picture);
  }

  /** @param {boolean} hidden whether the start panel is in front */
  hide(hidden) {
    need("panes").hidden = hidden;
    need("line").hidden = hidden;
    need("wipe").hidden = hidden || this.view !== "wipe";
    if (!hidden) this.#fit();
  }

  focus() {
    this.panes.a.overlay.focus({ preventScroll: true });
  }

  /** @param {boolean} shown */
  showHints(shown) {
    this.hintsShown = shown;
    input("show").checked = shown;
    this.draw();
  }

  /** The answer of a run. @param {Name} name @param {import("./live.js").Answer} answer */
  show(name, { pixels, step, order }) {
    const pane = this.panes[name];
    const { state } = this.app;
    const expected = state && this.app.runs.order(name, state);
    if (order.run.run !== expected?.run.run || order.state.sheet !== state?.sheet) return;
    resize(pane.picture, pixels.width, pixels.height);
    pane.picture.getContext("2d", { willReadFrequently: true })?.putImageData(pixels, 0, 0);
    Object.assign(pane, { painted: order.state, run: order.run.run, step });
    Object.assign(pane.box.dataset, {
      run: pane.run,
      step: String(step),
      hints: String(countDabs(order.state.strokes)),
      variant: String(order.state.variant),
    });
    this.label();
    this.look();
  }

  /** Whether a picture is this one already. @param {Name} name @param {import("./live.js").Order} order */
  shows(name, { state, run }) {
    return this.panes[name].painted === state && this.panes[name].run === run.run;
  }

  /** @param {Name} name @param {boolean} busy */
  busy(name, busy) {
    this.panes[name].box.classList.toggle("busy", busy);
    this.panes[name].box.setAttribute("aria-busy", String(busy));
  }

  /** Whose pictures these are. */
  label() {
    const { chosen, kept, keeps } = this.app.runs;
    const other = describe((keeps && kept?.run) || chosen.b, this.panes.b);
    const words = { a: describe(chosen.a, this.panes.a), b: keeps ? `kept: ${other}` : other };
    for (const pane of this.#all()) {
      pane.caption.textContent = words[pane.name];
      pane.overlay.setAttribute("aria-label", `Picture by ${words[pane.name]}`);
    }
  }

  /** Bring the pictures to the part of the drawing that is seen. */
  look() {
    const sheet = this.app?.state?.sheet;
    if (!sheet) return;
    const { zoom, x, y } = this.viewed;
    for (const { picture } of this.#all()) {
      picture.style.transform = `translate(${-100 * x * zoom}%, ${-100 * y * zoom}%) scale(${zoom})`;
      picture.classList.toggle("coarse", (this.scale * zoom * sheet.width) / picture.width >= 3);
    }
    this.#wipe();
    this.draw();
  }

  /** Bring the overlays, and the drawing where there are no colours yet, up to date. */
  draw() {
    const state = this.app.state;
    if (!state) return;
    const before = this.drawn;
    this.drawn = state;
    if (state.sheet !== before?.sheet) this.#newSheet(state);
    for (const pane of this.#all()) {
      const shown = this.app.runs.order(pane.name, state)?.state ?? state;
      if (!pane.pane.hidden) drawOverlay(pane, shown, this.app, this);
    }
  }

  /** @param {import("./main.js").State} state */
  #newSheet(state) {
    for (const pane of this.#all()) {
      pane.painted = null;
      for (const word of ["run", "step", "hints", "variant"]) delete pane.box.dataset[word];
      resize(pane.picture, state.sheet.width, state.sheet.height);
      const context = pane.picture.getContext("2d", { willReadFrequently: true });
      if (context) drawSheet(context, state.sheet, state.lines);
    }
    for (const place of ["speed", "note"]) need(place).textContent = ""; // they were of the drawing before
    Object.assign(this.viewed, { zoom: 1, x: 0, y: 0 });
    this.#fit(state.sheet);
  }

  /** The largest panes for which there is room. @param {import("./paper.js").Sheet | undefined} [sheet] */
  #fit(sheet = this.app?.state?.sheet) {
    if (!sheet || need("panes").hidden) return;
    const room = need("panes").getBoundingClientRect();
    const narrow = matchMedia("(max-width: 860px)").matches;
    const count = this.view === "beside" ? 2 : 1;
    const beside = narrow && sheet.width >= sheet.height * 0.7 ? 1 : count;
    const wide = (room.width - GAP * (beside - 1)) / beside;
    const high = narrow
      ? innerHeight * 0.72
      : Math.max(160, innerHeight - room.top - need("variants").offsetHeight - (this.view === "wipe" ? 104 : 74));
    const scale = Math.min(wide / sheet.width, high / sheet.height);
    for (const { box, overlay } of this.#all()) {
      box.style.width = `${Math.floor(sheet.width * scale)}px`;
      box.style.height = `${Math.floor(sheet.height * scale)}px`;
      resize(
        overlay,
        Math.round(sheet.width * scale * devicePixelRatio),
        Math.round(sheet.height * scale * devicePixelRatio),
      );
    }
    need("wipe").style.width = `${Math.floor(sheet.width * scale)}px`;
    this.scale = scale;
    this.viewed.fit(scale);
  }

  /** Move the border between A and B. @param {number} share of the width, in percent */
  wipe(share) {
    input("border").value = String(share);
    this.#wipe();
  }

  #wipe() {
    const { picture } = this.panes.b;
    const share = Number(input("border").value);
    const { zoom, x } = this.viewed;
    picture.style.clipPath = this.view === "wipe" ? `inset(0 0 0 ${100 * x + share / zoom}%)` : "";
    this.panes.a.box.style.setProperty("--border", `${share}%`);
  }

  /** The colour of the picture at a place, as #rrggbb. @param {Pane} pane @param {{x: number, y: number}} place */
  colorAt(pane, place) {
    const sheet = this.app.state?.sheet;
    if (!sheet) return null;
    const { zoom, x: left } = this.viewed;
    const share = 100 * zoom * ((place.x + 0.5) / sheet.width - left);
    const right = this.view === "wipe" && share > Number(input("border").value);
    const { picture } = right ? this.panes.b : pane;
    const x = Math.floor(((place.x + 0.5) * picture.width) / sheet.width);
    const y = Math.floor(((place.y + 0.5) * picture.height) / sheet.height);
    const data = picture.getContext("2d", { willReadFrequently: true })?.getImageData(x, y, 1, 1).data;
    return data
      ? `#${[...data]
          .slice(0, 3)
          .map((value) => value.toString(16).padStart(2, "0"))
          .join("")}`
      : null;
  }
}

/** @param {Name} name @returns {Pane} */
function makePane(name) {
  const picture = el("canvas", { class: "picture" });
  const overlay = el("canvas", { class: "overlay", tabindex: "0", role: "application", "data-side": name });
  overlay.setAttribute("aria-roledescription", "canvas; arrow keys move the brush, Enter uses it");
  const grip = name === "a" && el("span", { class: "grip", title: "Move the border between A and B (, .)" });
  const box = el("div", { class: "box" }, picture, overlay, grip, el("span", { class: "progress" }));
  const caption = el("span");
  const badge = el("span", { class: "badge", "aria-hidden": "true", text: name.toUpperCase() });
  const captions = el("figcaption", {}, el("span", { class: "whose" }, badge, caption));
  const pane = el("figure", { class: "pane" }, box, captions);
  return { name, pane, box, captions, caption, picture, overlay, painted: null, run: "", step: null };
}

/** The grip on the border between A and B; the slider below does the same by keyboard. @param {Pane} pane @param {(share: number) => void} move */
function listenToGrip({ box }, move) {
  const grip = /** @type {HTMLElement} */ (box.querySelector(".grip"));
  grip.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
  });
  grip.addEventListener("pointermove", (event) => {
    if (grip.hasPointerCapture(event.pointerId)) move(100 * shareOf(event, box).x);
  });
}

/** @param {import("./api.js").Run | null} run @param {Pane} pane */
function describe(run, pane) {
  if (!run) return "no run";
  if (run === FLAT) return "flat fill, no network";
  if (pane.run !== run.run || pane.step === null) return run.run;
  const colouring = run.noise && pane.painted ? `, colouring ${pane.painted.variant + 1}` : "";
  return `${run.run}, step ${pane.step}${colouring}`;
}

/** @param {HTMLCanvasElement | OffscreenCanvas} canvas @param {number} width @param {number} height */
function resize(canvas, width, height) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/** @param {HTMLCanvasElement} canvas */
function snapshot(canvas) {
  const kept = new OffscreenCanvas(canvas.width, canvas.height);
  copy(canvas, kept);
  return kept;
}

/** @param {HTMLCanvasElement | OffscreenCanvas} from @param {HTMLCanvasElement | OffscreenCanvas} to */
function copy(from, to) {
  resize(to, from.width, from.height);
  const context = /** @type {CanvasRenderingContext2D | null} */ (to.getContext("2d", { willReadFrequently: true }));
  context?.drawImage(from, 0, 0);
}
