/** What a study concludes: its verdicts with their numbers, and the table of its cells. */

import { checkbox, choice, el, scroller, span, table } from "../shared/elements.js";
import { format, inOrder, shownAt } from "./metrics.js";

const KINDS = {
  supported: "good",
  passed: "good",
  refuted: "bad",
  failed: "bad",
  indicative: "open",
  inconclusive: "open",
};
const STATES = {
  right: ["✓", "good"],
  wrong: ["✗", "bad"],
  open: ["?", "open"],
  "not tested": ["–", "dim"],
  undertrained: ["!", "open"],
};

export class Verdicts {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node is hidden where no chosen run is of a study */
  constructor(model, node) {
    this.model = model;
    this.node = node;
    this.count = "0";
    this.every = false;
    this.key = ""; // of what is shown already
    this.place = el("div", { class: "studies" });
    node.append(this.place);
    model.on(["chosen", "runs", "studies"], () => this.#show());
    this.#show();
  }

  #show() {
    const named = new Set(this.model.chosen.map((run) => run.study));
    const studies = this.model.studies.filter((study) => named.has(study.id) && study.verdicts);
    const key = JSON.stringify(studies.map((study) => [study.id, study.version, this.count, this.every]));
    if (key === this.key) return;
    this.key = key;
    this.node.hidden = !studies.length;
    this.place.replaceChildren(...studies.map((study) => this.#study(study)));
  }

  #study(/** @type {any} */ study) {
    const verdicts = (study.verdicts || []).map(verdict);
    const about = el("p", { class: "study-question", text: study.question });
    const missing = study.missing?.length ? el("p", { class: "dim", text: missingRuns(study.missing) }) : null;
    const cards = verdicts.length
      ? el("div", { class: "verdicts" }, ...verdicts)
      : el("p", { class: "dim", text: "No verdicts yet: they come when the study has run." });
    return el(
      "article",
      { class: "study" },
      el("h3", { class: "study-name", text: study.name }),
      about,
      missing,
      cards,
      differences(study),
      this.#cells(study),
    );
  }

  #cells(/** @type {any} */ study) {
    const cells = (study.cells || []).filter((/** @type {any} */ cell) => cell.hints && typeof cell.hints === "object");
    const counts = [...new Set(cells.flatMap((/** @type {any} */ cell) => Object.keys(cell.hints)))].sort(
      (a, b) => Number(a) - Number(b),
    );
    if (!counts.length) return null;
    const count = counts.includes(this.count) ? this.count : counts[0];
    const options = Object.fromEntries(counts.map((each) => [each, `${each} ${each === "1" ? "hint" : "hints"}`]));
    const tools = choice("Number of hints", options, count, (value) => {
      this.count = value;
      this.#show();
    });
    const share =
      typeof study.confidence === "number" ? `${Math.round(study.confidence * 100)} % interval` : "interval";
    const words = el("span", { class: "dim", text: `Mean, ${share}, and every seed; grey: the closed form.` });
    const all = checkbox("all metrics", this.every, (checked) => {
      this.every = checked;
      this.#show();
    });
    const bar = el("div", { class: "toolbar" }, counts.length > 1 ? tools : null, all, words);
    return el("div", {}, bar, scroller(`Cells of ${study.name}`, cellTable(cells, count, this.every)));
  }
}

/** @param {any} given */
function verdict(given) {
  const word = String(given.verdict || "no verdict");
  const kind = KINDS[/** @type {keyof typeof KINDS} */ (word)] || "none";
  const numbers = Array.isArray(given.numbers)
    ? given.numbers.filter((/** @type {any} */ each) => each && typeof each === "object")
    : [];
  return el(
    "section",
    { class: `panel verdict ${kind}` },
    el("header", {}, span("verdict-name", given.name || ""), span(`badge ${kind}`, word)),
    el("p", { class: "verdict-claim", text: given.claim || "" }),
    given.reads && el("p", { text: given.reads }),
    given.reason && el("p", { class: "dim", text: given.reason }),
    numbers.length > 0 && el("ul", { class: "verdict-numbers" }, ...numbers.map(number)),
  );
}

/** @param {any} given */
function number(given) {
  const [mark, kind] = STATES[/** @type {keyof typeof STATES} */ (given.state)] || ["·", "dim"];
  const mean = typeof given.mean === "number" && el("b", { text: format(given.mean) });
  return el(
    "li",
    {},
    span(`mark ${kind}`, mark, { title: given.state || "" }),
    span("visually-hidden", `${given.state || ""}: `),
    span("verdict-text", given.text || ""),
    el("span", { class: "verdict-value" }, mean, interval(given)),
    seeds(given.values),
  );
}

/** @param {any} given */
function interval(given) {
  if (typeof given.low !== "number" || typeof given.high !== "number") return null;
  return span("dim", ` [${format(given.low)}, ${format(given.high)}]`);
}

/** @param {any} values seed -> value */
function seeds(values) {
  /** @type {[string, number][]} */
  const all = Object.entries(values && typeof values === "object" ? values : {});
  if (!all.length) return null;
  const title = all.map(([seed, value]) => `seed ${seed}: ${format(value)}`).join("\n");
  return span("seeds", all.map(([, value]) => format(value)).join("  "), { title });
}

/** @param {any[]} cells @param {string} count of hints @param {boolean} every metric, and not the main ones */
function cellTable(cells, count, every) {
  const there = cells.filter((cell) => cell.hints[count]);
  const all = inOrder(new Set(there.flatMap((cell) => Object.keys(cell.hints[count]))));
  const headline = shownAt("page_cells");
  const main = all.filter((name) => headline.includes(name));
  const names = every || !main.length ? all : main;
  const head = ["cell", ...names].map((text) => el("th", { scope: "col", text }));
  const rows = there.map((cell) => {
    const name = el("th", { scope: "row", text: String(cell.name ?? cell.arm ?? "") });
    return el("tr", {}, name, ...names.map((metric) => measured(cell.hints[count][metric])));
  });
  return table("numbers cells", head, rows);
}

/** Comparisons that a study reports without a verdict. @param {any} study */
function differences(study) {
  if (!study.differences?.length) return null;
  const items = study.differences.map((/** @type {any} */ each) => number({ ...each, state: "" }));
  return el(
    "section",
    { class: "panel verdict" },
    el("h3", { text: "Differences" }),
    el("ul", { class: "verdict-numbers" }, ...items),
  );
}

/** @param {any} given mean, low, high, values, closed */
function measured(given) {
  if (!given || typeof given !== "object") return el("td", { text: "–" });
  return el(
    "td",
    {},
    el("div", {}, el("b", { text: format(given.mean) }), interval(given)),
    seeds(given.values),
    typeof given.closed === "number"
      ? el("div", { class: "closed", text: `closed form ${format(given.closed)}` })
      : null,
  );
}

/** How many runs are missing, by cell: a cell's seeds would make the list long. */
function missingRuns(/** @type {string[]} */ labels) {
  const cells = [...new Set(labels.map((label) => label.replace(/\/[^/]*$/, "")))];
  return `Still missing: ${labels.length === 1 ? "1 run" : `${labels.length} runs`} (${cells.join("; ")}).`;
}
