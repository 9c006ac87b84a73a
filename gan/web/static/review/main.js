/** The review page. */

import { keepAddress, readAddress } from "./address.js";
import { Ending } from "./ending.js";
import { Live } from "./live.js";
import { Model } from "./model.js";
import { build } from "./parts.js";
import { ServedGrids } from "./pictures.js";
import { printGrids } from "./printed.js";
import { Sidebar } from "./sidebar.js";

const AT_FIRST = 6; // runs that are chosen when nobody has chosen yet

/** The newest study or folder: the first seed of each of its arms. @param {Model} model */
function firstChoice(model) {
  const runs = [...model.runs.values()].filter((run) => run.step > 0);
  const newest = runs.reduce(
    (/** @type {any} */ best, run) => (!best || run.updated > best.updated ? run : best),
    null,
  );
  if (!newest) return [...model.runs.keys()].slice(0, 1);
  const near = runs.filter((run) => (run.study ?? run.group) === (newest.study ?? newest.group));
  const arms = Map.groupBy(near, (run) => `${run.group}/${run.arm}`);
  const firsts = [...arms.values()].map((seeds) => seeds[0]);
  firsts.sort((a, b) => b.updated - a.updated);
  return firsts.slice(0, AT_FIRST).map((run) => run.id);
}

const model = new Model();
model.pictures = new ServedGrids();
const status = /** @type {HTMLElement} */ (document.getElementById("status"));
const live = new Live(model, (words, bad) => {
  status.textContent = words;
  status.classList.toggle("bad", bad);
});
const chosen = readAddress(model);
const side = /** @type {HTMLDetailsElement} */ (document.getElementById("runs"));
side.open = matchMedia("(min-width: 900px)").matches;
matchMedia("(min-width: 900px)").addEventListener("change", (event) => (side.open = event.matches));
const ending = new Ending();
new Sidebar(model, /** @type {HTMLElement} */ (document.getElementById("run-list")), (run) => ending.open(run));
build(model, /** @type {HTMLElement} */ (document.getElementById("parts")));
printGrids(model, /** @type {HTMLElement} */ (document.getElementById("grids")));
keepAddress(model);

/** Nobody has chosen yet: the first runs that appear are. */
const chooseFirst = () => {
  if (!chosen && !touched && model.runs.size) {
    touched = true;
    model.set({ chosen: firstChoice(model) });
  }
};
let touched = false;
model.on(["runs"], chooseFirst);
live.start();
