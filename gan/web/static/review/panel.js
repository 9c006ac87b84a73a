/** One panel of drawings on a canvas: some cells of one run's grid, of each the part that the shared view shows. */

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
 * @param {number} x as a share of the panel
 * @param {number} y
 * @returns {Cell | undefined}
 */
export function cellAt(layout, x, y) {
  const at = Math.floor(x * layout.wide);
  const down = Math.floor(y * layout.high);
  return layout.cells.find((cell) => cell.at === at && cell.down === down);
}

/**
 * Draw a panel, of every drawing the part that is seen.
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
  const wide = width / layout.wide;
  const high = wide * layout.tall;
  for (const { column, row, at, down } of layout.cells) {
    const from = strip(column);
    if (!from || row >= from.rows) continue;
    drawCell(context, from, row, at * wide + GAP / 2, down * high + GAP / 2, wide - GAP, high - GAP, view);
  }
}

/**
 * A frame around the cells of one drawing.
 * @param {HTMLCanvasElement} canvas that was painted
 * @param {Layout} layout
 * @param {number} row
 * @param {string} color
 */
export function frame(canvas, layout, row, color) {
  const context = canvas.getContext("2d");
  const cells = layout.cells.filter((cell) => cell.row === row);
  if (!context || !cells.length) return;
  const wide = canvas.width / layout.wide;
  const high = wide * layout.tall;
  const line = 3 * devicePixelRatio;
  const [first, last] = [cells[0], cells[cells.length - 1]];
  const [x, y] = [first.at * wide, first.down * high];
  context.strokeStyle = color;
  context.lineWidth = line;
  const size = [(last.at + 1) * wide - x - line, (last.down + 1) * high - y - line];
  context.strokeRect(x + line / 2, y + line / 2, size[0], size[1]);
}

/**
 * One drawing, or the part of it that is seen, stretched to a rectangle.
 * @param {CanvasRenderingContext2D} context
 * @param {import("./pictures.js").Strip} strip
 * @param {number} row
 * @param {number} x
 * @param {number} y
 * @param {number} wide
 * @param {number} high
 * @param {{scale: number, x: number, y: number}} seen
 */
export function drawCell(context, strip, row, x, y, wide, high, seen = { scale: 1, x: 0, y: 0 }) {
  const [from, down] = [strip.wide / seen.scale, strip.high / seen.scale];
  const [left, top] = [strip.x + seen.x * strip.wide, strip.y + row * strip.pitch + seen.y * strip.high];
  context.imageSmoothingEnabled = wide < 2 * from; // much enlarged pixels stay pixels
  context.imageSmoothingQuality = "high";
  context.drawImage(strip.image, left, top, from, down, x, y, wide, high);
}
