/**
 * Colours that follow the brush: one request under way for each side, and when it is answered the newest order is next, so
 * that nothing queues up. The last picture stays until the new one is there.
 */

import { colorPixels, Refusal } from "./api.js";
import { requestOf } from "./strokes.js";

export const MEASURE = "stroke to picture";
const BUSY_AFTER = 300;
const RETRY_AFTER = 400;

/**
 * @typedef {import("./main.js").State} State
 * @typedef {{state: State, run: import("./api.js").Run}} Order
 * @typedef {{pixels: ImageData, step: number, order: Order}} Answer
 */

export class Side {
  /**
   * @param {import("./paper.js").Uploads} uploads
   * @param {{picture: (answer: Answer) => void, busy: (busy: boolean) => void, fault: (fault: Error | null) => void,
   *   took: (milliseconds: number, order: Order) => void, note: (words: string, order: Order) => void}} tell
   */
  constructor(uploads, tell) {
    this.uploads = uploads;
    this.tell = tell;
    /** @type {Order | null} */
    this.next = null;
    /** @type {import("./paper.js").Sheet | undefined} of the last order */
    this.sheet = undefined;
    /** @type {number | null} when the oldest event happened that no picture shows yet */
    this.since = null;
    this.running = false;
    this.forgotten = 0;
  }

  /**
   * @param {Order | null} order null: nothing is wanted any more.
   * @param {number | null} since when the pointer event happened that this answers
   */
  want(order, since) {
    if (order?.state.sheet !== this.sheet) this.since = null; // of a drawing that nobody sees any more
    this.sheet = order?.state.sheet;
    this.next = order;
    if (order === null) this.since = null;
    else if (since !== null) this.since ??= since;
    if (!this.running) void this.#run();
  }

  async #run() {
    this.running = true;
    while (this.next) {
      const order = this.next;
      const since = this.since;
      this.next = this.since = null;
      const busy = setTimeout(() => this.tell.busy(true), BUSY_AFTER);
      try {
        await this.#answer(order, since);
        this.forgotten = 0;
        this.tell.fault(null);
      } catch (fault) {
        if (await this.#recovers(order, /** @type {Error} */ (fault))) {
          this.next ??= order;
          if (this.next.state.sheet === order.state.sheet) this.since = since ?? this.since;
        }
      }
      clearTimeout(busy);
      this.tell.busy(false);
    }
    this.running = false;
  }

  /** @param {Order} order @param {number | null} since */
  async #answer({ state, run }, since) {
    const kept = await this.uploads.get(state.sheet, state.lines);
    this.tell.note(kept.note, { state, run });
    const answer = await colorPixels(requestOf(kept.drawing, run, state), kept.shown);
    if (!answer) return;
    this.tell.picture({ pixels: answer.pixels, step: answer.step, order: { state, run } });
    await painted();
    if (since === null) return;
    const end = performance.now();
    performance.measure(MEASURE, { start: since, end, detail: { run: run.run, timing: answer.timing } });
    this.tell.took(end - since, { state, run });
  }

  /** @param {Order} order @param {Error} fault @returns {Promise<boolean>} whether to try again. */
  async #recovers({ state }, fault) {
    const status = fault instanceof Refusal ? fault.status : -1;
    if (status === 410 && this.forgotten < 2) {
      this.forgotten += 1;
      this.uploads.forget(state.sheet, state.lines);
      return true;
    }
    this.tell.fault(fault);
    if (status !== 503) return false;
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
    return true;
  }
}

/** When the browser has painted the next frame; at once in a page that is not shown. @returns {Promise<void>} */
function painted() {
  if (document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => resolve();
      channel.port2.postMessage(null); // arrives after the frame
    });
  });
}
