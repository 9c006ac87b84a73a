/** The metrics of the chosen runs: sortable, the best of each marked, by run or as means over seeds. */

import { alike, unlike } from "./alike.js";
import { cellsOf, csvButton } from "./csv.js";
import { differing, isRead, textsOf } from "./fields.js";
import { filtered } from "./filter.js";
import { button, checkbox, choice, el, empty, scroller, segments, span, swatch, table } from "../shared/elements.js";
import { badness, better, betterWords, format, inOrder, shownAt, whole } from "./metrics.js";
import { bestOf, byArm, closedForms, rowsOf, sourceOf, sourcesOf, sourceWords, STATISTICS } from "./rows.js";

const NONE = "";

/**
 * @typedef {import("./rows.js").Row} Row
 * @typedef {{words: string, rows: Row[], best: Map<string, number | undefined>, baseline: Row | undefined}} Body rows
 *   under one heading, with what each is compared with
 */

export class Table {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node */
  constructor(model, node) {
    this.model = model;
    this.every = false;
    this.toolKey = ""; // of the tools that are shown already
    this.tools = el("div", { class: "toolbar" });
    this.filter = el("input", { type: "search", placeholder: "Filter rows", "aria-label": "Filter rows" });
    this.filter.title = "Words of a run's name, fields such as data.alpha=0.5, comparisons such as lpips < 0.3";
    this.filter.addEventListener("input", () => model.set({ filter: this.filter.value }));
    this.only = button("Choose these", () => model.set({ chosen: this.#filtered().map((run) => run.id), filter: "" }));
    const csv = csvButton("metrics", () => cellsOf(this.place));
    this.place = scroller("Table of final metrics");
    this.note = el("div");
    node.append(this.tools, el("div", { class: "toolbar" }, this.filter, this.only, csv), this.note, this.place);
    const ways = ["order", "source", "statistic", "by", "fields", "group", "baseline", "filter", "color"];
    model.on(["chosen", "series", "details", ...ways], () => this.#show());
    this.#show();
  }

  #filtered() {
    const { chosen, state } = this.model;
    return filtered(chosen, state.filter, sourceOf(this.model), state.statistic);
  }

  #show() {
    const { model } = this;
    const { state } = model;
    const runs = this.#filtered();
    const sources = sourcesOf(model.chosen);
    const source = sourceOf(model);
    const differ = differing(model.chosen.filter(isRead).map(textsOf));
    this.#tools(sources, source, differ);
    if (this.filter.value !== state.filter) this.filter.value = state.filter;
    this.only.hidden = runs.length === model.chosen.length || !runs.length;
    this.note.replaceChildren();
    if (!source || !runs.length) {
      this.place.replaceChildren(empty(nothing(model, runs)));
      return;
    }
    const groups = alike(runs, source);
    const bodies = groups.flatMap((group) => this.#bodies(group, source));
    const names = inOrder(new Set(bodies.flatMap(({ rows }) => rows.flatMap((row) => Object.keys(row.values)))));
    const main = shownAt("page");
    const shown = names.filter((name) => this.every || main.includes(name));
    const note = unlike(groups, "Each is compared with those of the same pictures: stars and closed forms are theirs.");
    if (note) this.note.append(note);
    this.place.replaceChildren(this.#table(bodies, shown.length ? shown : names, state.fields ? differ : []));
  }

  /** Runs of the same pictures, under one heading or one for each value of a field. @returns {Body[]} */
  #bodies(/** @type {import("./alike.js").Alike} */ group, /** @type {string} */ source) {
    const { state } = this.model;
    const all = rowsOf(this.model, group.runs, source, state.statistic);
    const rows = state.by === "arm" ? byArm(all, group.runs) : all;
    const names = new Set(rows.flatMap((row) => Object.keys(row.values)));
    const best = new Map([...names].map((name) => [name, bestOf(rows, name, better(name))]));
    const baseline = rows.find((row) => row.ids.includes(state.baseline));
    const parts = Map.groupBy(rows, (row) =>
      state.group ? `${state.group} ${row.fields.get(state.group) ?? "–"}` : "",
    );
    const bodies = [...parts].map(([part, members]) => {
      const words = [...new Set([group.words, part].filter(Boolean))].join(", ");
      return { words, rows: this.#sorted(members), best, baseline };
    });
    bodies[bodies.length - 1].rows.push(...closedForms(group.runs, source));
    return bodies;
  }

  #tools(/** @type {string[]} */ sources, /** @type {string | undefined} */ source, /** @type {string[]} */ differ) {
    const { model } = this;
    const { statistic, by, fields, group, baseline } = model.state;
    const runs = model.chosen.map((run) => [run.id, run.label]);
    const key = JSON.stringify([sources, source, differ, statistic, by, fields, group, baseline, runs]);
    if (key === this.toolKey) return;
    this.toolKey = key;
    const options = Object.fromEntries(sources.map((name) => [name, sourceWords(name)]));
    const groups = Object.fromEntries(differ.map((name) => [name, `by ${name}`]));
    const baselines = Object.fromEntries(runs.map(([id, label]) => [id, `against ${label}`]));
    const focused = document.activeElement?.getAttribute("aria-label");
    this.tools.replaceChildren(
      ...(source ? [choice("Measured on", options, source, (name) => model.set({ source: name }))] : []),
      ...(source?.startsWith("val")
        ? [choice("Which value", STATISTICS, statistic, (name) => model.set({ statistic: name }))]
        : []),
      segments("Rows", { run: "Every run", arm: "Mean over seeds" }, by, (value) => model.set({ by: value })),
      choice("Group rows", { [NONE]: "not grouped", ...groups }, group, (name) => model.set({ group: name })),
      choice("Baseline", { [NONE]: "no baseline", ...baselines }, baseline, (id) => model.set({ baseline: id })),
      checkbox("all metrics", this.every, (checked) => {
        this.every = checked;
        this.#show();
      }),
      checkbox("configuration", fields, (checked) => model.set({ fields: checked })),
    );
    const again = focused ? this.tools.querySelector(`select[aria-label="${CSS.escape(focused)}"]`) : null;
    /** @type {HTMLElement | null} */ (again)?.focus();
  }

  /** @param {Row[]} rows */
  #sorted(rows) {
    const { order } = this.model.state;
    if (!order) return rows;
    const { name, worst } = order;
    const sign = worst ? -1 : 1;
    if (name === "") return [...rows].sort((a, b) => sign * a.title.localeCompare(b.title, "en", { numeric: true }));
    if (name.startsWith("=")) {
      const text = (/** @type {Row} */ row) => row.fields.get(name.slice(1)) ?? "";
      return [...rows].sort((a, b) => sign * text(a).localeCompare(text(b), "en", { numeric: true }));
    }
    const way = better(name) ?? "lower";
    const value = (/** @type {Row} */ row) => (name in row.values ? badness(row.values[name], way) : undefined);
    return [...rows].sort((a, b) => {
      const [one, other] = [value(a), value(b)];
      if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
      return sign * (one - other);
    });
  }

  /** @param {Body[]} bodies @param {string[]} names of metrics @param {string[]} fields of the configuration */
  #table(bodies, names, fields) {
    const first = this.#heading("", this.model.state.by === "arm" ? "arm" : "run");
    const texts = fields.map((name) => this.#heading(`=${name}`, name));
    const head = [first, ...texts, ...names.map((name) => this.#heading(name, name))];
    const rows = bodies.map((body) => {
      const title = el("th", { class: "group-name", scope: "rowgroup", colspan: head.length, text: body.words });
      return [...(body.words ? [el("tr", {}, title)] : []), ...body.rows.map((row) => line(row, names, fields, body))];
    });
    return table("numbers", head, ...rows);
  }

  #heading(/** @type {string} */ name, /** @type {string} */ text) {
    const { order } = this.model.state;
    const way = name && !name.startsWith("=") ? better(name) : "lower";
    const sorted = order?.name === name ? sortedWords(way, order.worst) : "none";
    const arrow = { ascending: "↑", descending: "↓", other: order?.worst ? "↓" : "↑", none: "" }[sorted];
    const button = el(
      "button",
      { type: "button", class: "sort", title: betterWords(name) },
      text,
      el("span", { class: "arrow", "aria-hidden": "true", text: arrow }),
    );
    button.addEventListener("click", () => {
      this.model.set({ order: { name, worst: order?.name === name && !order.worst } });
      this.#show();
      /** @type {HTMLElement | null} */ (
        this.place.querySelector(`th[data-name="${CSS.escape(name)}"] button`)
      )?.focus();
    });
    return el("th", { scope: "col", "aria-sort": sorted, data: { name, value: text } }, button);
  }
}

/**
 * What a screen reader says of a sorted column, the best first: by distance from a value is neither up nor down.
 * @param {import("./metrics.js").Better} way
 * @param {boolean} worst first
 */
function sortedWords(way, worst) {
  if (typeof way === "number") return "other";
  return (way === "higher") === worst ? "ascending" : "descending";
}

/** Why there are no rows. @param {import("./model.js").Model} model @param {import("./model.js").Run[]} runs after the filter */
function nothing(model, runs) {
  if (!model.chosen.length) return "Choose runs in the list to compare their final metrics.";
  if (!runs.length) return "No chosen run has all of these words.";
  return "No evaluation yet. The first comes after a tenth of the training.";
}

/** @param {Row} row @param {string[]} names @param {string[]} fields @param {Body} body */
function line(row, names, fields, { best, baseline }) {
  const isBaseline = row === baseline;
  const note = [row.note, isBaseline ? "baseline" : ""].filter(Boolean).join(", ");
  const title = el("th", { scope: "row", data: { value: row.title } });
  title.append(...(row.look ? [swatch(row.look.color)] : []), row.title, note ? span("dim", ` ${note}`) : "");
  const texts = fields.map((name) => el("td", { class: "field", text: row.fields.get(name) ?? "–" }));
  const cells = names.map((name) => {
    const against = row.reference || isBaseline ? undefined : baseline?.values[name];
    return cell(row, name, row.reference ? undefined : best.get(name), against);
  });
  return el("tr", { class: row.reference ? "reference" : isBaseline ? "baseline" : "" }, title, ...texts, ...cells);
}

/**
 * @param {Row} row
 * @param {string} name
 * @param {number | undefined} best
 * @param {number | undefined} against the baseline's value
 */
function cell(row, name, best, against) {
  const value = row.values[name];
  const isBest = best !== undefined && value === best;
  const spread = row.spread[name];
  const step = row.steps[name];
  const words = value === undefined ? "not measured" : `${value}${step === undefined ? "" : `, step ${whole(step)}`}`;
  return el(
    "td",
    { class: isBest ? "best" : "", title: words, data: { value: value ?? "" } },
    format(value),
    spread === undefined ? null : el("span", { class: "dim", text: ` ±${format(spread)}` }),
    isBest ? el("span", { class: "visually-hidden", text: " (best)" }) : null,
    value === undefined || against === undefined ? null : difference(name, value, against),
    step === undefined ? null : el("div", { class: "dim at-step", text: `step ${whole(step)}` }),
  );
}

/** How far a value is from the baseline's, green where it is better. @param {string} name @param {number} value @param {number} against */
function difference(name, value, against) {
  const way = better(name);
  const by = way === undefined || way === null ? 0 : badness(value, way) - badness(against, way);
  const words = `${value < against ? "−" : "+"}${format(Math.abs(value - against))}`;
  return el("div", { class: `difference ${by < 0 ? "good" : by > 0 ? "bad" : "dim"}`, text: words });
}
