/** From pointers and keys to strokes: mouse, pen with pressure, finger, and the arrow keys. */

import { erased, extended, settled, stroke, strokeAt, without } from "./strokes.js";
import { shareOf } from "./view.js";

/**
 * @typedef {{x: number, y: number}} Place in pixels of the drawing
 * @typedef {import("./stage.js").Pane} Pane
 * @typedef {import("./main.js").State} State
 * @typedef {{tool: import("./main.js").Tool, pointer: number, start: State, item: any}} Gesture item: the stroke or line
 *   that grows, or where the eraser was.
 */

/** The button of a pen's other end. */
const ERASER = 32;
/** The pointer of the keyboard. */
const KEYS = -1;
/** Tools that leave hints in the colour in hand. @type {import("./main.js").Tool[]} */
export const PAINTS = ["stroke", "dab", "fill"];
/** How near to a hint's mark it is pointed at, in pixels of the screen: by a finger, and by all else. */
const NEAR = { finger: 18, other: 9 };
/** How far an arrow key moves the brush, as a share of the drawing's short side. */
const STEP = 1 / 40;

export class Gestures {
  /** @param {import("./main.js").AppType} app @param {import("./stage.js").Stage} stage */
  constructor(app, stage) {
    this.app = app;
    this.stage = stage;
    /** @type {{place: Place | null, pane: Pane | null, width: number}} */
    this.hover = { place: null, pane: null, width: 0 };
    /** @type {Gesture | null} */
    this.gesture = null;
  }

