// What `p` is in page modules and components: the cells, props and live values of one instance (W 8).

import { run_handler } from "./events.js";
import { current_path } from "./path.js";
import { computed, effect, on_cleanup } from "./signals.js";

export class Instance {
  constructor(view, module, path) {
    Object.assign(this, { view, module, path });
  }

  address(name) {
    return this.path === "" ? name : `${this.path}.${name}`;
  }

  cell(name) {
    return this.view.cell(this.address(name), this.module.cells?.[name] ?? "any");
  }

  live(id) {
    const row = this.module.live[id];
    const inputs = this.own_inputs(row).map((name) => this.address(name));
    const live = this.view.live(id, row, this.live_scope(row), inputs);
    return () => live.get();
  }

  // The shortest scope that holds everything a live value depends on (W 4.2): the item of a loop, which is being made, this
  // instance, or nothing.
  live_scope({ loop, in: inputs }) {
    return loop === undefined ? (inputs ? this.path : "") : current_path();
  }

  // The names of a live value's inputs that the browser gives; components have props too (library/components.js).
  own_inputs(row) {
    return row.in ?? [];
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

  // The inputs that the browser gives for this instance's live values: [{name, get, type}].
  inputs() {
    const names = new Set(Object.values(this.module.live ?? {}).flatMap((row) => this.own_inputs(row)));
    return Array.from(names, (name) => this.input(name));
  }

  input(name) {
    return { name, get: this.cell(name), type: [this.module.cells[name]].flat()[0] };
  }
}
