/** The final metrics of the chosen runs: sortable, the best of each marked, by run or as means over seeds. */

import { alike, unlike } from "./alike.js";
import { looksOf } from "./colors.js";
import { checkbox, choice, el, empty, scroller, segments, span, swatch, table } from "../shared/elements.js";
import { badness, better, betterWords, format, inOrder, shownAt, whole } from "./metrics.js";

const CLOSED = {
  median: ["L1 optimum", "closed form"],
  mean: ["L2 optimum", "closed form"],
  sampler: ["perfect sampler", "closed form"],
  watershed: ["watershed", "the hints, no network"],
};

/**
 * @typedef {{title: string, color: string | null, note: string, values: Record<string, number>, spread: Record<string, number>,
 *   reference: boolean}} Row
 */

export class Table {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node */
  constructor(model, node) {
    this.model = model;
    this.source = "";
    this.by = "run";
    this.every = false;
    this.toolKey = ""; // of the tools that are shown already
    this.tools = el("div", { class: "toolbar" });
    this.place = scroller("Table of final metrics");
    this.note = el("div");
    node.append(this.tools, this.note, this.place);
    model.on(["chosen", "series", "details", "order"], () => this.#show());
    this.#show();
  }

  #show() {
    const runs = this.model.chosen;
    const sources = sourcesOf(runs);
    const source = sources.includes(this.source) ? this.source : sources[0];
    this.#tools(sources, source);
    if (!source) {
      this.note.replaceChildren();
      const sentence = runs.length
        ? "No evaluation yet. The first comes after a tenth of the training."
        : "Choose runs in the list to compare their final metrics.";
      this.place.replaceChildren(empty(sentence));
      return;
    }
    const groups = alike(runs, source);
    const bodies = groups.map((group) => {
      const rows = rowsOf(this.model, group.runs, source);
      const shown = this.#sorted(this.by === "arm" ? byArm(rows, group.runs) : rows);
      return { words: group.words, rows: shown, references: closedForms(group.runs, source) };
    });
    const names = inOrder(new Set(bodies.flatMap(({ rows }) => rows.flatMap((row) => Object.keys(row.values)))));
    const main = shownAt("page");
    const shown = names.filter((name) => this.every || main.includes(name));
    const note = unlike(groups, "Each is compared with those of the same pictures: stars and closed forms are theirs.");
    this.note.replaceChildren(...(note ? [note] : []));
    this.place.replaceChildren(this.#table(bodies, shown.length ? shown : names));
  }

  #tools(/** @type {string[]} */ sources, /** @type {string | undefined} */ source) {
    const key = JSON.stringify([sources, source, this.by]);
    if (key === this.toolKey) return;
    this.toolKey = key;
    const again = (/** @type {() => void} */ change) => {
      change();
      this.#show();
    };
    const options = Object.fromEntries(sources.map((name) => [name, sourceWords(name)]));
    this.tools.replaceChildren(
      ...(source ? [choice("Measured on", options, source, (name) => again(() => (this.source = name)))] : []),
      segments("Rows", { run: "Every run", arm: "Mean over seeds" }, this.by, (value) =>
        again(() => (this.by = value)),
      ),
      checkbox("all metrics", this.every, (checked) => again(() => (this.every = checked))),
    );
  }

