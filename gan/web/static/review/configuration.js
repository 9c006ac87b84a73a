/** In which fields the chosen runs differ, and on demand everything that one of them was made with. */

import { checkbox, el, empty, scroller, span, table } from "../shared/elements.js";
import { cellsOf, csvButton } from "./csv.js";
import { differing, isRead, textsOf } from "./fields.js";

export class Configuration {
  /** @param {import("./model.js").Model} model @param {HTMLElement} node */
  constructor(model, node) {
    this.model = model;
    this.whole = false;
    const box = checkbox("fields that are the same, too", false, (checked) => {
      this.whole = checked;
      this.#show();
    });
    this.place = scroller("Table of configurations");
    const csv = csvButton("configuration", () => cellsOf(this.place));
    this.note = span("dim", "");
    node.append(el("div", { class: "toolbar" }, box, csv, this.note), this.place);
    model.on(["chosen", "details"], () => this.#show());
    this.#show();
  }

  #show() {
    const there = this.model.chosen.filter((run) => run.details);
    const runs = there.filter(isRead);
    const unread = there.filter((run) => !isRead(run)).map((run) => run.id);
    this.note.textContent = unread.length ? `Left out, for config.json cannot be read: ${unread.join(", ")}.` : "";
    if (!runs.length) {
      this.place.replaceChildren(empty("Choose runs in the list to compare their configurations."));
      return;
    }
    const columns = grouped(runs);
    const fields = [...new Set(columns.flatMap((column) => [...column.fields.keys()]))];
    const differ = differing(columns.map((column) => column.fields));
    const shown = this.whole ? fields : differ;
    if (!shown.length) {
      const same =
        columns[0].runs.length > 1
          ? "The chosen runs have the same configuration, but for their seeds."
          : "Choose two runs or more to see in which fields they differ.";
      this.place.replaceChildren(empty(same));
      return;
    }
    const head = ["field", ...columns.map(({ title }) => title)].map((text) => el("th", { scope: "col", text }));
    const lines = shown.map((field) =>
      el(
        "tr",
        { class: this.whole && differ.includes(field) ? "differs" : "" },
        el("th", { scope: "row", text: field }),
        ...columns.map((column) => el("td", { text: column.fields.get(field) ?? "–" })),
      ),
    );
    this.place.replaceChildren(table("fields", head, lines));
  }
}

/** Runs of the same configuration share a column. @param {import("./model.js").Run[]} runs */
function grouped(runs) {
  /** @type {Map<string, {runs: import("./model.js").Run[], fields: Map<string, string>, title: string}>} */
  const columns = new Map();
  for (const run of runs) {
    const fields = textsOf(run);
    const key = JSON.stringify([`${run.group}/${run.arm}`, ...fields]);
    const there = columns.get(key);
    if (there) there.runs.push(run);
    else columns.set(key, { runs: [run], fields, title: "" });
  }
  for (const column of columns.values()) {
    const seeds = column.runs.map((run) => run.seed).filter((seed) => seed !== null);
    column.title = column.runs.length > 1 ? `${column.runs[0].arm} · seeds ${seeds.join(", ")}` : column.runs[0].label;
  }
  return [...columns.values()];
}