  /** @param {Pane} pane */
  listen(pane) {
    const { overlay } = pane;
    overlay.addEventListener("pointerdown", (event) => this.#down(event, pane));
    overlay.addEventListener("pointermove", (event) => this.#move(event, pane));
    overlay.addEventListener("pointerup", (event) => this.#up(event));
    overlay.addEventListener("pointercancel", (event) => this.stage.viewed.up(event) || this.cancel());
    overlay.addEventListener("mousedown", (event) => event.button === 1 && event.preventDefault()); // scrolls no page
    overlay.addEventListener("wheel", (event) => this.#turn(event, pane), { passive: false });
    overlay.addEventListener("pointerleave", () => this.#leave());
    overlay.addEventListener("keydown", (event) => this.#key(event, pane));
    overlay.addEventListener("blur", () => this.#leave());
    overlay.addEventListener("contextmenu", (event) => this.gesture && event.preventDefault());
  }

  /** Forget the unfinished gesture. */
  cancel() {
    if (!this.gesture) return;
    this.gesture = null;
    this.app.sketch(null, null);
  }

  /** @param {PointerEvent} event @param {Pane} pane */
  #down(event, pane) {
    const state = this.app.state;
    if (this.stage.viewed.down(event)) {
      this.cancel(); // the first of two fingers has begun to paint
      pane.overlay.setPointerCapture(event.pointerId);
      this.stage.draw();
      return;
    }
    if (this.gesture || !state || (event.button !== 0 && event.button !== 5)) return;
    event.preventDefault();
    pane.box.classList.add("by-pointer"); // whoever paints with a pointer needs no ring around the picture
    pane.overlay.focus({ preventScroll: true });
    pane.overlay.setPointerCapture(event.pointerId);
    const tool = event.altKey ? "pick" : event.buttons & ERASER ? "erase" : this.app.tool;
    this.gesture = { tool, pointer: event.pointerId, start: state, item: null };
    this.#hover(event, pane);
    this.#use(event, pane, event.timeStamp);
  }

  /** @param {PointerEvent} event @param {Pane} pane */
  #move(event, pane) {
    if (this.stage.viewed.move(event, pane.box)) return;
    if (this.gesture && event.pointerId !== this.gesture.pointer) return;
    this.#hover(event, pane);
    if (!this.gesture) {
      this.stage.draw();
      return;
    }
    const every = event.getCoalescedEvents?.() ?? [];
    for (const one of every.length ? every : [event]) this.#use(one, pane, event.timeStamp);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (this.stage.viewed.up(event)) {
      this.stage.draw();
      return;
    }
    if (!this.gesture || event.pointerId !== this.gesture.pointer) return;
    const { tool } = this.gesture;
    this.gesture = null;
    if (event.pointerType === "touch") this.#leave();
    const state = this.app.draft;
    if (state) this.app.commit(state, event.timeStamp);
    if (state && PAINTS.includes(tool)) this.app.colors.remember();
  }

  #leave() {
    if (this.gesture) return;
    this.hover = { place: null, pane: null, width: 0 };
    this.stage.draw();
  }

  /** @param {PointerEvent} event @param {Pane} pane */
  #hover(event, pane) {
    this.hover = { place: this.#place(event, pane), pane, width: this.app.brush.pen(event, this.app.tool === "rub") };
  }

  /** @param {WheelEvent} event @param {Pane} pane */
  #turn(event, pane) {
    if (!this.app.state || this.gesture) return;
    this.stage.viewed.turn(event, pane.box);
    this.hover = { ...this.hover, place: this.#place(event, pane), pane };
    this.stage.draw();
  }

  /** @param {{clientX: number, clientY: number}} event @param {Pane} pane @returns {Place} */
  #place(event, pane) {
    const { zoom, x, y } = this.stage.viewed;
    const share = shareOf(event, pane.overlay);
    const { width, height } = /** @type {State} */ (this.app.state).sheet;
    return {
      x: clamp((x + share.x / zoom) * width - 0.5, width - 1),
      y: clamp((y + share.y / zoom) * height - 0.5, height - 1),
    };
  }

  /** One place of a gesture. @param {PointerEvent} event @param {Pane} pane @param {number} since */
  #use(event, pane, since) {
    const gesture = /** @type {Gesture} */ (this.gesture);
    const place = this.#place(event, pane);
    const state = this.app.draft ?? gesture.start;
    const next = this.#next(gesture, state, place, event, pane);
    if (next !== state) this.app.sketch(next, since);
    else this.stage.draw();
  }

  /**
   * @param {Gesture} gesture @param {State} state @param {Place} place @param {PointerEvent} event @param {Pane} pane
   * @returns {State} the same one where nothing changes.
   */
  #next(gesture, state, place, event, pane) {
    const { tool, start } = gesture;
    if (tool === "pick") {
      const color = this.stage.colorAt(pane, place);
      if (color) this.app.colors.choose(color, gesture.pointer === KEYS);
      return state;
    }
    if (tool === "tint") {
      if (!gesture.item) this.app.choice.choose(this.hintAt(state, place, event.pointerType));
      gesture.item = true;
      return state;
    }
    if (tool === "line" || tool === "rub") {
      const point = { ...place, width: this.app.brush.pen(event, tool === "rub") };
      gesture.item = { white: tool === "rub", points: [...(gesture.item?.points ?? []), point] };
      return { ...state, lines: [...start.lines, gesture.item] };
    }
    if (tool === "erase") {
      const strokes = erased(state.strokes, gesture.item ?? place, place, this.app.brush.radius);
      gesture.item = place;
      return strokes === state.strokes ? state : { ...state, strokes };
    }
    if (tool === "fill") return this.#filled(gesture, state, place);
    return this.#painted(gesture, state, { ...place, radius: this.app.brush.of(event) });
  }

  /** The hint that is pointed at: by its mark, what is painted, or the area that it fills. @param {State} state @param {Place} place @param {string} [by] what kind of pointer */
  hintAt(state, place, by = "") {
    const { scale, viewed } = this.stage;
    const near = (by === "touch" ? NEAR.finger : NEAR.other) / (scale * viewed.zoom);
    const { frame } = this.app.brush;
    const found = strokeAt(state.strokes, place, near, frame);
    const area = found || !frame.exact ? 0 : this.app.areas.at(state, place);
    const fills = (/** @type {import("./strokes.js").Dab} */ dab) =>
      dab.radius === null && this.app.areas.at(state, dab) === area;
    return found ?? (area ? state.strokes.findLast(({ dabs }) => dabs.some(fills)) : null) ?? null;
  }

