/** What lies on a picture: hints, lines that no picture shows yet, and the brush. */

import { drawLines } from "./paper.js";
import { PAINTS } from "./gestures.js";
import { frameOf, outline, reach } from "./strokes.js";

/** Opacity of a dab that the picture does not show yet. */
const WAITING = 0.8;
/** Around the mark of the hint that is chosen, and of one that may be. */
const [CHOSEN, NEAR] = ["#2a55c8", "rgb(42 85 200 / 55%)"];
/** A brush of fewer pixels of the screen, in its half, is pointed at. */
const TINY = 4;

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
  const { zoom, x, y } = stage.viewed;
  const scale = (zoom * canvas.width) / state.sheet.width;
  const density = devicePixelRatio;
  const run = app.runs.chosen[pane.name];
  const frame = frameOf(run ?? { shape: [64, 64], dab: null }, state.sheet);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.setTransform(1, 0, 0, 1, -x * zoom * canvas.width, -y * zoom * canvas.height);
  if (app.keep.transparent) app.areas.drawClear(context, state, app.areas.background(state, frame.exact), scale);
  drawLines(context, state.lines.slice(sharedLines(pane.painted, state)), scale);
  if (run?.dab) drawWaiting(context, pane.painted, state, frame, scale, app);
  const { place, pane: on } = stage.gestures.hover;
  const tints = app.tool === "tint" && place && on === pane;
  const near = tints ? stage.gestures.hintAt(state, place) : null;
  if (stage.hintsShown)
    for (const stroke of state.strokes) {
      const halo = stroke.id === app.choice.id ? CHOSEN : stroke === near ? NEAR : null;
      drawMark(context, stroke, scale, density, halo);
    }
  drawHovered(context, app, stage, pane, frame, scale);
  drawCursor(context, app, stage, pane, frame, scale, density);
}

/**
 * The areas that a hint would fill where the pointer is; none where the network sees dabs and no areas.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./main.js").AppType} app
 * @param {import("./stage.js").Stage} stage
 * @param {import("./stage.js").Pane} pane
 * @param {import("./strokes.js").Frame} frame
 * @param {number} scale
 */
function drawHovered(context, app, stage, pane, frame, scale) {
  const { place, pane: on } = stage.gestures.hover;
  const { state } = app;
  delete pane.box.dataset.area;
  if (!state || !place || !frame.exact || !PAINTS.includes(app.tool)) return;
  if (stage.viewed.moves || stage.gestures.gesture || (on !== pane && stage.view !== "beside")) return;
  const { areas } = app;
  const filled = app.tool === "fill" ? new Set([areas.at(state, place)]) : areas.under(state, app.brush.dab(place));
  filled.delete(0);
  if (filled.size === 0) return;
  pane.box.dataset.area = [...filled].join(" ");
  for (const area of filled) areas.draw(context, state, area, app.colors.now, scale);
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
 * Dabs that the picture does not show yet, as large as the network will see them; areas that are to be filled.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./main.js").State | null} painted
 * @param {import("./main.js").State} state
 * @param {import("./strokes.js").Frame} frame
 * @param {number} scale
 * @param {import("./main.js").AppType} app
 */
function drawWaiting(context, painted, state, frame, scale, app) {
  const shown = new Map(painted?.strokes.map((stroke) => [stroke.id, stroke]));
  context.globalAlpha = WAITING;
  for (const { id, color, dabs } of state.strokes) {
    const before = shown.get(id);
    const known = before?.color === color ? before.dabs : [];
    if (known === dabs) continue;
    const path = new Path2D();
    dabs.forEach((dab, index) => {
      if (known[index] === dab) return;
      const area = dab.radius === null && frame.exact ? app.areas.at(state, dab) : 0;
      if (area) app.areas.draw(context, state, area, color, scale);
      else
        path.addPath(
          outline(dab.radius, frame, scale),
          new DOMMatrix([1, 0, 0, 1, (dab.x + 0.5) * scale, (dab.y + 0.5) * scale]),
        );
    });
    context.fillStyle = color;
    context.fill(path);
  }
  context.globalAlpha = 1;
}

/**
 * Draw around the middle of a pixel.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number}} place
 * @param {number} scale
 * @param {() => void} draw
 */
function at(context, place, scale, draw) {
  context.save();
  context.translate((place.x + 0.5) * scale, (place.y + 0.5) * scale);
  draw();
  context.restore();
}

/**
 * Where a hint is, small enough not to hide the picture: a bead, or a thread along a stroke.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {import("./strokes.js").Stroke} stroke
 * @param {number} scale
 * @param {number} density
 * @param {string | null} halo a colour around it
 */
function drawMark(context, { color, dabs }, scale, density, halo) {
  const places = dabs.map(({ x, y }) => [(x + 0.5) * scale, (y + 0.5) * scale]);
  const thread = new Path2D();
  places.forEach(([x, y], index) => (index ? thread.lineTo(x, y) : thread.moveTo(x, y)));
  if (places.length === 1) thread.lineTo(places[0][0] + 0.01, places[0][1]);
  const width = places.length === 1 ? 9 : 4;
  context.lineCap = context.lineJoin = "round";
  for (const [style, more] of /** @type {[string, number][]} */ ([
    [halo ? "#fff" : "transparent", 15],
    [halo ?? "transparent", 12],
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
 * The brush where the pointer is: what the network will see of it, or a circle for what erases and draws.
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
  if (!place || stage.viewed.moves || (on !== pane && stage.view !== "beside")) return;
  const paints = app.tool === "dab" || app.tool === "stroke";
  const shape = new Path2D();
  let middle = place;
  if (paints) {
    const dab = app.brush.dab(place);
    middle = dab;
    shape.addPath(outline(dab.radius, frame, scale));
    if (reach(dab.radius, frame) * scale < TINY * density) cross(shape, TINY * density, 2.5 * TINY * density);
  } else if (["pick", "fill", "tint"].includes(app.tool)) cross(shape, 4 * density, 11 * density);
  else {
    const radius = app.tool === "erase" ? app.brush.radius * scale : Math.max(1.5 * density, (width / 2) * scale);
    shape.arc(0, 0, radius, 0, 2 * Math.PI);
  }
  at(context, middle, scale, () => {
    if (paints) {
      context.globalAlpha = on === pane ? 0.3 : 0.15;
      context.fillStyle = app.colors.now;
      context.fill(shape);
      context.globalAlpha = 1;
    }
    for (const [style, thick] of /** @type {[string, number][]} */ ([
      ["rgb(255 255 255 / 90%)", 3],
      ["rgb(20 20 24 / 90%)", 1],
    ])) {
      context.strokeStyle = style;
      context.lineWidth = thick * density;
      context.stroke(shape);
    }
  });
}

/** Four lines that point at the middle. @param {Path2D} path @param {number} from @param {number} to */
function cross(path, from, to) {
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]) {
    path.moveTo(from * dx, from * dy);
    path.lineTo(to * dx, to * dy);
  }
}
