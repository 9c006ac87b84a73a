/** A chart of lines, each with x values of its own, on uPlot; what lies under the pointer is named. */

import { el } from "../shared/elements.js";
import { nearest, wordsOf } from "./charttip.js";
import { resolved } from "./colors.js";
import { format } from "./metrics.js";
import { bandsOf, svgChart } from "./svgchart.js";

const SVG_WIDE = 640; // of a chart that is saved, which need not share its line with others
const SVG_HIGH = 380;

/**
 * @typedef {{id: string, label: string, color: string, x: number[], y: (number | null)[], dash?: number[],
 *   faint?: boolean, points?: boolean, low?: (number | null)[], high?: (number | null)[]}} Line low, high: of a band
 * @typedef {import("./charttip.js").Found} Found
 * @typedef {[number, number] | null} Range of x; null: all
 * @typedef {{title?: string, log: boolean, xText: (x: number) => string, xTicks?: (x: number) => string, xLabel?: string, whole?: boolean,
 *   height: number, pick?: (x: number) => void, hover?: (id: string | null) => void,
 *   zoom?: (range: Range) => void}} Options
 */

export class Chart {
  /** @param {HTMLElement} node @param {Options} options */
  constructor(node, options) {
    this.node = node;
    this.options = options;
    /** @type {Line[]} */
    this.lines = [];
    /** @type {any} */
    this.plot = null;
    /** @type {number | null} */
    this.marker = null;
    /** @type {string | null} of the line that stands out */
    this.lit = null;
    /** @type {Range} */
    this.range = null;
    this.key = "";
    this.tip = el("div", { class: "chart-tip", hidden: true });
    this.line = el("div", { class: "chart-marker", hidden: true });
    this.stage = el("div", { class: "chart-stage", role: "img" });
    this.note = el("p", { class: "chart-note dim", hidden: true });
    this.node.append(this.stage, this.tip, this.note);
    this.sizes = new ResizeObserver(() => this.plot?.setSize(this.#size()));
    this.sizes.observe(this.stage);
  }

  /** @param {Line[]} lines */
  show(lines) {
    const key = JSON.stringify([lines.map((line) => [line.id, line.color, line.dash, line.faint]), this.options.log]);
    this.lines = lines;
    if (!lines.length) return this.#clear();
    const data = [null, ...lines.map((line) => [line.x, line.y])];
    if (this.plot && key === this.key) this.plot.setData(data, !this.range);
    else this.#build(data);
    this.key = key;
    this.stage.setAttribute("aria-label", this.#words());
  }

  /** What the chart shows, for those who do not see it. */
  #words() {
    const { title, xText } = this.options;
    const lines = this.lines
      .filter((line) => !line.faint)
      .map(({ label, x, y }) => {
        const there = y.flatMap((value, index) => (value === null ? [] : [{ value, at: x[index] }]));
        if (!there.length) return `${label}: nothing`;
        const [first, last] = [there[0], there[there.length - 1]];
        const values = there.map(({ value }) => value);
        const [least, most] = [Math.min(...values), Math.max(...values)];
        const ends = `${format(first.value)} at ${xText(first.at)}, ${format(last.value)} at ${xText(last.at)}`;
        return `${label}: ${ends}, between ${format(least)} and ${format(most)}`;
      });
    return `${title ?? "chart"}. ${lines.join(". ")}`;
  }

  /** The same as SVG, of what is seen of x and y. */
  draw() {
    const { title = "", log, xText, xTicks = xText } = this.options;
    const scale = (/** @type {string} */ name) => {
      const { min, max } = this.plot?.scales[name] ?? { min: 0, max: 1 };
      return { from: min, to: max };
    };
    const x = { label: this.options.xLabel ?? "", ...scale("x"), text: xTicks };
    const y = { label: "", ...scale("y"), log, text: tickText };
    return svgChart({ title, x, y, lines: this.lines, wide: SVG_WIDE, high: SVG_HIGH });
  }

  /** Say something below the lines. @param {string} words empty: nothing */
  say(words) {
    this.note.textContent = words;
    this.note.hidden = !words;
  }

  /** @param {Range} range of x that is shown */
  showRange(range) {
    if (JSON.stringify(range) === JSON.stringify(this.range)) return;
    this.range = range;
    this.#applyRange();
  }

  #applyRange() {
    if (!this.plot) return;
    if (this.range) this.plot.setScale("x", { min: this.range[0], max: this.range[1] });
    else this.plot.setData(this.plot.data, true);
  }

  /** Draw again in the colours of the scheme. */
  restyle() {
    this.key = "";
    this.show(this.lines);
  }

  /** @param {number | null} x of a vertical line */
  mark(x) {
    if (this.marker === x) return;
    this.marker = x;
    this.#placeMarker();
  }

  /** @param {string | null} id of the line that stands out */
  highlight(id) {
    if (!this.plot || this.lit === id) return;
    this.lit = id;
    this.plot.redraw(false);
  }

  destroy() {
    this.sizes.disconnect();
    this.plot?.destroy();
    this.node.replaceChildren();
  }

  #size() {
    return { width: Math.max(120, Math.floor(this.stage.clientWidth)), height: this.options.height };
  }

