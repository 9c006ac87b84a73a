/** The parts of the page that the review page and the report share. */

import { Configuration } from "./configuration.js";
import { Curves } from "./curves.js";
import { el } from "../shared/elements.js";
import { Grids } from "./grids.js";
import { Hints } from "./hints.js";
import { OneByOne } from "./onebyone.js";
import { Scatter } from "./scatter.js";
import { Table } from "./table.js";
import { Verdicts } from "./verdicts.js";

/** Heading and part, in the order of the page. */
const PARTS = /** @type {const} */ ([
  ["grids", "Sample grids", Grids],
  ["verdicts", "Verdicts", Verdicts],
  ["one-by-one", "Picture by picture, the worst first", OneByOne],
  ["curves", "Curves", Curves],
  ["metrics", "Final metrics", Table],
  ["scatter", "Two metrics against each other", Scatter],
  ["hints", "Hints", Hints],
  ["configuration", "Configuration", Configuration],
]);

/**
 * Build every part.
 * @param {import("./model.js").Model} model
 * @param {HTMLElement} place
 */
export function build(model, place) {
  document.body.prepend(skipTo(place));
  place.append(el("h1", { class: "visually-hidden", text: document.title }));
  const links = el("nav", { class: "sections", "aria-label": "Sections" });
  place.append(links);
  for (const [id, title, Part] of PARTS) {
    const heading = el("h2", { id: `${id}-title`, text: title, tabindex: -1 });
    const section = el("section", { id, "aria-labelledby": `${id}-title` }, heading);
    place.append(section);
    new Part(model, section); // the section is in the page: a part may ask for its width
    links.append(linkTo(section, heading));
  }
}

/** Of use only where the section is seen; the address is full of other things. @param {HTMLElement} section @param {HTMLElement} heading */
function linkTo(section, heading) {
  const click = (/** @type {Event} */ event) => {
    event.preventDefault();
    heading.focus({ preventScroll: true });
    heading.scrollIntoView();
  };
  const link = el("a", { href: `#${section.id}`, text: heading.textContent?.split(",")[0], on: { click } });
  const follow = () => (link.hidden = section.hidden);
  new MutationObserver(follow).observe(section, { attributeFilter: ["hidden"] });
  follow();
  return link;
}

/** Past the list of runs, by keyboard; the address is full of other things. @param {HTMLElement} place */
function skipTo(place) {
  place.tabIndex = -1;
  const click = (/** @type {Event} */ event) => {
    event.preventDefault();
    place.focus();
  };
  return el("a", { class: "skip", href: `#${place.id}`, text: "Skip to the results", on: { click } });
}
