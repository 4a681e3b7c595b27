// What `p` is in page modules and components: the cells, props and live values of one instance (W 8).

import { run_handler } from "./events.js";
import { current_instance, current_path, in_path, run_in, step_below } from "./path.js";
import { computed, effect, on_cleanup, untracked } from "./signals.js";
import { fixed_block } from "./dom.js";

export class Instance {
  constructor(view, module, path, props = {}, slots = {}) {
    Object.assign(this, { view, module, path, slots });
    this.props = {};
    for (const name in module.props ?? {}) this.props[name] = this.make_prop(props[name] ?? null);
  }

  make_prop(value) {
    return typeof value === "function" ? computed(in_path(value)) : () => value;
  }

  address(name) {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  cell(name) {
    return this.view.cell(this.address(name), this.module.cells?.[name] ?? "any");
  }

  prop(name) {
    return this.props[name] ?? (() => null);
  }

  live(id) {
    const row = this.module.live[id];
    const inputs = (row.in ?? []).map((name) => this.address(this.input_name(name)));
    return this.view.live(id, row, this.live_scope(row), inputs).get;
  }

  // The shortest scope that holds everything a live value depends on (W 4.2).
  live_scope(row) {
    if (row.loop === undefined) return row.in ? this.path : "";
    const steps = current_path().split("/");
    return steps.slice(0, steps.findLastIndex((step) => step.startsWith(`b${row.loop}:`)) + 1).join("/");
  }

  derived(fn) {
    return computed(fn);
  }

  call(row, inputs = [], event = null) {
    return this.view.call(this, row, inputs, event);
  }

  mount(fn) {
    this.view.after_show(() => run_handler(fn));
  }

  // Runs after updates in which something that `fn` read has changed.
  update(fn) {
    let first = true;
    effect(() => {
      fn(first);
      first = false;
    }, true);
  }

  unmount(fn) {
    on_cleanup(() => run_handler(fn));
  }

  // Cells and props share the inputs of a live value; props are told by their prefix (W 4.2).
  input_name(name) {
    return name in (this.module.cells ?? {}) ? name : `props:${name}`;
  }

  // The input cells and props of this instance's live values: [{name, get, type}].
  inputs() {
    const { live = {}, cells = {}, props = {} } = this.module;
    const names = new Set(Object.values(live).flatMap((row) => row.in ?? []));
    return Array.from(names, (name) => ({
      name: this.input_name(name),
      get: name in cells ? this.cell(name) : this.prop(name),
      type: [cells[name] ?? props[name]].flat()[0],
    }));
  }
}

export function component(module) {
  return module;
}

// A component use: props are getters (functions) or values that never change; slots are name -> () => nodes, "" for the content.
export function use(row, module, props = {}, slots = {}) {
  const owner = current_instance();
  const content = Object.fromEntries(Object.entries(slots).map(([name, fn]) => [name, (path) => run_in(path, owner, fn)]));
  return fixed_block(
    in_path(() => {
      const path = step_below(`c${row}`), { view } = owner, p = new Instance(view, module, path, props, content);
      return run_in(path, p, () => {
        if (!view.adopting) untracked(() => module.init?.(p));
        view.open_scope(p);
        const nodes = module.view(p);
        view.run_setup(p);
        return nodes;
      });
    }),
  );
}

// What a component shows of its content: what was written at its use, else the default.
export function slot(place, name, otherwise) {
  const { slots, path } = current_instance();
  return fixed_block(in_path(() => {
    const written = slots[name];
    return written ? written(`${path}/s${place}`) : (otherwise?.() ?? []);
  }));
}
