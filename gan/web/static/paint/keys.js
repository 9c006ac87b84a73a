/** Keyboard shortcuts, and the list of them. */

import { el, input, need } from "../shared/elements.js";
import { VIEWS } from "./runs.js";
import { STEP } from "./view.js";

/** How far a key moves the border between A and B, in percent. */
const WIPE = 5;
const SHORTCUTS = [
  ["S", "stroke of colour"],
  ["B", "dab of colour; drag to move it"],
  ["F", "fill an area"],
  ["T", "choose a hint to give it another colour"],
  ["Delete", "delete the hint that is chosen"],
  ["E", "erase hints"],
  ["I", "pick a colour from the picture; or hold Alt"],
  ["D", "draw a line of the drawing"],
  ["R", "rub out lines of the drawing"],
  ["[ ]", "smaller, larger brush"],
  ["Ctrl Z", "undo"],
  ["Ctrl Shift Z", "redo"],
  ["C", "clear all hints"],
  ["N P", "another colouring, the one before; of a run that draws"],
  ["H", "hide or show hints"],
  ["X", "switch A and B"],
  ["K", "keep the answer of A as B, to compare what comes next with it"],
  [", .", "move the border between A and B"],
  ["V", "A alone, side by side, A | B, beside the flat fill"],
  ["+ - 0", "larger, smaller, the whole drawing; or the wheel"],
  ["Space", "held: drag the picture; or the middle button, or two fingers"],
  ["Ctrl V", "paste a drawing"],
  ["Arrows", "move the brush on the picture; with Shift by a pixel"],
  ["Enter", "use the tool there"],
  ["Esc", "drop the stroke under way; choose no hint"],
  ["?", "this list"],
];
/** @type {Record<string, import("./main.js").Tool>} */
const TOOLS = { s: "stroke", b: "dab", f: "fill", t: "tint", e: "erase", i: "pick", d: "line", r: "rub" };

/** @param {import("./main.js").AppType} app */
export function listenToKeys(app) {
  const help = /** @type {HTMLDialogElement} */ (need("help"));
  need("open-help").onclick = () => help.showModal();
  need("shortcuts").replaceChildren(
    ...SHORTCUTS.flatMap(([keys, words]) => {
      const caps = keys.split(" ").flatMap((key) => [el("kbd", { text: key }), " "]);
      return [el("dt", {}, ...caps), el("dd", { text: words })];
    }),
  );
  /** @type {Record<string, () => void>} */
  const actions = {
    "[": () => app.brush.step(false),
    "]": () => app.brush.step(true),
    c: () => app.clear(),
    h: () => app.stage.showHints(!app.stage.hintsShown),
    n: () => app.variants.move(1),
    p: () => app.variants.move(-1),
    x: () => app.runs.swap(),
    k: () => app.runs.keep(),
    ",": () => app.stage.wipe(Number(input("border").value) - WIPE),
    ".": () => app.stage.wipe(Number(input("border").value) + WIPE),
    v: () => app.runs.look(VIEWS[(VIEWS.indexOf(app.runs.view) + 1) % VIEWS.length]),
    "+": () => app.stage.viewed.enlarge(STEP),
    "=": () => app.stage.viewed.enlarge(STEP),
    "-": () => app.stage.viewed.enlarge(1 / STEP),
    0: () => app.stage.viewed.reset(),
    "?": () => help.showModal(),
    delete: () => app.choice.remove(),
    escape: () => {
      app.stage.gestures.cancel();
      app.choice.choose(null);
    },
  };
  for (const [key, tool] of Object.entries(TOOLS)) actions[key] = () => app.use(tool);

  addEventListener("keydown", (event) => {
    if (help.open || isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      const undo = key === "z" && !event.altKey;
      if (!undo && key !== "y") return;
      if (undo && !event.shiftKey) app.undo();
      else app.redo();
    } else if (event.altKey || !actions[key]) return;
    else actions[key]();
    event.preventDefault();
  });
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  const element = /** @type {HTMLElement | null} */ (target);
  if (element instanceof HTMLInputElement) return !["range", "checkbox", "color", "file"].includes(element.type);
  return element instanceof HTMLSelectElement || element instanceof HTMLTextAreaElement;
}
