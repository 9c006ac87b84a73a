/** Which part of the drawing is seen: how much it is enlarged, and where its top left corner is. Both panes share it. */

import { need } from "../shared/elements.js";

export const STEP = 1.25;
/** A pixel of the drawing is never shown larger than this, in pixels of the screen. */
const LARGEST = 48;
/** Of the wheel: pixels that it has to turn to enlarge e times. */
const WHEEL = 400;
const LINE = 32;

/** @typedef {{x: number, y: number}} Place @typedef {{pointer: number, at: Place}} Drag */

export class View {
  /** @param {import("./main.js").AppType} app @param {import("./stage.js").Stage} stage */
  constructor(app, stage) {
    this.app = app;
    this.stage = stage;
    this.zoom = 1;
    /** In shares of the drawing. */
    this.x = this.y = 0;
    /** The most that it can be enlarged. */
    this.most = 8;
    /** The space bar is held: the pointer moves the picture. */
    this.held = false;
    /** @type {Drag | null} */
    this.drag = null;
    /** @type {Map<number, Place>} fingers on the picture */
    this.fingers = new Map();
    this.pinching = false;
    need("zoom-in").onclick = () => this.enlarge(STEP);
    need("zoom-out").onclick = () => this.enlarge(1 / STEP);
    need("zoom-all").onclick = () => this.reset();
    this.#listenToSpace();
  }

  /** Whether the pointer moves the picture, and paints nothing. */
  get moves() {
    return this.held || this.drag !== null || this.pinching;
  }

  /** @param {number} scale pixels of the screen for one of the drawing, where all of it is seen */
  fit(scale) {
    this.most = Math.max(8, LARGEST / scale);
    this.#show(this.zoom, this.x, this.y);
  }

  reset() {
    this.#show(1, 0, 0);
    this.app.say("The whole drawing.");
  }

  /** About a place of the picture, in shares of what is seen. @param {number} times @param {Place} [about] */
  enlarge(times, about = { x: 0.5, y: 0.5 }) {
    this.#bring(about, about, times);
  }

  /** Bring what is seen at a place to another, in shares of what is seen, and enlarge it there. @param {Place} from @param {Place} to @param {number} times */
  #bring(from, to, times) {
    const zoom = Math.min(this.most, Math.max(1, this.zoom * times));
    this.#show(zoom, this.x + from.x / this.zoom - to.x / zoom, this.y + from.y / this.zoom - to.y / zoom);
  }

  /** Move until a place is seen, in shares of the drawing. @param {Place} place */
  reveal({ x, y }) {
    const seen = 1 / this.zoom;
    const nearest = (/** @type {number} */ from, /** @type {number} */ to) => Math.min(to, Math.max(to - seen, from));
    this.#show(this.zoom, nearest(this.x, x), nearest(this.y, y));
  }

  /** @param {WheelEvent} event @param {HTMLElement} box */
  turn(event, box) {
    event.preventDefault();
    const unit = event.deltaMode === 0 ? 1 : LINE;
    if (event.shiftKey) {
      const along = (event.deltaX || event.deltaY) * unit;
      this.#move(-along / box.clientWidth, 0);
    } else {
      const quick = event.ctrlKey && Math.abs(event.deltaY) < 50 ? 4 : 1; // two fingers pinch in small steps
      this.enlarge(Math.exp((-event.deltaY * unit * quick) / WHEEL), shareOf(event, box));
    }
  }

  /** A pointer comes down. @param {PointerEvent} event @returns {boolean} whether it moves the picture. */
  down(event) {
    if (event.pointerType === "touch") {
      this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (this.fingers.size > 1) this.pinching = true;
      return this.pinching;
    }
    if (event.button !== 1 && !(this.held && event.button === 0)) return false;
    this.drag = { pointer: event.pointerId, at: { x: event.clientX, y: event.clientY } };
    return true;
  }

  /** @param {PointerEvent} event @param {HTMLElement} box @returns {boolean} whether it moves the picture. */
  move(event, box) {
    const now = { x: event.clientX, y: event.clientY };
    if (this.fingers.has(event.pointerId)) {
      const before = spread([...this.fingers.values()]);
      this.fingers.set(event.pointerId, now);
      if (this.pinching && this.fingers.size > 1) this.#pinch(before, spread([...this.fingers.values()]), box);
      return this.pinching;
    }
    if (this.drag?.pointer !== event.pointerId) return this.held;
    this.#move((now.x - this.drag.at.x) / box.clientWidth, (now.y - this.drag.at.y) / box.clientHeight);
    this.drag.at = now;
    return true;
  }

  /** @param {PointerEvent} event @returns {boolean} whether it moved the picture. */
  up(event) {
    const moved = this.pinching || this.drag?.pointer === event.pointerId;
    this.fingers.delete(event.pointerId);
    if (this.fingers.size === 0) this.pinching = false;
    if (this.drag?.pointer === event.pointerId) this.drag = null;
    return moved;
  }

  /** @param {{middle: Place, width: number}} from @param {{middle: Place, width: number}} to @param {HTMLElement} box */
  #pinch(from, to, box) {
    const [before, after] = [from, to].map(({ middle }) => shareOf({ clientX: middle.x, clientY: middle.y }, box));
    this.#bring(before, after, to.width / from.width);
  }

  /** In shares of what is seen. @param {number} right @param {number} down */
  #move(right, down) {
    this.#show(this.zoom, this.x - right / this.zoom, this.y - down / this.zoom);
  }

  /** @param {number} zoom @param {number} x @param {number} y */
  #show(zoom, x, y) {
    this.zoom = Math.min(this.most, Math.max(1, zoom));
    const hidden = 1 - 1 / this.zoom;
    [this.x, this.y] = [Math.min(hidden, Math.max(0, x)), Math.min(hidden, Math.max(0, y))];
    need("zoom-all").textContent = `${Math.round(100 * this.zoom)} %`;
    /** @type {HTMLButtonElement} */ (need("zoom-out")).disabled = this.zoom === 1;
    /** @type {HTMLButtonElement} */ (need("zoom-in")).disabled = this.zoom === this.most;
    this.stage.look();
  }

  /** Over the picture the space bar moves it, and presses no button that has the focus. */
  #listenToSpace() {
    const hold = (/** @type {boolean} */ held) => {
      this.held = held;
      need("panes").classList.toggle("moving", held);
      this.stage.draw();
    };
    addEventListener("keydown", (event) => {
      if (event.key !== " " || !this.stage.gestures.hover.pane || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      if (!this.held && !this.stage.gestures.gesture) hold(true);
    });
    addEventListener("keyup", (event) => {
      if (event.key !== " " || !this.held) return;
      event.preventDefault();
      hold(false);
    });
    addEventListener("blur", () => hold(false));
  }
}

/** Where an event is in a box, in shares of it. @param {{clientX: number, clientY: number}} event @param {HTMLElement} box */
export function shareOf(event, box) {
  const { left, top, width, height } = box.getBoundingClientRect();
  return { x: (event.clientX - left) / width, y: (event.clientY - top) / height };
}

/** The middle of two fingers, and how far they are apart. @param {Place[]} fingers */
function spread([one, other = one]) {
  const middle = { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
  return { middle, width: Math.max(1, Math.hypot(one.x - other.x, one.y - other.y)) };
}
