/** How wide the brush is: a share of what the drawing and the network allow. */

import { input, need } from "../shared/elements.js";
import { frameOf, radiusRange, reach, settled } from "./strokes.js";

const STEP = 1.15;
/** Radius of a pen's lightest touch, and what full pressure adds to it, as shares of the brush. */
const PRESSURE = [0.5, 1];

export class Brush {
  /** @param {import("./main.js").AppType} app */
  constructor(app) {
    this.app = app;
    /** @type {number} in pixels of the drawing */
    this.radius = 20;
    /** @type {import("./paper.js").Sheet | null} */
    this.sheet = null;
    this.slider = input("radius");
    this.slider.oninput = () => this.#set(this.#fromSlider());
  }

  /** @returns {import("./strokes.js").Frame} how the network of run A sees the drawing. */
  get frame() {
    const sheet = this.app.state?.sheet ?? { width: 512, height: 512 };
    return frameOf(this.app.runs.chosen.a ?? { shape: [64, 64], dab: null }, sheet);
  }

  get #range() {
    return radiusRange(this.frame, this.app.state?.sheet ?? { width: 512, height: 512 });
  }

  /** Bring the brush to a size that suits the drawing and the run. */
  fit() {
    const sheet = this.app.state?.sheet ?? null;
    if (sheet === null || sheet !== this.sheet) this.radius = this.frame.usual;
    this.sheet = sheet;
    need("stay").hidden = !this.frame.exact;
    this.#set(this.radius);
  }

  /** @param {boolean} larger */
  step(larger) {
    const least = this.frame.exact ? 1 : 0; // to the next disc of whole pixels, at least
    const [up, down] = [Math.max(this.radius * STEP, this.radius + least), this.radius / STEP];
    this.#set(larger ? up : Math.min(down, this.radius - least));
    this.app.say(need("radius-value").textContent ?? "");
  }

  /** The radius of a dab that a pointer event asks for. @param {PointerEvent} event */
  of(event) {
    return this.radius * pressure(event);
  }

  /**
   * What the brush leaves at a place. A network that fills areas gets a disc that stays in the area of its middle: what
   * slips over a line would fill the other side, too.
   *
   * @param {{x: number, y: number}} place @param {number} [radius] @returns {import("./strokes.js").Dab}
   */
  dab(place, radius = this.radius) {
    const { state } = this.app;
    const dab = settled({ ...place, radius }, this.frame);
    if (!this.frame.exact || !state || !input("inside").checked) return dab;
    return settled({ ...dab, radius: this.app.areas.room(state, dab, Math.round(radius)) }, this.frame);
  }

  /** Width of the pen that draws lines, in pixels of the drawing. @param {PointerEvent} event @param {boolean} rubs */
  pen(event, rubs) {
    const sheet = this.app.state?.sheet ?? { width: 512, height: 512 };
    const fine = Math.max(1, Math.min(sheet.width, sheet.height) / 150);
    return (rubs ? fine * 6 : fine) * pressure(event);
  }

  /** @param {number} radius */
  #set(radius) {
    const [least, most] = this.#range;
    this.radius = Math.min(most, Math.max(least, radius));
    this.slider.value = String(Math.sqrt((this.radius - least) / (most - least)));
    const wide = Math.round(2 * reach(this.radius, this.frame));
    need("radius-value").textContent = `${wide} px`;
    this.slider.setAttribute("aria-valuetext", `${wide} pixels wide`);
    this.app.stage?.draw();
  }

  #fromSlider() {
    const [least, most] = this.#range;
    return least + (most - least) * Number(this.slider.value) ** 2;
  }
}

/** 1 for everything but a pen, whose pressure counts. @param {PointerEvent} event */
function pressure(event) {
  return event.pointerType === "pen" && event.pressure > 0 ? PRESSURE[0] + PRESSURE[1] * event.pressure : 1;
}
