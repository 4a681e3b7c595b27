// What `p` is in page modules and components: the cells, props and live values of one instance (W 8).

import { run_handler } from "./events.js";
import { current_path } from "./path.js";
import { computed, effect, on_cleanup } from "./signals.js";

export class Instance {
  constructor(view, module, path) {
    Object.assign(this, { view, module, path, props: {} });
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

  // The shortest scope that holds everything a live value depends on (W 4.2): the item of a loop, this instance, or nothing.
  live_scope({ loop, in: inputs }) {
    if (loop === undefined) return inputs ? this.path : "";
    const path = current_path();
    return path.slice(0, path.indexOf("/", `/${path}`.lastIndexOf(`/b${loop}:`)) >>> 0);
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
