/** The report: the review page over what was written into the file. */

import { el } from "../shared/elements.js";
import { useCatalog } from "../review/metrics.js";
import { Model, runOf } from "../review/model.js";
import { build } from "../review/parts.js";
import { printGrids } from "../review/printed.js";
import { Sidebar } from "../review/sidebar.js";
import { about } from "./about.js";
import { EmbeddedGrids } from "./embedded.js";

const data = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("data")).textContent || "{}");
const model = new Model();
model.runs = new Map(data.runs.map((/** @type {any} */ line) => [line.id, readRun(line)]));
model.studies = data.studies;
useCatalog(data.catalog);
model.folder = data.folder;
model.pictures = new EmbeddedGrids(data.pictures);
model.hasTrainingGrids = false;
model.state.chosen = data.chosen;

const side = /** @type {HTMLDetailsElement} */ (document.getElementById("runs"));
side.open = matchMedia("(min-width: 900px)").matches;
new Sidebar(model, /** @type {HTMLElement} */ (document.getElementById("run-list")));
const parts = /** @type {HTMLElement} */ (document.getElementById("parts"));
build(model, parts);
about(data, parts);
printGrids(model, /** @type {HTMLElement} */ (document.getElementById("grids")));
document.getElementById("status")?.append(el("span", { text: data.made }));

/** Curves share their columns of steps and times. @param {any} line @returns {import("../review/model.js").Run} */
function readRun(line) {
  const run = runOf(line);
  run.series = new Map();
  for (const [name, [axis, value]] of Object.entries(line.curves)) {
    const [step, time] = line.axes[/** @type {any} */ (axis)];
    run.series.set(name, { step, time, value: /** @type {any} */ (value) });
  }
  return run;
}
