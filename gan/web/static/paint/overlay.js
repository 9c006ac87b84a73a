/** What lies on a picture: hints, lines that no picture shows yet, and the brush. */

import { drawLines } from "./paper.js";
import { frameOf, reach } from "./strokes.js";

/** Opacity of a dab that the picture does not show yet. */
const WAITING = 0.8;

/**
 * @param {import("./stage.js").Pane} pane
 * @param {import("./main.js").State} state
 * @param {import("./main.js").AppType} app
 * @param {import("./stage.js").Stage} stage
 */
export function drawOverlay(pane, state, app, stage) {
  const canvas = pane.overlay;
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = canvas.width / state.sheet.width;
  const density = devicePixelRatio;
  const run = app.runs.chosen[pane.name];
  const frame = frameOf(run ?? { size: 64, dab: null }, state.sheet);
  context.clearRect(0, 0, canvas.width, canvas.height);
  drawLines(context, state.lines.slice(sharedLines(pane.painted, state)), scale);
  if (run?.dab) drawWaiting(context, pane.painted, state, frame, scale);
  if (stage.hintsShown) for (const stroke of state.strokes) drawMark(context, stroke, scale, density);
  drawCursor(context, app, stage, pane, frame, scale, density);
}

/** How many lines a picture shows already. */
function sharedLines(
  /** @type {import("./main.js").State | null} */ painted,
  /** @type {import("./main.js").State} */ state,
) {
  if (!painted || painted.sheet !== state.sheet) return 0;
  let count = 0;
  while (count < painted.lines.length && painted.lines[count] === state.lines[count]) count += 1;
  return count;
}

/**
 * Dabs that the picture does not show yet, as large as the network will see them.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./main.js").State | null} painted
 * @param {import("./main.js").State} state
 * @param {import("./strokes.js").Frame} frame
 * @param {number} scale
 */
function drawWaiting(context, painted, state, frame, scale) {
  const shown = new Map(painted?.strokes.map((stroke) => [stroke.id, stroke.dabs]));
  context.globalAlpha = WAITING;
  for (const { id, color, dabs } of state.strokes) {
    const known = shown.get(id);
    if (known === dabs) continue;
    context.fillStyle = color;
    context.beginPath();
    dabs.forEach((dab, index) => {
      if (known?.[index] === dab) return;
      const half = reach(dab.radius, frame) * scale;
      context.roundRect((dab.x + 0.5) * scale - half, (dab.y + 0.5) * scale - half, 2 * half, 2 * half, half / 2);
    });
    context.fill();
  }
  context.globalAlpha = 1;
}

/**
 * Where a hint is, small enough not to hide the picture: a bead, or a thread along a stroke.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./strokes.js").Stroke} stroke
 * @param {number} scale
 * @param {number} density
 */
function drawMark(context, { color, dabs }, scale, density) {
  const places = dabs.map(({ x, y }) => [(x + 0.5) * scale, (y + 0.5) * scale]);
  const thread = new Path2D();
  places.forEach(([x, y], index) => (index ? thread.lineTo(x, y) : thread.moveTo(x, y)));
  if (places.length === 1) thread.lineTo(places[0][0] + 0.01, places[0][1]);
  const width = places.length === 1 ? 9 : 4;
  context.lineCap = context.lineJoin = "round";
  for (const [style, more] of /** @type {[string, number][]} */ ([
    ["rgb(0 0 0 / 55%)", 5],
    ["#fff", 3.5],
    [color, 0],
  ])) {
    context.strokeStyle = style;
    context.lineWidth = (width + more) * density;
    context.stroke(thread);
  }
}

/**
 * The brush where the pointer is: the square that the network will see, or a circle for what erases and draws.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./main.js").AppType} app
 * @param {import("./stage.js").Stage} stage
 * @param {import("./stage.js").Pane} pane
 * @param {import("./strokes.js").Frame} frame
 * @param {number} scale
 * @param {number} density
 */
function drawCursor(context, app, stage, pane, frame, scale, density) {
  const { place, pane: on, width } = stage.gestures.hover;
  if (!place || (on !== pane && stage.view !== "beside")) return;
  const [x, y] = [(place.x + 0.5) * scale, (place.y + 0.5) * scale];
  const shape = new Path2D();
  if (app.tool === "dab" || app.tool === "stroke") {
    const half = reach(app.brush.radius, frame) * scale;
    shape.roundRect(x - half, y - half, 2 * half, 2 * half, half / 2);
    context.globalAlpha = on === pane ? 0.3 : 0.15;
    context.fillStyle = app.colors.now;
    context.fill(shape);
    context.globalAlpha = 1;
  } else if (app.tool === "pick") {
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ]) {
      shape.moveTo(x + 4 * density * dx, y + 4 * density * dy);
      shape.lineTo(x + 11 * density * dx, y + 11 * density * dy);
    }
  } else {
    const radius = app.tool === "erase" ? app.brush.radius * scale : Math.max(1.5 * density, (width / 2) * scale);
    shape.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.strokeStyle = "rgb(255 255 255 / 90%)";
  context.lineWidth = 3 * density;
  context.stroke(shape);
  context.strokeStyle = "rgb(20 20 24 / 90%)";
  context.lineWidth = 1 * density;
  context.stroke(shape);
}
