/** By what runs are coloured, and which colour says what. */

import { lookIn } from "./colors.js";
import { differing, isRead, textsOf } from "./fields.js";
import { finalNames } from "./finals.js";
import { format } from "./metrics.js";
import { isMetric, partsOf } from "./paints.js";
import { choice, el, span, swatch } from "../shared/elements.js";

const LABEL = "Colour by";

export class ColorBy {
  /** @param {import("./model.js").Model} model */
  constructor(model) {
    this.model = model;
    this.offered = ""; // what is shown already
    this.told = "";
    this.picker = el("span", { class: "labelled" });
    this.legend = el("ul", { class: "color-key", "aria-label": "What the colours say" });
    model.on(["chosen", "details", "series", "color", "runs"], () => this.#show());
    this.#show();
  }

  #show() {
    this.#offer();
    this.#tell();
  }

  #offer() {
    const { chosen, state } = this.model;
    const fields = differing(chosen.filter(isRead).map(textsOf));
    const names = [...new Set([...fields, ...finalNames(chosen), ...(state.color ? [state.color] : [])])];
    const offered = [state.color, ...names].join("\n");
    if (offered === this.offered) return;
    this.offered = offered;
    const focused = this.picker.contains(document.activeElement);
    const options = { "": "arm", ...Object.fromEntries(names.map((name) => [name, name])) };
    const select = choice(LABEL, options, state.color, (color) => this.model.set({ color }));
    this.picker.replaceChildren("colour by", select);
    if (focused) select.focus();
  }

  /** The values that chosen runs have; of a metric its range. */
  #tell() {
    const { model } = this;
    const name = model.state.color;
    const chosen = new Set(model.chosen);
    const parts = name ? partsOf(model).filter(({ runs }) => runs.some((run) => chosen.has(run))) : [];
    const told = JSON.stringify([name, parts.map((part) => [part.text, lookIn(part, 0)])]);
    if (told === this.told) return;
    this.told = told;
    this.legend.hidden = !parts.length;
    const there = parts.filter(({ hue, share }) => hue !== null || share !== null);
    const lacking = parts.slice(there.length);
    const items =
      isMetric(name) && there.length ? [range(there)] : there.map((part) => item(part, part.text || "empty"));
    this.legend.replaceChildren(
      el("li", { class: "dim", text: name }),
      ...items,
      ...lacking.map((part) => item(part, "not known")),
    );
  }
}

/** @param {import("./paints.js").Part} part @param {string} words */
function item(part, words) {
  return el("li", {}, swatch(lookIn(part, 0).color), words);
}

/** @param {import("./paints.js").Part[]} parts by value */
function range(parts) {
  const [least, most] = [parts[0], parts[parts.length - 1]].map(({ value }) => format(value));
  return el("li", {}, least, span("ramp", "", { "aria-hidden": "true" }), most);
}
