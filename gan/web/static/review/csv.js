/** Tables and curves as files that a spreadsheet opens. */

import { button, el } from "../shared/elements.js";

/**
 * A button that saves rows as a file.
 * @param {string} name of the file, without its ending
 * @param {() => (string | number)[][]} rows
 */
export function csvButton(name, rows) {
  const save = () => {
    const text = rows().map((row) => row.map(quoted).join(",") + "\r\n");
    const address = URL.createObjectURL(new Blob(["\ufeff", ...text], { type: "text/csv" }));
    el("a", { href: address, download: `${name}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  return button("CSV", save, { title: `Save as ${name}.csv`, "aria-label": `CSV: save as ${name}.csv` });
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