  /** @param {Row[]} rows */
  #sorted(rows) {
    const { order } = this.model.state;
    if (!order) return rows;
    const { name, worst } = order;
    const sign = worst ? -1 : 1;
    if (name === "") return [...rows].sort((a, b) => sign * a.title.localeCompare(b.title, "en", { numeric: true }));
    const way = better(name) ?? "lower";
    const value = (/** @type {Row} */ row) => (name in row.values ? badness(row.values[name], way) : undefined);
    return [...rows].sort((a, b) => {
      const [one, other] = [value(a), value(b)];
      if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined);
      return sign * (one - other);
    });
  }

  /** @param {{words: string, rows: Row[], references: Row[]}[]} bodies rows of the same pictures @param {string[]} names */
  #table(bodies, names) {
    const first = this.#heading("", this.by === "arm" ? "arm" : "run");
    const head = [first, ...names.map((name) => this.#heading(name, name))];
    const rows = bodies.map(({ words, rows, references }) => {
      const best = new Map(names.map((name) => [name, bestOf(rows, name, better(name))]));
      const title = words && el("th", { class: "group-name", scope: "rowgroup", colspan: head.length, text: words });
      return [
        ...(title ? [el("tr", {}, title)] : []),
        ...rows.map((row) => line(row, names, best)),
        ...references.map((row) => line(row, names, new Map())),
      ];
    });
    return table("numbers", head, ...rows);
  }

  #heading(/** @type {string} */ name, /** @type {string} */ text) {
    const { order } = this.model.state;
    const way = name ? better(name) : "lower";
    const sorted = order?.name === name ? sortedWords(way, order.worst) : "none";
    const arrow = { ascending: "↑", descending: "↓", other: order?.worst ? "↓" : "↑", none: "" }[sorted];
    const button = el(
      "button",
      { type: "button", class: "sort", title: name && betterWords(name) },
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
    return el("th", { scope: "col", "aria-sort": sorted, data: { name } }, button);
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

/** @param {Row} row @param {string[]} names @param {Map<string, number | undefined>} best */
function line(row, names, best) {
  const note = row.note ? span("dim", ` ${row.note}`) : null;
  const title = el("th", { scope: "row" }, row.color && swatch(row.color), row.title, note);
  const cells = names.map((name) => cell(row, name, best.get(name)));
  return el("tr", { class: row.reference ? "reference" : "" }, title, ...cells);
}

/** @param {Row} row @param {string} name @param {number | undefined} best */
function cell(row, name, best) {
  const value = row.values[name];
  const isBest = best !== undefined && value === best;
  const spread = row.spread[name];
  return el(
    "td",
    { class: isBest ? "best" : "", title: value === undefined ? "not measured" : String(value) },
    format(value),
    spread === undefined ? null : el("span", { class: "dim", text: ` ±${format(spread)}` }),
    isBest ? el("span", { class: "visually-hidden", text: " (best)" }) : null,
  );
}

/**
 * The best value of a metric, where there are at least two to choose from.
 * @param {Row[]} rows
 * @param {string} name
 * @param {import("./metrics.js").Better} way
 */
export function bestOf(rows, name, way) {
  const values = rows.map((row) => row.values[name]).filter((value) => value !== undefined);
  if (way === undefined || way === null || new Set(values).size < 2) return undefined;
  return values.reduce((best, value) => (badness(value, way) < badness(best, way) ? value : best));
}

/**
 * Where metrics were measured: "test", "test/3" (with 3 hints), "val", "val_hints/3", "val_average".
 * @param {import("./model.js").Run[]} runs
 */
function sourcesOf(runs) {
  const sources = new Set();
  for (const run of runs) {
    if (run.details?.test?.metrics) sources.add("test");
    for (const count of Object.keys(run.details?.test?.hints || {})) if (count !== "0") sources.add(`test/${count}`);
    for (const name of Object.keys(run.last)) {
      const prefix = /^(val_hints\/\d+|val_average|val)\//.exec(name);
      if (prefix) sources.add(prefix[1]);
    }
  }
  const rank = ["test", "val"];
  return [...sources].sort(
    (a, b) => (rank.indexOf(a) + 1 || 9) - (rank.indexOf(b) + 1 || 9) || a.localeCompare(b, "en", { numeric: true }),
  );
}

/** @param {string} source */
function sourceWords(source) {
  const [where, count] = source.split("/");
  const hints = count ? `, ${count} ${count === "1" ? "hint" : "hints"}` : "";
  return (
    {
      test: "test pictures",
      val: "validation, last",
      val_hints: "validation, last",
      val_average: "validation, moving average",
    }[where] + hints
  );
}

/**
 * @param {import("./model.js").Model} model
 * @param {import("./model.js").Run[]} runs
 * @param {string} source
 * @returns {Row[]}
 */
function rowsOf(model, runs, source) {
  const looks = looksOf(model);
  return runs.map((run) => {
    const { values, step } = valuesOf(run, source);
    const done = step === null || step === run.steps ? "" : `step ${whole(step)}`;
    return {
      title: run.label,
      color: looks.get(run.id)?.color || null,
      note: done,
      values,
      spread: {},
      reference: false,
    };
  });
}

/** @param {import("./model.js").Run} run @param {string} source */
function valuesOf(run, source) {
  if (source.startsWith("test")) {
    const test = run.details?.test;
    const [, count] = source.split("/");
    return { values: numbers(count ? test?.hints?.[count]?.metrics : test?.metrics), step: test?.step ?? null };
  }
  /** @type {Record<string, number>} */
  const values = {};
  let step = 0;
  for (const [name, [at, value]] of Object.entries(run.last)) {
    if (!name.startsWith(`${source}/`)) continue;
    values[name.slice(source.length + 1)] = value;
    step = Math.max(step, at);
  }
  return { values, step: step || null };
}

/** @param {any} values @returns {Record<string, number>} */
function numbers(values) {
  return Object.fromEntries(Object.entries(values || {}).filter(([, value]) => typeof value === "number"));
}

/**
 * What theory says of the pictures, and the watershed of the hints: the mean over the runs, whose hints and draws of
 * colour are their own.
 * @param {import("./model.js").Run[]} runs of the same pictures
 * @param {string} source
 * @returns {Row[]}
 */
function closedForms(runs, source) {
  if (!source.startsWith("test")) return [];
  const [, count] = source.split("/");
  const of = (/** @type {any} */ test) => (count ? test?.hints?.[count]?.closed_forms : test?.closed_forms);
  const forms = runs.map((run) => of(run.details?.test)).filter((each) => each && typeof each === "object");
  return Object.entries(CLOSED).flatMap(([form, [title, note]]) => {
    const there = forms.map((each) => each[form]).filter(Boolean);
    const values = meanOf(there.map(numbers));
    return there.length ? [{ title, color: null, note, values, spread: {}, reference: true }] : [];
  });
}

/** @param {Record<string, number>[]} all @returns {Record<string, number>} */
function meanOf(all) {
  const names = new Set(all.flatMap(Object.keys));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = all.map((each) => each[name]).filter((value) => value !== undefined);
      return [name, new Set(values).size === 1 ? values[0] : sum(values) / values.length];
    }),
  );
}

/** Means and standard deviations over the seeds of an arm. @param {Row[]} rows @param {import("./model.js").Run[]} runs */
function byArm(rows, runs) {
  const seeds = rows.map((row, index) => ({ row, run: runs[index] }));
  const arms = Map.groupBy(seeds, ({ run }) => `${run.group}/${run.arm}`);
  return [...arms.values()].map((members) => {
    const note = `${members.length} ${members.length === 1 ? "seed" : "seeds"}`;
    /** @type {Row} */
    const mean = { ...members[0].row, title: members[0].run.arm, note, values: {}, spread: {} };
    for (const name of new Set(members.flatMap(({ row }) => Object.keys(row.values)))) {
      const values = members.map(({ row }) => row.values[name]).filter((value) => value !== undefined);
      const average = sum(values) / values.length;
      mean.values[name] = average;
      if (values.length < 2) continue;
      mean.spread[name] = Math.sqrt(sum(values.map((value) => (value - average) ** 2)) / (values.length - 1));
    }
    return mean;
  });
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}