  #build(/** @type {any[]} */ data) {
    this.plot?.destroy();
    this.stage.replaceChildren();
    const style = getComputedStyle(document.documentElement);
    const ink = style.getPropertyValue("--text-dim").trim();
    const grid = style.getPropertyValue("--line").trim();
    const axis = {
      stroke: ink,
      grid: { stroke: grid, width: 1 },
      ticks: { show: false },
      font: `11px ${style.getPropertyValue("--font")}`,
    };
    const { log, whole } = this.options;
    const xTicks = this.options.xTicks || this.options.xText;
    // @ts-ignore uPlot is a classic script
    this.plot = new uPlot(
      {
        ...this.#size(),
        mode: 2,
        legend: { show: false },
        padding: [10, 20, 0, 0],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false },
          bind: { dblclick: () => () => this.#zoom(null) },
        },
        scales: {
          x: {
            time: false,
            range: (/** @type {any} */ _u, /** @type {number} */ low, /** @type {number} */ high) =>
              widened(low, high, whole ? 0.06 : 0),
          },
          y: {
            distr: log ? 3 : 1,
            range: (/** @type {any} */ _u, /** @type {number} */ low, /** @type {number} */ high) =>
              log ? [low * 0.9, high * 1.1] : widened(...this.#withBands(low, high), 0.06),
          },
        },
        axes: [
          {
            ...axis,
            size: 28,
            gap: 4,
            space: 64,
            incrs: whole ? [1, 2, 5, 10, 20, 50] : undefined,
            values: (/** @type {any} */ _u, /** @type {number[]} */ ticks) => ticks.map(xTicks),
          },
          {
            ...axis,
            size: 52,
            gap: 4,
            values: (/** @type {any} */ _u, /** @type {(number | null)[]} */ ticks) =>
              ticks.map((tick) => (tick === null ? "" : tickText(tick))),
          },
        ],
        series: [{}, ...this.lines.map((line, index) => this.#series(line, index))],
        hooks: {
          setCursor: [() => this.#name(nearest(this.plot, this.lines))],
          draw: [() => this.#placeMarker()],
          drawSeries: [(/** @type {any} */ plot, /** @type {number} */ index) => this.#finish(plot, index - 1)],
          setSelect: [() => this.#select()],
        },
      },
      data,
      this.stage,
    );
    this.#applyRange();
    this.plot.over.append(this.line);
    this.plot.over.addEventListener("mouseleave", () => this.#name(null));
    this.plot.over.addEventListener("click", () => this.#click());
  }

  #clear() {
    this.plot?.destroy();
    this.plot = null;
    this.stage.setAttribute("aria-label", `${this.options.title ?? "chart"}: nothing logged yet`);
    this.stage.replaceChildren(el("p", { class: "empty", text: "None of the chosen runs has logged this yet." }));
  }

  /** @param {Range} range is shown, here or by whoever links several charts */
  #zoom(range) {
    if (this.options.zoom) this.options.zoom(range);
    else this.showRange(range);
  }

  #select() {
    const { left, width } = this.plot.select;
    if (width > 0) this.#zoom([this.plot.posToVal(left, "x"), this.plot.posToVal(left + width, "x")]);
    this.plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
  }

  /** @param {number} low @param {number} high @returns {[number, number]} */
  #withBands(low, high) {
    if (low === null || low === undefined) return [low, high];
    const ends = this.lines.flatMap((line) => [...(line.low ?? []), ...(line.high ?? [])]);
    const all = ends.filter((value) => value !== null);
    return [Math.min(low, ...all), Math.max(high, ...all)];
  }

  /** The band of a line, and dots where there is no line to be drawn: uPlot has neither for lines with their own x. */
  #finish(/** @type {any} */ plot, /** @type {number} */ index) {
    const line = this.lines[index];
    if (!line) return;
    const { ctx, bbox } = plot;
    const at = (/** @type {number} */ x, /** @type {number} */ y) => [
      plot.valToPos(x, "x", true),
      plot.valToPos(y, "y", true),
    ];
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left - 4, bbox.top - 4, bbox.width + 8, bbox.height + 8);
    ctx.clip();
    ctx.fillStyle = plot.series[index + 1].stroke();
    for (const corners of bandsOf(line)) {
      ctx.globalAlpha = 0.18;
      ctx.beginPath();
      for (const [x, y] of corners) ctx.lineTo(...at(x, y));
      ctx.fill();
    }
    ctx.globalAlpha = 1;
    line.y.forEach((y, place) => {
      const alone = (line.y[place - 1] ?? null) === null && (line.y[place + 1] ?? null) === null;
      if (y === null || !(line.points || alone)) return;
      const [left, top] = at(line.x[place], y);
      ctx.beginPath();
      ctx.arc(left, top, (line.faint ? 2 : 3) * devicePixelRatio, 0, 2 * Math.PI);
      ctx.fill();
    });
    ctx.restore();
  }

  #series(/** @type {Line} */ line, /** @type {number} */ index) {
    const color = resolved(line.color);
    // @ts-ignore uPlot is a classic script
    const linear = uPlot.paths.linear();
    return {
      facets: [
        { scale: "x", auto: true },
        { scale: "y", auto: true },
      ],
      stroke: () => (this.lit && this.lit !== line.id ? faded(color, 0.15) : line.faint ? faded(color, 0.3) : color),
      width: line.faint ? 1 : 1.75,
      dash: line.dash,
      points: { show: false },
      spanGaps: false,
      paths: (
        /** @type {any} */ plot,
        /** @type {number} */ at,
        /** @type {number} */ from,
        /** @type {number} */ to,
      ) => (this.lines[index]?.x.length ? linear(plot, at, from, to) : null),
    };
  }

