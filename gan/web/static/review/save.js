/** What is shown, as files: tables as CSV, charts as SVG and PNG, grids as PNG. */

import { button, el, group } from "../shared/elements.js";

const DENSE = 2; // pixels of a PNG for one of a chart

/** Hand a file to the browser. @param {string} name @param {Blob} content */
export function saveFile(name, content) {
  const address = URL.createObjectURL(content);
  el("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** @param {string} name of a file, without its ending; a metric's has slashes */
function plain(name) {
  return name.replace(/[^\w.,=-]+/g, "-");
}

/** @param {string} kind CSV, SVG or PNG @param {string} name of the file, without its ending @param {(file: string) => void} save */
export function saveButton(kind, name, save) {
  const file = `${plain(name)}.${kind.toLowerCase()}`;
  return button(kind, () => save(file), { title: `Save as ${file}`, "aria-label": `${kind}: save as ${file}` });
}

/**
 * Buttons that save a drawing as SVG and as PNG.
 * @param {string} name of the files, without their ending
 * @param {() => SVGSVGElement} draw
 */
export function svgButtons(name, draw) {
  const vector = saveButton("SVG", name, (file) =>
    saveFile(file, new Blob([textOf(draw())], { type: "image/svg+xml" })),
  );
  const pixels = saveButton("PNG", name, async (file) => savePng(file, await rasterized(draw())));
  return group(`Save ${name}`, [vector, pixels]);
}

/** @param {string} file @param {HTMLCanvasElement} canvas */
export function savePng(file, canvas) {
  canvas.toBlob((content) => content && saveFile(file, content), "image/png");
}

/** @param {SVGSVGElement} svg */
function textOf(svg) {
  return new XMLSerializer().serializeToString(svg);
}

/** @param {SVGSVGElement} svg with its width and height in pixels */
async function rasterized(svg) {
  const [width, height] = ["width", "height"].map((name) => DENSE * Number(svg.getAttribute(name)));
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(textOf(svg))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
  return canvas;
}
