/** Elements from plain values: text is always text, never markup. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [props] `class`, `text`, `on` (event -> handler), `data` (dataset), `css` (custom
 *   properties); booleans set or leave out an attribute, anything else becomes one
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[Tag]}
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
  for (const child of children) if (child) node.append(child);
  return node;
}

/** The element that the page has. @param {string} id @returns {HTMLElement} */
export function need(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** @param {string} id @returns {HTMLInputElement} */
export function input(id) {
  return /** @type {HTMLInputElement} */ (need(id));
}

/** Words of a class. @param {string} kind @param {string} text @param {Record<string, any>} [props] */
export function span(kind, text, props = {}) {
  return el("span", { class: kind, text, ...props });
}

/** @param {string | null} text @param {() => void} click @param {Record<string, any>} [props] */
export function button(text, click, props = {}) {
  return el("button", { type: "button", text, on: { click }, ...props });
}

/** A labelled box to check. @param {string} label @param {boolean} checked @param {(checked: boolean) => void} change */
export function checkbox(label, checked, change) {
  const box = el("input", { type: "checkbox", checked, on: { change: () => change(box.checked) } });
  return el("label", {}, box, label);
}

/**
 * A labelled `<select>`.
 * @param {string} label
 * @param {Record<string, string>} options value -> text
 * @param {string} value the chosen one
 * @param {(value: string) => void} choose
 */
export function choice(label, options, value, choose) {
  const select = el("select", { "aria-label": label, on: { change: () => choose(select.value) } });
  select.append(
    ...Object.entries(options).map(([key, text]) => el("option", { value: key, text, selected: key === value })),
  );
  return select;
}

/**
 * Buttons in a group.
 * @param {string} label
 * @param {Node[]} buttons
 */
export function group(label, buttons) {
  return el("div", { class: "segments", role: "group", "aria-label": label }, ...buttons);
}

/**
 * Buttons of which one is pressed.
 * @param {string} label of the group
 * @param {Record<string, string>} options value -> text
 * @param {string} value
 * @param {(value: string) => void} choose
 */
export function segments(label, options, value, choose) {
  const buttons = Object.entries(options).map(([key, text]) =>
    button(text, () => press(key), { "aria-pressed": String(key === value), data: { key } }),
  );
  const node = group(label, buttons);
  const press = (/** @type {string} */ chosen) => {
    showPressed(node, chosen);
    choose(chosen);
  };
  return node;
}

/** Which of the buttons is pressed, where it was chosen elsewhere. @param {HTMLElement} node of `segments` @param {string} value */
export function showPressed(node, value) {
  for (const each of node.querySelectorAll("button"))
    each.setAttribute("aria-pressed", String(each.dataset.key === value));
}

/** @param {string} kind its class @param {Node[]} head cells @param {...Node[]} bodies groups of rows */
export function table(kind, head, ...bodies) {
  const groups = bodies.map((rows) => el("tbody", {}, ...rows));
  return el("table", { class: kind }, el("thead", {}, el("tr", {}, ...head)), ...groups);
}

/** Where something wide scrolls, by keyboard too. @param {string} label @param {...Node} children */
export function scroller(label, ...children) {
  return el("div", { class: "panel scroller", tabindex: 0, role: "region", "aria-label": label }, ...children);
}

/** A colour beside a name. @param {string | undefined} color @param {boolean} [dashed] whether its line is */
export function swatch(color, dashed = false) {
  return el("span", { class: dashed ? "swatch dashed" : "swatch", css: { "--color": color } });
}

/** @param {string} sentence @param {...(Node | string)} more */
export function empty(sentence, ...more) {
  return el("p", { class: "empty" }, sentence, ...more);
}
