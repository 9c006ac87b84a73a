/** The list of runs: an arm a line, its seeds as buttons, gathered by study or folder. */

import { dresser } from "./colors.js";
import { button, el, empty, span } from "../shared/elements.js";
import { whole } from "./metrics.js";
import { progressWords } from "./model.js";

export class Sidebar {
  /**
   * @param {import("./model.js").Model} model
   * @param {HTMLElement} node
   * @param {(run: import("./model.js").Run) => void} [tell] says why a run gives no result, where that can be asked
   */
  constructor(model, node, tell) {
    this.model = model;
    this.tell = tell;
    this.key = ""; // of what is shown already
    this.filter = el("input", { type: "search", placeholder: "Filter runs", "aria-label": "Filter runs" });
    this.filter.addEventListener("input", () => this.#show());
    this.count = el("span", { class: "dim" });
    this.list = el("div", { class: "run-list" });
    this.dress = dresser(model, this.list);
    const chooseAll = () => this.#choose(this.#shown().map((run) => run.id));
    const all = button("All", chooseAll, { class: "quiet", title: "Choose every run in the list" });
    const none = button("None", () => this.#choose([]), { class: "quiet", title: "Choose no run" });
    const bulk = el("div", { class: "bulk" }, this.count, all, none);
    node.append(this.filter, bulk, this.list);
    model.on(["runs", "chosen"], () => this.#show());
    this.#show();
  }

  #choose(/** @type {string[]} */ chosen) {
    this.model.set({ chosen });
  }

  #toggle(/** @type {string[]} */ ids, /** @type {boolean} */ on) {
    const chosen = new Set(this.model.state.chosen);
    for (const id of ids) {
      if (on) chosen.add(id);
      else chosen.delete(id);
    }
    this.#choose([...chosen]);
  }

  #shown() {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    return [...this.model.runs.values()].filter((run) =>
      words.every((word) => `${run.id} ${run.state}`.toLowerCase().includes(word)),
    );
  }

  #show() {
    const { model } = this;
    const runs = this.#shown();
    this.count.textContent = model.runs.size ? `${model.chosen.length} of ${model.runs.size} chosen` : "";
    const key = JSON.stringify([
      runs.map((run) => [run.id, run.state, run.step, run.steps, run.broken]),
      model.state.chosen,
    ]);
    if (key === this.key) return;
    this.key = key;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.focus;
    const groups = Map.groupBy(runs, (run) => run.study ?? run.group);
    this.list.replaceChildren(...[...groups].map(([group, members]) => this.#group(group, members)));
    if (!runs.length) this.list.append(this.#nothing());
    this.dress();
    if (focused)
      /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-focus="${CSS.escape(focused)}"]`))?.focus();
  }

  #nothing() {
    if (this.model.runs.size) return empty("No run has all of these words in its name.");
    return empty("No runs here yet. Train one, and it appears: ", el("code", { text: "gan train experiments/l1.py" }));
  }

  #group(/** @type {string} */ group, /** @type {import("./model.js").Run[]} */ runs) {
    const arms = Map.groupBy(runs, (run) => `${run.group}/${run.arm}`);
    const study = this.model.studies.find((each) => each.id === group);
    const title =
      group && group !== "."
        ? el("h3", { class: "group", text: study ? study.name : group, title: study?.question || group })
        : null;
    if (study) title?.append(el("span", { class: "tag", text: "study" }));
    return el("section", {}, title, ...[...arms.values()].map((members) => this.#arm(members)));
  }

  #arm(/** @type {import("./model.js").Run[]} */ runs) {
    const { model } = this;
    const ids = runs.map((run) => run.id);
    const on = ids.filter((id) => model.state.chosen.includes(id));
    const box = el("input", { type: "checkbox", data: { focus: `arm ${ids[0]}` } });
    box.checked = on.length === ids.length;
    box.indeterminate = on.length > 0 && on.length < ids.length;
    box.addEventListener("change", () => this.#toggle(ids, box.checked));
    const arm = el("span", { text: runs[0].arm === "." ? model.folder || "run" : runs[0].arm });
    const name = el("label", { class: "arm-name", title: ids[0] }, box, arm);
    const seeds = runs.some((run) => run.seed !== null) ? runs.map((run) => this.#seed(run)) : [];
    const newest = runs.find((run) => run.state === "training") || runs[0];
    const ended = runs.filter((run) => run.broken || (this.tell && run.state === "stopped"));
    const badges = ended.map((run) => this.#badge(run, runs.length > 1));
    const buttons = el("span", { class: "seeds-of" }, ...seeds);
    return el("div", { class: "arm" }, name, ...badges, buttons, progressOf(newest));
  }

  /** Of a run without a result; it leads to the reason. */
  #badge(/** @type {import("./model.js").Run} */ run, /** @type {boolean} */ ofSeveral) {
    const word = run.broken ? "broken" : "stopped";
    const text = ofSeveral ? `${word} ${run.seed ?? ""}` : word;
    const title = `${run.id}: ${run.broken || progressWords(run)}`;
    const kind = `badge ${run.broken ? "bad" : "open"}`;
    const { tell } = this;
    if (!tell) return span(kind, text, { title });
    const label = `${word}: why ${run.label}, and the end of its log`;
    const focus = `badge ${run.id}`;
    return button(text, () => tell(run), { class: kind, title, "aria-label": label, data: { focus } });
  }

  #seed(/** @type {import("./model.js").Run} */ run) {
    const broken = run.broken ? `, ${run.broken}` : "";
    const words = `seed ${run.seed}, ${run.state}, step ${whole(run.step)}${run.steps ? ` of ${whole(run.steps)}` : ""}${broken}`;
    const pressed = this.model.state.chosen.includes(run.id);
    return button(String(run.seed ?? "–"), () => this.#toggle([run.id], !pressed), {
      class: `seed ${run.state}`,
      title: words,
      "aria-label": `${run.arm}, ${words}`,
      "aria-pressed": String(pressed),
      data: { focus: run.id, run: run.id },
    });
  }
}

/** How far the run is, where it is not done. @param {import("./model.js").Run} run */
function progressOf(run) {
  if (run.state === "done") return null;
  const share = run.steps ? Math.min(1, run.step / run.steps) : 0;
  const bar = el("span", { class: "bar", css: { "--share": `${share * 100}%` } });
  return el("span", { class: `progress ${run.state}` }, bar, el("span", { text: progressWords(run) }));
}
