/** One panel of drawings on a canvas: some cells of one run's grid, in the part that the shared view shows. */

const GAP = 2;

/**
 * @typedef {{column: string, row: number, at: number, down: number}} Cell a drawing, and its place in the panel
 * @typedef {{cells: Cell[], wide: number, high: number, tall: number}} Layout wide, high: of the panel in drawings;
 *   tall: height of a drawing over its width
 */

/**
 * Where the drawings go.
 * @param {string[]} columns
 * @param {number} rows
 * @param {boolean} across rows beside each other, and not below
 * @param {number} tall height of a drawing over its width
 * @returns {Layout}
 */
export function arrange(columns, rows, across, tall) {
  /** @type {Cell[]} */
  const cells = [];
  for (let row = 0; row < rows; row += 1) {
    columns.forEach((column, index) => {
      cells.push({ column, row, at: across ? row : index, down: across ? index : row });
    });
  }
  return { cells, wide: across ? rows : columns.length, high: across ? columns.length : rows, tall };
}

/**
 * The drawing at a point.
 * @param {Layout} layout
 * @param {import("./view.js").View} view
 * @param {number} x as a share of the panel
 * @param {number} y
 * @returns {Cell | undefined}
 */
export function cellAt(layout, view, x, y) {
  const at = Math.floor((view.x + x / view.scale) * layout.wide);
  const down = Math.floor((view.y + y / view.scale) * layout.high);
  return layout.cells.find((cell) => cell.at === at && cell.down === down);
}

/**
 * Draw the part of a panel that is seen.
 * @param {HTMLCanvasElement} canvas
 * @param {Layout} layout
 * @param {import("./view.js").View} view
 * @param {(column: string) => import("./pictures.js").Strip | undefined} strip
 */
export function paint(canvas, layout, view, strip) {
  const context = canvas.getContext("2d");
  const width = Math.round(canvas.clientWidth * devicePixelRatio);
  if (!context || !width) return;
  const height = Math.round((width * layout.high * layout.tall) / layout.wide);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  context.clearRect(0, 0, width, height);
  const wide = (width / layout.wide) * view.scale;
  const high = wide * layout.tall;
  for (const cell of layout.cells) {
    const x = cell.at * wide - view.x * width * view.scale;
    const y = cell.down * high - view.y * height * view.scale;
    const from = strip(cell.column);
    if (!from || cell.row >= from.rows || x + wide < 0 || y + high < 0 || x > width || y > height) continue;
    drawCell(context, from, cell.row, x + GAP / 2, y + GAP / 2, wide - GAP, high - GAP);
  }
}

/**
 * One drawing, stretched to a rectangle.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./pictures.js").Strip} strip
 * @param {number} row
 * @param {number} x
 * @param {number} y
 * @param {number} wide
 * @param {number} high
 */
export function drawCell(context, strip, row, x, y, wide, high) {
  context.imageSmoothingEnabled = wide < 2 * strip.wide; // much enlarged pixels stay pixels
  context.imageSmoothingQuality = "high";
  context.drawImage(strip.image, strip.x, strip.y + row * strip.pitch, strip.wide, strip.high, x, y, wide, high);
}
