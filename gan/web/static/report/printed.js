/**
 * The grids and draws on paper, as plain images: a canvas is drawn only where somebody looks, and a printer does not
 * scroll. They are hidden on the screen, show what is chosen there, and are loaded before anybody prints.
 */

import { looksOf } from "../review/colors.js";
import { whole } from "../review/metrics.js";
import { nearest, stepsOf } from "../review/model.js";
import { el, span, swatch } from "../shared/elements.js";

const SOON = 200; // ms after the last move of the slider
/** @type {Record<string, string>} */
const WORDS = { line: "drawing", hint: "hints", fake: "coloured", color: "truth" };

/** @param {import("../review/model.js").Model} model @param {HTMLElement} node the section of the grids */
export function printGrids(model, node) {
  const place = el("div", { class: "printed" });
  node.append(place);
  const show = () => {
    clearTimeout(timer);
    timer = 0;
    const { chosen } = model;
    place.replaceChildren(
      ...["val", "draws"].flatMap((side) => chosen.flatMap((run) => figure(model, run, side) ?? [])),
    );
  };
  let timer = 0;
  model.on(["chosen", "step", "columns"], () => {
    clearTimeout(timer);
    timer = setTimeout(show, SOON);
  });
  addEventListener("beforeprint", () => timer && show());
  show();
}

/** One run's at the step of the slider; null where it has none. */
function figure(
  /** @type {import("../review/model.js").Model} */ model,
  /** @type {import("../review/model.js").Run} */ run,
  /** @type {string} */ side,
) {
  const steps = stepsOf(run, side);
  if (!steps.length || model.step === undefined) return null;
  const step = nearest(steps, model.step);
  const hinted = (run.details?.config?.hints?.kind ?? "none") !== "none";
  const shown = (/** @type {string} */ name) =>
    side === "draws" || (model.state.columns.includes(name) && (name !== "hint" || hinted));
  const addresses = Object.entries(model.pictures.addresses(run, side, step)).filter(([name]) => shown(name));
  if (side === "val") addresses.sort(([a], [b]) => Object.keys(WORDS).indexOf(a) - Object.keys(WORDS).indexOf(b));
  const columns = addresses.map(([name, src]) => {
    const word = WORDS[name] ?? name;
    return el("div", {}, span("dim", word), el("img", { src, alt: `${word} of ${run.id} at step ${step}` }));
  });
  const title = el("h3", {}, swatch(looksOf(model).get(run.id)?.color), `${run.id}, step ${whole(step)}`);
  return el(
    "figure",
    { css: { "--columns": String(columns.length) } },
    title,
    el("div", { class: "printed-columns" }, ...columns),
  );
}
