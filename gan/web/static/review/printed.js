/**
 * The grids and draws on paper, as plain images: a canvas is drawn only where somebody looks, and a printer does not
 * scroll. They are hidden on the screen, show what is chosen there, and are loaded before anybody prints.
 */

import { dresser } from "./colors.js";
import { whole } from "./metrics.js";
import { COLUMN_WORDS, COLUMNS, nearest, stepsOf } from "./model.js";
import { columnOf } from "./pictures.js";
import { el, span } from "../shared/elements.js";

/** @typedef {import("./model.js").Model} Model */
/** @typedef {import("./model.js").Run} Run */

const SOON = 200; // ms after the last move of the slider
const EAGER = 24; // runs whose grids are loaded on the screen; of more, browsers load them when somebody prints

/** @param {Model} model @param {HTMLElement} node the section of the grids */
export function printGrids(model, node) {
  const place = el("div", { class: "printed" });
  node.append(place);
  const dress = dresser(model, place);
  const show = () => {
    clearTimeout(timer);
    timer = 0;
    const figures = [model.state.side, "draws"].flatMap((side) =>
      model.chosen.flatMap((run, index) => figure(model, run, side, index < EAGER) ?? []),
    );
    place.replaceChildren(...figures);
    dress();
  };
  let timer = 0;
  model.on(["chosen", "details", "step", "columns", "side"], () => {
    clearTimeout(timer);
    timer = setTimeout(show, SOON);
  });
  addEventListener("beforeprint", () => timer && show());
  show();
}

/**
 * One run's at the step of the slider; null where it has none.
 * @param {Model} model
 * @param {Run} run
 * @param {string} side
 * @param {boolean} eager whether it is loaded before anybody prints
 */
function figure(model, run, side, eager) {
  const steps = stepsOf(run, side);
  if (!steps.length || model.step === undefined) return null;
  const step = nearest(steps, model.step);
  const hinted = (run.details?.config?.hints?.kind ?? "none") !== "none";
  const shown = COLUMNS.filter((name) => model.state.columns.includes(name) && (name !== "hint" || hinted));
  const names = side === "draws" ? model.pictures.drawn(run) : shown;
  const columns = names.map((/** @type {string} */ name) => {
    const word = COLUMN_WORDS[name] ?? name;
    const alt = `${word} of ${run.id} at step ${step}`;
    const picture =
      name === "difference"
        ? difference(model, run, side, step, alt)
        : model.pictures.printed(run, side, step, name, { alt, loading: eager ? "eager" : "lazy" });
    return el("div", {}, span("dim", word), picture);
  });
  const title = el("h3", {}, span("swatch", ""), `${run.id}, step ${whole(step)}`);
  return el(
    "figure",
    { css: { "--columns": String(columns.length) }, data: { run: run.id } },
    title,
    el("div", { class: "printed-columns" }, ...columns),
  );
}

/**
 * A canvas that is drawn as soon as the grid is there.
 * @param {Model} model
 * @param {Run} run
 * @param {string} side
 * @param {number} step
 * @param {string} label
 */
function difference(model, run, side, step, label) {
  const canvas = el("canvas", { role: "img", "aria-label": label });
  const draw = async () => {
    await model.pictures.load(run, side, step);
    const peek = (/** @type {string} */ column) => model.pictures.peek(run, side, step, column);
    const [strip, beside] = [columnOf(peek, "difference"), peek("fake")];
    if (!strip || !beside) return;
    const { image, wide, high, rows } = strip;
    Object.assign(canvas, { width: wide, height: beside.pitch * rows });
    for (let row = 0; row < rows; row += 1) {
      const [from, to] = [row * high, row * beside.pitch]; // in line with the other columns
      canvas.getContext("2d")?.drawImage(image, 0, from, wide, high, 0, to, wide, high);
    }
  };
  draw();
  return canvas;
}
