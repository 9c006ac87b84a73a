/** Zoom and pan, the same for every grid. */

const MOST = 12;

export class View {
  constructor() {
    this.scale = 1;
    /** Left and top of what is seen, as shares of the whole. */
    this.x = 0;
    this.y = 0;
    /** @type {() => void} */
    this.changed = () => {};
  }

  /**
   * @param {number} factor
   * @param {number} x point that stays where it is, as shares of the panel
   * @param {number} y
   */
  zoom(factor, x = 0.5, y = 0.5) {
    const scale = Math.min(MOST, Math.max(1, this.scale * factor));
    this.x += x / this.scale - x / scale;
    this.y += y / this.scale - y / scale;
    this.scale = scale;
    this.#settle();
  }

  /** @param {number} x as shares of the panel @param {number} y */
  pan(x, y) {
    this.x -= x / this.scale;
    this.y -= y / this.scale;
    this.#settle();
  }

  reset() {
    this.scale = 1;
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
 * Let a person zoom and pan on a panel: drag, pinch, Ctrl and wheel, the keys + - 0 and Shift with arrows, a double click.
 * @param {HTMLElement} panel
 * @param {View} view
 * @param {(x: number, y: number) => void} pick is called for a click at shares of the panel
 */
export function steer(panel, view, pick) {
  /** @type {Map<number, {x: number, y: number}>} */
  const fingers = new Map();
  let moved = 0;
  const share = (/** @type {{clientX: number, clientY: number}} */ at) => {
    const box = panel.getBoundingClientRect();
    return { x: (at.clientX - box.left) / box.width, y: (at.clientY - box.top) / box.height };
  };
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
      view.zoom(stretch, (now.x + other.x) / 2, (now.y + other.y) / 2);
    } else if (view.scale > 1) view.pan(now.x - before.x, now.y - before.y);
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
      view.zoom(Math.exp(-event.deltaY / 200), at.x, at.y);
    },
    { passive: false },
  );
  panel.addEventListener("keydown", (event) => steerByKey(event, view, () => pick(0.5, 0.5)));
}

/** @param {KeyboardEvent} event @param {View} view @param {() => void} pick */
function steerByKey(event, view, pick) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const far = 0.2;
  const shifted = { ArrowLeft: [far, 0], ArrowRight: [-far, 0], ArrowUp: [0, far], ArrowDown: [0, -far] }[event.key];
  if (event.key === "+" || event.key === "=") view.zoom(1.5);
  else if (event.key === "-") view.zoom(1 / 1.5);
  else if (event.key === "0") view.reset();
  else if (event.shiftKey && shifted) view.pan(shifted[0], shifted[1]);
  else if (event.key === "Enter") pick();
  else return;
  event.preventDefault();
}

/** @param {{x: number, y: number}} a @param {{x: number, y: number}} b */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
