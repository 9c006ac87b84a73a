/** Zoom and pan: the same part of every drawing of every grid. */

const MOST = 12;

export class View {
  constructor() {
    this.scale = 1;
    /** Left and top of what is seen, as shares of a drawing. */
    this.x = 0;
    this.y = 0;
    /** @type {() => void} */
    this.changed = () => {};
  }

  /**
   * @param {number} factor
   * @param {number} x point that stays where it is, as shares of what is seen of a drawing
   * @param {number} y
   */
  zoom(factor, x = 0.5, y = 0.5) {
    const scale = Math.min(MOST, Math.max(1, this.scale * factor));
    this.x += x / this.scale - x / scale;
    this.y += y / this.scale - y / scale;
    this.scale = scale;
    this.#settle();
  }

  /** @param {number} x as shares of what is seen of a drawing @param {number} y */
  pan(x, y) {
    this.x -= x / this.scale;
    this.y -= y / this.scale;
    this.#settle();
  }

  reset() {
    this.set({ scale: 1, x: 0, y: 0 });
  }

  /** @param {{scale: number, x: number, y: number}} seen is brought to what can be seen */
  set({ scale, x, y }) {
    this.scale = Math.min(MOST, Math.max(1, scale));
    this.x = x;
    this.y = y;
    this.#settle();
  }

  #settle() {
    const most = 1 - 1 / this.scale;
    this.x = Math.min(most, Math.max(0, this.x));
    this.y = Math.min(most, Math.max(0, this.y));
    this.changed();
  }
}

/**
 * Let a person zoom and pan on a panel: drag, pinch, Ctrl and wheel, the keys + - 0 and Shift with arrows.
 * @param {HTMLElement} panel
 * @param {View} view
 * @param {() => {wide: number, high: number}} size of the panel in drawings
 * @param {(x: number, y: number) => void} pick is called for a click at shares of the panel
 */
export function steer(panel, view, size, pick) {
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  let moved = 0;
  const share = (/** @type {{clientX: number, clientY: number}} */ at) => {
    const box = panel.getBoundingClientRect();
    return { x: (at.clientX - box.left) / box.width, y: (at.clientY - box.top) / box.height };
  };
  const zoomAt = (/** @type {number} */ factor, /** @type {number} */ x, /** @type {number} */ y) =>
    view.zoom(factor, (x * size().wide) % 1, (y * size().high) % 1);
  panel.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (fingers.size === 0) moved = 0;
    fingers.set(event.pointerId, share(event));
    if (view.scale > 1 || fingers.size > 1) panel.setPointerCapture(event.pointerId);
  });
  panel.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = share(event);
    const box = panel.getBoundingClientRect();
    moved += Math.abs(now.x - before.x) * box.width + Math.abs(now.y - before.y) * box.height;
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    fingers.set(event.pointerId, now);
    if (other) {
      const stretch = distance(now, other) / Math.max(1e-3, distance(before, other));
      zoomAt(stretch, (now.x + other.x) / 2, (now.y + other.y) / 2);
    } else if (view.scale > 1) view.pan((now.x - before.x) * size().wide, (now.y - before.y) * size().high);
  });
  panel.addEventListener("pointerup", (event) => {
    const at = fingers.get(event.pointerId);
    fingers.delete(event.pointerId);
    if (at && moved < 5) pick(at.x, at.y);
  });
  for (const end of ["pointercancel", "pointerleave"]) {
    panel.addEventListener(end, (event) => fingers.delete(/** @type {PointerEvent} */ (event).pointerId));
  }
  panel.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
      event.preventDefault();
      const at = share(event);
      zoomAt(Math.exp(-event.deltaY / 200), at.x, at.y);
    },
    { passive: false },
  );
  panel.addEventListener("keydown", (event) => steerByKey(event, view));
}

/** @param {KeyboardEvent} event @param {View} view */
function steerByKey(event, view) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const far = 0.2;
  const shifted = { ArrowLeft: [far, 0], ArrowRight: [-far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] }[event.key];
  if (event.key === "+" || event.key === "=") view.zoom(1.5);
  else if (event.key === "-") view.zoom(1 / 1.5);
  else if (event.key === "0") view.reset();
  else if (event.shiftKey && shifted) view.pan(shifted[0], shifted[1]);
  else return;
  event.preventDefault();
}

/** @param {{x: number, y: number}} a @param {{x: number, y: number}} b */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
