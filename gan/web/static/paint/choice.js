/** The hint that is chosen, on the picture or from the list of all of them: whatever colour comes next is its own. */

import { button, el, need } from "../shared/elements.js";
import { kindOf, recolored } from "./strokes.js";

/** Hints in the list; older ones are chosen on the picture. */
const MOST_LISTED = 60;

export class Choice {
  /** @param {import("./main.js").AppType} app */
  constructor(app) {
    this.app = app;
    this.id = 0;
    /** @type {import("./strokes.js").Stroke[] | null} those that the list shows */
    this.listed = null;
    need("delete").onclick = () => this.remove();
  }

  /** @returns {import("./strokes.js").Stroke | null} */
  get stroke() {
    return this.app.state?.strokes.find(({ id }) => id === this.id) ?? null;
  }

  /** @param {import("./strokes.js").Stroke | null} stroke null: none any more. */
  choose(stroke) {
    if (stroke && this.app.tool !== "tint") this.app.use("tint");
    this.id = stroke?.id ?? 0;
    if (stroke) this.app.colors.hold(stroke.color);
    this.show();
    this.app.stage.draw();
    if (stroke) this.app.say(need("chosen").textContent ?? "");
  }

  /** Give the chosen hint a colour. @param {string} color @param {boolean} ends whether no other follows at once */
  recolor(color, ends) {
    const { state } = this.app;
    if (!state || !this.stroke) return;
    const next = { ...state, strokes: recolored(state.strokes, this.id, color) };
    if (!ends) this.app.sketch(next, null);
    else {
      this.app.commit(next);
      if (!document.querySelector(`#palette [data-color="${color}"]`)) this.app.colors.remember(); // or a swatch has the focus
      this.app.say(`Its colour is ${color} now.`);
    }
  }

  remove() {
    const { state, draft } = this.app;
    if (!state || draft || !this.stroke) return;
    this.app.commit({ ...state, strokes: state.strokes.filter(({ id }) => id !== this.id) });
    this.app.say("Hint deleted. Undo brings it back.");
  }

  /** The list, and which of it is chosen. */
  show() {
    const strokes = this.app.state?.strokes ?? [];
    if (strokes !== this.listed) this.#list(strokes);
    const { stroke } = this;
    for (const one of need("hints").querySelectorAll("button")) {
      one.setAttribute("aria-pressed", String(Number(one.dataset.stroke) === stroke?.id));
    }
    need("delete").hidden = !stroke;
    need("chosen").textContent = stroke
      ? `${named(stroke, strokes.indexOf(stroke))} is chosen: any colour you pick becomes its own.`
      : "Choose one, here or on the picture (T), and then another colour for it.";
  }

  /** @param {import("./strokes.js").Stroke[]} strokes */
  #list(strokes) {
    this.listed = strokes;
    const first = Math.max(0, strokes.length - MOST_LISTED);
    const buttons = strokes.slice(first).map((stroke, index) => {
      const words = named(stroke, first + index);
      const dot = el("span", { class: "dot" });
      dot.style.background = stroke.color;
      const props = { class: "hint", title: words, "aria-label": words, data: { stroke: stroke.id } };
      const one = button(null, () => this.choose(this.id === stroke.id ? null : stroke), props);
      one.append(dot, String(first + index + 1));
      return one;
    });
    need("hints").replaceChildren(...buttons);
    need("hint-card").hidden = strokes.length === 0;
  }
}

/** @param {import("./strokes.js").Stroke} stroke @param {number} index among all */
function named(stroke, index) {
  const kind = kindOf(stroke);
  const long = kind === "stroke" ? ` of ${stroke.dabs.length} dabs` : "";
  return `Hint ${index + 1}, a ${kind}${long}, ${stroke.color}`;
}
