/** Elements from plain values: text is always text, never markup. */

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] `class`, `text`, `on` (event -> handler), `data` (dataset), `css` (custom
 *   properties); booleans set or leave out an attribute, anything else becomes one
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "text") node.textContent = value;
    else if (name === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name === "css") for (const [key, given] of Object.entries(value)) node.style.setProperty(key, given);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child || child === 0));
  return node;
}

/**
 * A labelled `<select>`.
 * @param {string} label
 * @param {[string, string][]} options value and text
 * @param {string} value the chosen one
 * @param {(value: string) => void} choose
 */
export function choice(label, options, value, choose) {
  const select = /** @type {HTMLSelectElement} */ (el("select", { "aria-label": label }));
  select.append(...options.map(([key, text]) => el("option", { value: key, text, selected: key === value })));
  select.addEventListener("change", () => choose(select.value));
  return select;
}

/**
 * Buttons of which one is pressed.
 * @param {string} label of the group
 * @param {[string, string][]} options value and text
 * @param {string} value
 * @param {(value: string) => void} choose
 */
export function segments(label, options, value, choose) {
  const buttons = options.map(([key, text]) =>
    el("button", { type: "button", text, "aria-pressed": String(key === value), on: { click: () => press(key) } }),
  );
  const press = (/** @type {string} */ chosen) => {
    options.forEach(([key], index) => buttons[index].setAttribute("aria-pressed", String(key === chosen)));
    choose(chosen);
  };
  return el("div", { class: "segments", role: "group", "aria-label": label }, ...buttons);
}

/** @param {string} sentence @param {...(Node | string)} more */
export function empty(sentence, ...more) {
  return el("p", { class: "empty" }, sentence, ...more);
}
