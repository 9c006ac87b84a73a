/** What only a report has: the plots of its studies, what a metric means, and where its runs come from. */

import { el, scroller, table } from "../shared/elements.js";

/** @type {Record<string, string>} field of an origin -> heading */
const ORIGIN = {
  runs: "runs",
  data: "data",
  machine: "machine",
  version: "versions",
  commit: "commit",
  trained: "trained",
};

/** @param {any} data of the report @param {HTMLElement} parts */
export function about(data, parts) {
  const plots = data.studies.flatMap((/** @type {any} */ study) => study.plots).map(plot);
  if (plots.length) {
    const place = el("div", { class: "plots" }, ...plots);
    parts.querySelector("#verdicts")?.after(section("plots", "Plots of the studies", place));
  }
  const terms = data.meanings.flatMap((/** @type {any} */ { name, words }) => [
    el("dt", { text: name }),
    el("dd", { text: words }),
  ]);
  const meanings = el("dl", { class: "meanings" }, ...terms);
  if (terms.length) parts.append(section("meanings", "What the numbers mean", meanings));
  const head = Object.values(ORIGIN).map((text) => el("th", { scope: "col", text }));
  const rows = data.origins.map((/** @type {any} */ origin) =>
    el("tr", {}, ...Object.keys(ORIGIN).map((name) => el("td", { text: String(origin[name]) }))),
  );
  const whence = scroller("Table of origins", table("origins", head, rows));
  parts.append(section("origins", "Where the runs come from", whence));
}

/** @param {{study: string, words: string, address: string}} given */
function plot({ study, words, address }) {
  const text = `${study}: ${words}`;
  return el("figure", {}, el("img", { src: address, alt: text }), el("figcaption", { class: "dim", text }));
}

/** @param {string} id @param {string} title @param {HTMLElement} content */
function section(id, title, content) {
  const heading = el("h2", { id: `${id}-title`, text: title });
  return el("section", { id, "aria-labelledby": heading.id }, heading, content);
}
