/** The linked slider over the steps of all chosen runs: by hand, by arrow keys, or playing. */

import { el } from "../shared/elements.js";
import { whole } from "./metrics.js";

const PLAY_MS = 450;

/**
 * @param {import("./model.js").Model} model
 * @returns {HTMLElement}
 */
export function stepSlider(model) {
  const range = el("input", {
    type: "range",
    min: 0,
    step: 1,
    "aria-label": "Training step of every grid",
    class: "step-range",
  });
  const words = el("output", { class: "step-words" });
  const play = el("button", { type: "button", class: "play", "aria-pressed": "false", title: "Play (space)" });
  play.append(el("span", { class: "play-icon", "aria-hidden": "true" }), el("span", { text: "Play" }));
  const node = el("div", { class: "step-slider" }, play, range, words);
  let timer = 0;

  const show = () => {
    const steps = model.steps;
    const at = steps.indexOf(/** @type {number} */ (model.step));
    range.max = String(Math.max(0, steps.length - 1));
    range.value = String(at);
    range.disabled = steps.length < 2;
    /** @type {HTMLButtonElement} */ (play).disabled = steps.length < 2;
    words.textContent = at < 0 ? "no grids yet" : `step ${whole(steps[at])}`;
    range.setAttribute("aria-valuetext", words.textContent);
    words.title = at < 0 ? "" : `grid ${at + 1} of ${steps.length}`;
    node.hidden = steps.length === 0;
  };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.setAttribute("aria-pressed", "false");
    play.classList.remove("playing");
  };
  const toggle = () => {
    if (timer) return stop();
    if (model.steps.length < 2) return undefined;
    play.setAttribute("aria-pressed", "true");
    play.classList.add("playing");
    timer = window.setInterval(() => (document.hidden ? stop() : move(model, 1, true)), PLAY_MS);
    return undefined;
  };
  range.addEventListener("input", () => goTo(model, Number(range.value)));
  play.addEventListener("click", toggle);
  model.on(["step", "side", "chosen", "details"], show);
  onKeys(model, toggle);
  show();
  return node;
}

/**
 * Go to one of the steps; at the last one the page follows a run that trains.
 * @param {import("./model.js").Model} model
 * @param {number} index
 */
function goTo(model, index) {
  const steps = model.steps;
  if (steps.length) model.set({ step: index >= steps.length - 1 ? Infinity : steps[Math.max(0, index)] });
}

/**
 * @param {import("./model.js").Model} model
 * @param {number} by steps of the slider
 * @param {boolean} [around] from the last to the first
 */
function move(model, by, around = false) {
  const steps = model.steps;
  const index = steps.indexOf(/** @type {number} */ (model.step)) + by;
  goTo(model, around ? index % steps.length : index);
}

/** @param {import("./model.js").Model} model @param {() => void} toggle */
function onKeys(model, toggle) {
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const typing = target.closest("input, select, textarea, [role='separator']");
    if (typing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const index = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (index !== undefined) move(model, index);
    else if (event.key === "Home") goTo(model, 0);
    else if (event.key === "End") goTo(model, Infinity);
    else if (event.key === " " && !target.closest("button, summary, a, [tabindex='0']")) toggle();
    else return;
    event.preventDefault();
  });
}