  /** An element and no drawing: the slider moves it in every chart at once. */
  #placeMarker() {
    const { plot, marker, line } = this;
    const inside = plot && marker !== null && marker >= plot.scales.x.min && marker <= plot.scales.x.max;
    line.hidden = !inside;
    if (inside) line.style.setProperty("transform", `translateX(${Math.round(plot.valToPos(marker, "x"))}px)`);
  }

  /** @param {Found | null} found what the pointer is near */
  #name(found) {
    this.tip.hidden = !found;
    this.options.hover?.(found ? found.line.id : null);
    if (!found) return;
    this.tip.replaceChildren(...wordsOf(found, this.lines, this.options.xText));
    const box = this.plot.over;
    const left = Math.min(box.offsetLeft + found.x + 12, this.node.clientWidth - this.tip.offsetWidth - 2);
    const top = Math.min(box.offsetTop + found.y - 34, this.node.clientHeight - this.tip.offsetHeight);
    this.tip.style.setProperty("left", `${Math.max(2, left)}px`);
    this.tip.style.setProperty("top", `${Math.max(0, top)}px`);
  }

  #click() {
    const found = nearest(this.plot, this.lines);
    if (found && !this.range) this.options.pick?.(found.at);
  }
}

/** @param {number} low @param {number} high @param {number} by share of the range */
function widened(low, high, by) {
  if (low === null || low === undefined || !Number.isFinite(low)) return [0, 1];
  const room = (high - low) * by || (high === low ? Math.abs(high) * 0.1 || 1 : 0);
  return [low - room, high + room];
}

/** @param {number} tick */
function tickText(tick) {
  const size = Math.abs(tick);
  if (size >= 1e4) return `${tick / 1000}k`;
  if (size !== 0 && size < 1e-3) return tick.toExponential(0);
  return String(Math.round(tick * 1e4) / 1e4);
}

/** @param {string} color as computed @param {number} alpha */
function faded(color, alpha) {
  return `color-mix(in srgb, ${color} ${alpha * 100}%, transparent)`;
}
