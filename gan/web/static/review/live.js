/** The model kept up to date from the server: the list every other second, and of the chosen runs what changed. */

import { firstCurves, shownAt, useCatalog } from "./metrics.js";
import { runOf } from "./model.js";
import { isMetric } from "./paints.js";
import { sourceOf } from "./rows.js";

const POLL_MS = 2000;
const AT_FIRST = 24; // runs in the first question, so that something is seen soon
const AT_ONCE = 64; // runs in every further one
const MOST_METRICS = 32; // in one question (gan/web/review/routes.py)

export class Live {
  /** @param {import("./model.js").Model} model @param {(words: string, bad: boolean) => void} say */
  constructor(model, say) {
    this.model = model;
    this.say = say;
    this.tag = "";
    /** @type {Map<string, string>} id -> version of the details and of the curves that are here */
    this.detailed = new Map();
    this.drawn = new Map();
    model.on(["chosen", "metrics", "statistic", "source", "color"], () => this.#fill());
  }

  /** @returns {Promise<void>} when the list is there */
  async start() {
    await this.#learn();
    await this.#poll();
    const again = async () => {
      if (!document.hidden) await this.#poll();
      setTimeout(again, POLL_MS);
    };
    setTimeout(again, POLL_MS);
    document.addEventListener("visibilitychange", () => !document.hidden && this.#poll());
  }

  /** What never changes while the server runs. */
  async #learn() {
    const answer = await fetch("/api/page").catch(() => null); // a server that is gone is told of by the list
    if (!answer?.ok) return;
    const { catalog, grid } = await answer.json();
    useCatalog(catalog);
    this.model.pictures.layout = grid;
  }

  async #poll() {
    try {
      const again = { headers: { "If-None-Match": this.tag }, cache: /** @type {const} */ ("no-store") };
      const answer = await fetch("/api/runs", this.tag ? again : {}); // the first one is preloaded by the page
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(await sentence(answer));
        this.#list(await answer.json());
        this.tag = answer.headers.get("ETag") || "";
      }
      this.#report();
    } catch (error) {
      this.say(
        error instanceof TypeError ? "The server does not answer. Is gan serve still running?" : String(error),
        true,
      );
    }
    await this.#fill();
  }

  #report() {
    const training = [...this.model.runs.values()].filter((run) => run.state === "training").length;
    this.say(training ? `${this.model.runs.size} runs, ${training} training` : `${this.model.runs.size} runs`, false);
  }

  #list(/** @type {any} */ answer) {
    const { model } = this;
    const before = model.runs;
    model.folder = answer.folder;
    model.runs = new Map(
      answer.runs.map((/** @type {any} */ line) => {
        const known = before.get(line.id);
        return [line.id, known ? Object.assign(known, line, { seed: known.seed }) : runOf(line)];
      }),
    );
    const studies = new Map(model.studies.map((study) => [study.id, study]));
    model.studies = answer.studies.map((/** @type {any} */ study) => ({ ...studies.get(study.id), ...study }));
    for (const id of this.detailed.keys()) {
      if (model.runs.has(id)) continue;
      this.detailed.delete(id);
      this.drawn.delete(id);
    }
    model.tell("runs");
    if (model.chosen.length !== model.state.chosen.filter((id) => before.has(id)).length) model.tell("chosen");
  }

  /** Ask for what the chosen runs lack. */
  async #fill() {
    if (this.filling) {
      this.again = true;
      return;
    }
    this.filling = true;
    try {
      do {
        this.again = false;
        await Promise.all([this.#details(), this.#series(), this.#studies()]);
      } while (this.again);
    } catch (error) {
      this.say(String(error), true);
    } finally {
      this.filling = false;
    }
  }

  /** Of the chosen runs; of all where colours say a field, and must not depend on the choice. */
  async #details() {
    const { chosen, runs: list, state } = this.model;
    const asked = state.color && !isMetric(state.color) ? new Set([...chosen, ...list.values()]) : chosen;
    const runs = [...asked].filter((run) => this.detailed.get(run.id) !== run.version);
    const all = parts(runs);
    for (const part of all) {
      const versions = part.map((run) => run.version);
      const found = await ask(
        "/api/details",
        part.map((run) => ["run", run.id]),
      );
      part.forEach((run, index) => {
        if (!found[run.id]) return;
        run.details = found[run.id];
        this.detailed.set(run.id, versions[index]);
      });
      if (isTold(part, all)) this.model.tell("details");
    }
  }

  async #studies() {
    const { model } = this;
    const wanted = new Set(model.chosen.map((run) => run.study));
    for (const study of model.studies.filter((each) => wanted.has(each.id) && each.told !== each.version)) {
      const told = await ask("/api/study", [["study", study.id]]);
      Object.assign(study, told, { told: told.version });
      model.tell("studies");
    }
  }

  async #series() {
    const { model } = this;
    const used = new Set();
    const all = parts(model.chosen.filter((run) => this.drawn.get(run.id) !== key(run, this.#wanted())));
    for (const part of all) {
      const names = this.#wanted();
      const versions = part.map((run) => run.version);
      const query = [...part.map((run) => ["run", run.id]), ...names.map((name) => ["metric", name])];
      const found = await ask("/api/series", query);
      part.forEach((run, index) => this.#take(run, found[run.id], `${versions[index]} ${names.join(" ")}`));
      used.add(names.join(" "));
      if (isTold(part, all)) model.tell("series");
    }
    if (used.size && [...used].some((names) => names !== this.#wanted().join(" "))) this.again = true;
  }

  /** @param {import("./model.js").Run} run @param {any} got undefined where the run is gone @param {string} drawn */
  #take(run, got, drawn) {
    if (!got) return;
    run.last = got.last;
    for (const [name, series] of Object.entries(got.series)) run.series.set(name, /** @type {any} */ (series));
    if (got.whole) this.drawn.set(run.id, drawn);
    else this.again = true; // the rest of a long file
  }

  /** @returns {string[]} the metrics that are drawn, and those of which the table shows more than the last value */
  #wanted() {
    const { state, metricNames } = this.model;
    const drawn = state.metrics ?? firstCurves(metricNames, 4);
    const source = state.statistic === "last" ? "" : sourceOf(this.model);
    const shown = source ? shownAt("page").map((name) => `${source}/${name}`) : [];
    return [...new Set([...drawn, ...shown.filter((name) => metricNames.has(name))])].slice(0, MOST_METRICS);
  }
}

/** @param {import("./model.js").Run} run @param {string[]} names */
function key(run, names) {
  return `${run.version} ${names.join(" ")}`;
}

/** @template T @param {T[]} all @returns {T[][]} */
function parts(all) {
  const rest = all.slice(AT_FIRST);
  const count = Math.ceil(rest.length / AT_ONCE);
  const further = Array.from({ length: count }, (_, index) => rest.slice(index * AT_ONCE, (index + 1) * AT_ONCE));
  return all.length ? [all.slice(0, AT_FIRST), ...further] : [];
}

/** The page is drawn after the first part, and again after the last. @template T @param {T[]} part @param {T[][]} all */
function isTold(part, all) {
  return part === all[0] || part === all[all.length - 1];
}

/** @param {string} address @param {string[][]} query */
async function ask(address, query) {
  const answer = await fetch(`${address}?${new URLSearchParams(query)}`, { cache: "no-store" });
  if (!answer.ok) throw new Error(await sentence(answer));
  return answer.json();
}

/** What the server says is wrong. @param {Response} answer */
async function sentence(answer) {
  try {
    return (await answer.json()).error;
  } catch {
    return `The server answered ${answer.status}.`;
  }
}
