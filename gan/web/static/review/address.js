/** What was chosen, in the fragment of the address: a link shows somebody else the same, and going back goes back. */

/** Names in the address -> names in the model. */
const NAMES = /** @type {const} */ ({ run: "chosen", metric: "metrics" });
const PLAIN = /** @type {const} */ (["side", "layout", "axis"]);

/** @param {import("./model.js").Model} model @returns {boolean} whether the address says which runs are chosen */
export function readAddress(model) {
  const query = new URLSearchParams(location.hash.slice(1));
  for (const [name, key] of Object.entries(NAMES)) {
    if (query.has(name)) model.state[key] = query.getAll(name).filter(Boolean);
  }
  for (const name of PLAIN) {
    const allowed = { side: ["val", "train"], layout: ["grids", "rows"], axis: ["step", "time"] }[name];
    const value = query.get(name);
    if (value && allowed.includes(value)) model.state[name] = value;
  }
  if (/^\d+$/.test(query.get("step") || "")) model.state.step = Number(query.get("step"));
  return query.has("run");
}

/** @param {import("./model.js").Model} model */
export function keepAddress(model) {
  const write = () => {
    const { state } = model;
    const query = new URLSearchParams();
    for (const id of state.chosen) query.append("run", id);
    if (!state.chosen.length) query.append("run", "");
    for (const name of state.metrics || []) query.append("metric", name);
    for (const name of PLAIN) if (!["val", "grids", "step"].includes(state[name])) query.set(name, state[name]);
    if (Number.isFinite(state.step)) query.set("step", String(state.step));
    history.replaceState(null, "", `#${query}`);
  };
  let timer = 0;
  model.on(["chosen", "metrics", "step", ...PLAIN], () => {
    clearTimeout(timer);
    timer = window.setTimeout(write, 300); // a browser takes only so many changes a second
  });
}
