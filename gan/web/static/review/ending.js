/** Why a run gives no result, and the end of its log. */

import { button, el } from "../shared/elements.js";
import { progressWords } from "./model.js";

export class Ending {
  constructor() {
    this.title = el("h2", { id: "ending-title" });
    this.state = el("p", { class: "dim" });
    this.reason = el("p", { class: "ending-reason" });
    this.log = el("h3");
    this.text = el("pre", { class: "ending-log", tabindex: 0, "aria-label": "The end of the log" });
    const close = button("Close", () => this.node.close(), { class: "close" });
    const head = el("header", { class: "wipe-head" }, this.title, close);
    this.node = el("dialog", { class: "wipe ending", "aria-labelledby": "ending-title" }, head);
    this.node.append(this.state, this.reason, this.log, this.text);
    this.node.addEventListener("click", (event) => event.target === this.node && this.node.close());
    document.body.append(this.node);
  }

  /** @param {import("./model.js").Run} run */
  async open(run) {
    this.title.textContent = run.id;
    this.state.textContent = progressWords(run) ?? "";
    this.#fill("Loading…", "", "");
    this.node.showModal();
    const answer = await fetch(`/api/ending?${new URLSearchParams([["run", run.id]])}`).catch(() => null);
    const told = answer?.ok ? await answer.json() : { reason: "The server does not say.", log: "", text: "" };
    if (this.title.textContent !== run.id) return; // another one was opened meanwhile
    this.#fill(told.reason || "It gives results.", told.log ? `The end of ${told.log}` : "It has no log.", told.text);
    this.text.scrollTop = this.text.scrollHeight;
  }

  /** @param {string} reason @param {string} log @param {string} text */
  #fill(reason, log, text) {
    this.reason.textContent = reason;
    this.log.textContent = log;
    this.text.textContent = text;
    this.text.hidden = !text;
  }
}
