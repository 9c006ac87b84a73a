/** Tables and curves as files that a spreadsheet opens. */

import { saveButton, saveFile } from "./save.js";

/**
 * A button that saves rows as a file.
 * @param {string} name of the file, without its ending
 * @param {() => (string | number)[][]} rows
 */
export function csvButton(name, rows) {
  return saveButton("CSV", name, (file) => {
    const text = rows().map((row) => row.map(quoted).join(",") + "\r\n");
    saveFile(file, new Blob(["\ufeff", ...text], { type: "text/csv" }));
  });
}

/**
 * What a table shows: of a cell its `data-value`, where it has one, or else its text.
 * @param {ParentNode} place
 */
export function cellsOf(place) {
  return [...place.querySelectorAll("tr")].map((row) =>
    [...row.cells].map((cell) => cell.dataset.value ?? cell.innerText),
  );
}

/**
 * RFC 4180; and a text that a spreadsheet would compute stays a text.
 * @param {string | number} value
 */
function quoted(value) {
  const text = typeof value === "string" && /^[=@+\t\r]|^-(?!\d|\.\d)/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
