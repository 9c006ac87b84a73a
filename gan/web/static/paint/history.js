/** What can be undone. States are values that nobody changes. */

const MOST = 300;

/** @template State */
export class History {
  /** @param {State} state */
  constructor(state) {
    this.now = state;
    /** @type {State[]} */
    this.before = [];
    /** @type {State[]} */
    this.after = [];
  }

  /** @param {State} state */
  add(state) {
    this.before.push(this.now);
    if (this.before.length > MOST) this.before.shift();
    this.now = state;
    this.after = [];
  }

  /** @returns {boolean} whether there was anything to undo. */
  undo() {
    return this.#move(this.before, this.after);
  }

  /** @returns {boolean} whether there was anything to do again. */
  redo() {
    return this.#move(this.after, this.before);
  }

  /** @param {State[]} from @param {State[]} to */
  #move(from, to) {
    const state = from.pop();
    if (state === undefined) return false;
    to.push(this.now);
    this.now = state;
    return true;
  }
}