  /** A hint without a radius, in the place of all that is in the same area. @param {Gesture} gesture @param {State} state @param {Place} place */
  #filled(gesture, state, place) {
    const { frame } = this.app.brush;
    const area = frame.exact ? this.app.areas.at(state, place) : 0;
    const dab = settled({ ...place, radius: null }, frame);
    if (gesture.item && area && area === gesture.item.area) return state;
    if (this.app.isFull(1)) return state;
    gesture.item = { area };
    const others = area
      ? without(gesture.start.strokes, (one) => this.app.areas.at(state, one) === area)
      : gesture.start.strokes;
    return { ...state, strokes: [...others, stroke(this.app.colors.now, [dab])] };
  }

  /** @param {Gesture} gesture @param {State} state @param {import("./strokes.js").Dab} to as wide as the brush is */
  #painted(gesture, state, to) {
    const { tool, start, item } = gesture;
    const { brush } = this.app;
    const wide = settled(to, brush.frame);
    const way = tool === "dab" || !item ? [wide] : extended(item.way, wide, brush.frame);
    if (item && way === item.way) return state;
    const kept = tool === "dab" || !item ? [] : item.stroke.dabs;
    const dabs = [...kept, ...way.slice(kept.length).map((dab) => brush.dab(dab, dab.radius ?? undefined))];
    if (this.app.isFull(dabs.length - (item?.stroke.dabs.length ?? 0))) return state;
    gesture.item = { way, stroke: item ? { ...item.stroke, dabs } : stroke(this.app.colors.now, dabs) };
    return { ...state, strokes: [...start.strokes, gesture.item.stroke] };
  }

  /** The arrow keys move the brush, Enter uses it. @param {KeyboardEvent} event @param {Pane} pane */
  #key(event, pane) {
    pane.box.classList.remove("by-pointer");
    const sheet = this.app.state?.sheet;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!sheet || this.gesture || event.ctrlKey || event.metaKey || event.altKey) return;
    const { zoom, x, y } = this.stage.viewed;
    const middle = { x: (x + 0.5 / zoom) * sheet.width, y: (y + 0.5 / zoom) * sheet.height };
    const place = this.hover.place ?? middle;
    if (way) {
      const step = event.shiftKey ? 1 : Math.max(1, Math.min(sheet.width, sheet.height) * STEP);
      const moved = {
        x: clamp(place.x + way[0] * step, sheet.width - 1),
        y: clamp(place.y + way[1] * step, sheet.height - 1),
      };
      this.hover = { ...this.hover, place: moved, pane };
      this.stage.viewed.reveal({ x: (moved.x + 0.5) / sheet.width, y: (moved.y + 0.5) / sheet.height });
      this.stage.draw();
    } else if (event.key === "Enter") {
      this.hover = { ...this.hover, place, pane };
      this.#press(place, pane, event);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Use the tool once where the keys have moved the brush. @param {Place} place @param {Pane} pane @param {KeyboardEvent} key */
  #press(place, pane, key) {
    const start = /** @type {State} */ (this.app.state);
    const event = /** @type {any} */ ({ pointerType: "keyboard", pressure: 0 });
    const next = this.#next({ tool: this.app.tool, pointer: KEYS, start, item: null }, start, place, event, pane);
    if (next === start) return;
    this.app.commit(next, key.timeStamp);
    this.app.say(`${Math.round(place.x)}, ${Math.round(place.y)}. ${next.strokes.length} strokes.`);
  }
}

/** @param {number} value @param {number} most */
function clamp(value, most) {
  return Math.min(most, Math.max(0, value));
}
