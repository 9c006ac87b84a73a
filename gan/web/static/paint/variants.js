/** Runs that draw answer one drawing in many colourings: the next of them, and the one before. */

import { need } from "../shared/elements.js";

export class Variants {
  /** @param {import("./main.js").AppType} app */
  constructor(app) {
    this.app = app;
    this.most = 1;
    this.another = /** @type {HTMLButtonElement} */ (need("another"));
    this.before = /** @type {HTMLButtonElement} */ (need("before"));
    this.another.onclick = () => this.move(1);
    this.before.onclick = () => this.move(-1);
  }

  /** Whether a run that is shown draws, and which colouring that is. */
  show() {
    const { state, runs } = this.app;
    const { variant } = state ?? { variant: 0 };
    need("variants").hidden = !runs.shown.some((run) => run.noise);
    need("variant").textContent = `Colouring ${variant + 1}`;
    this.before.disabled = !state || variant === 0;
    this.another.disabled = !state || variant + 1 >= this.most;
  }

  /** Show another colouring of the same drawing with the same hints. @param {1 | -1} by */
  move(by) {
    const { state, draft } = this.app;
    const button = by > 0 ? this.another : this.before;
    if (!state || draft || need("variants").hidden || button.disabled) return;
    this.app.commit({ ...state, variant: state.variant + by });
    this.app.say(`Colouring ${state.variant + by + 1}.`);
  }
}
