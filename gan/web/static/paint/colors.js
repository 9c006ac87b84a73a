/** The colour in hand: from the palette, the colour input, a code, the picture, or one of those used before. */

import { button, el, input, need } from "../shared/elements.js";

const KEY = "gan.paint.recent";
const MOST_RECENT = 14;

export class ColorPanel {
  /** @param {import("./main.js").AppType} app */
  constructor(app) {
    this.app = app;
    this.now = "#c23b3b";
    this.recent = remembered();
    /** @type {{name: string, colors: string[]}[]} */
    this.groups = [];
    /** @type {{name: string, colors: string[]} | null} of a reference picture */
    this.referred = null;
    input("color").oninput = () => this.choose(input("color").value, false);
    input("color").onchange = () => this.choose(input("color").value);
    input("code").onchange = () => this.#typed();
    this.#screenPicker();
    this.hold(this.now);
  }

  /** A person picks a colour; a hint that is chosen takes it. @param {string} color #rrggbb @param {boolean} [ends] whether no other follows at once */
  choose(color, ends = true) {
    this.hold(color);
    this.app.choice.recolor(color, ends);
  }

  /** Take a colour in hand. @param {string} color #rrggbb */
  hold(color) {
    this.now = color;
    input("color").value = color;
    input("code").value = color;
    need("well").style.background = color;
    this.#mark();
    this.app.stage?.draw();
  }

  /** The palette of a run. @param {{name: string, colors: string[]}[]} groups */
  offer(groups) {
    this.groups = groups;
    this.#show();
    const first = groups[0]?.colors;
    if (first && this.recent.length === 0) this.hold(first[Math.min(3, first.length - 1)]);
  }

  /** The palette of a reference picture, in the place of the one before. @param {{name: string, colors: string[]}} group */
  refer(group) {
    this.referred = group;
    this.#show();
  }

  /** The colour in hand has been used. */
  remember() {
    if (this.recent[0] === this.now) return;
    this.recent = [this.now, ...this.recent.filter((color) => color !== this.now)].slice(0, MOST_RECENT);
    try {
      localStorage.setItem(KEY, JSON.stringify(this.recent));
    } catch {
      // a browser that keeps nothing: they last as long as the page
    }
    this.#show();
  }

  #show() {
    const groups = [...(this.referred ? [this.referred] : []), ...this.groups];
    if (this.recent.length) groups.push({ name: "used before", colors: this.recent });
    need("palette").replaceChildren(...groups.map((group) => this.#group(group)));
    this.#mark();
  }

  /** @param {{name: string, colors: string[]}} group */
  #group({ name, colors }) {
    const swatches = colors.map((color) => {
      const props = { class: "swatch", title: color, "aria-label": color, data: { color } };
      const swatch = button(null, () => this.choose(color), props);
      swatch.style.background = color;
      return swatch;
    });
    const row = el("div", { class: "swatches", role: "group", "aria-label": `Colours: ${name}` }, ...swatches);
    return el("div", { class: "group" }, el("h3", { class: "dim", text: name }), row);
  }

  #mark() {
    for (const swatch of document.querySelectorAll("[data-color]")) {
      const chosen = /** @type {HTMLElement} */ (swatch).dataset.color === this.now;
      swatch.setAttribute("aria-pressed", String(chosen));
    }
  }

  #typed() {
    const words = input("code").value.trim().toLowerCase().replace(/^#?/, "#");
    const long = words.replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3");
    if (/^#[0-9a-f]{6}$/.test(long)) this.choose(long);
    else input("code").value = this.now;
  }

  #screenPicker() {
    const Picker = /** @type {any} */ (window).EyeDropper;
    need("screen-picker").hidden = !Picker;
    need("screen-picker").onclick = async () => {
      const picked = await new Picker().open().catch(() => null);
      if (picked) this.choose(picked.sRGBHex.slice(0, 7));
    };
  }
}

/** @returns {string[]} */
function remembered() {
  try {
    const colors = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return colors.filter((/** @type {unknown} */ color) => /^#[0-9a-f]{6}$/.test(String(color))).slice(0, MOST_RECENT);
  } catch {
    return [];
  }
}
