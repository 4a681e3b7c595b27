// Components: instances with cells, props and slots of their own (L 9, W 8).

import { block, fill, walk } from "../dom.js";
import { Instance } from "../instance.js";
import { page_hooks } from "../page.js";
import { current_instance, in_path, run_in, step_below } from "../path.js";
import { computed, on_cleanup, untracked } from "../signals.js";

// Fills a block that never changes as a whole: component uses and slots. `show(at)` walks its nodes.
function fixed_block(show) {
  return block((start, end, adopting) => void fill(start.parentNode, start.nextSibling, end, adopting, show));
}

const opened = new Map(); // scope that the browser opens -> its instance
let coming = new Map(), going = []; // since the last `cells` message

const inputs_by_scope = (view, instances) => Object.fromEntries(Array.from(instances, ([path, p]) => [path, view.inputs_of(p)]));

page_hooks.adopt.push((view, message) => {
  coming.clear();
  if (opened.size > 0) message.open = inputs_by_scope(view, opened);
});

page_hooks.news = (view, message) => {
  if (coming.size > 0) message.open = inputs_by_scope(view, coming);
  if (going.length > 0) message.close = going;
  // What these scopes hold comes by itself.
  const want = message.want?.filter((key) => ![...coming.keys()].some((path) => key.includes(`@${path}`)));
  if (want?.length === 0) delete message.want;
  else if (want) message.want = want;
  coming = new Map();
  going = [];
};

// The browser opens the scope of an instance whose live values read its cells or props (W 4.2).
function open_scope(view, p) {
  on_cleanup(() => {
    for (const address of view.cells.keys()) if (address.startsWith(`${p.path}.`)) view.cells.delete(address);
  });
  if (p.inputs().length === 0) return;
  view.watch(p);
  opened.set(p.path, p);
  if (!view.adopting) coming.set(p.path, p);
  on_cleanup(() => {
    opened.delete(p.path);
    if (!coming.delete(p.path)) going.push(p.path);
  });
}

// An instance with props: getters (functions), or values that never change.
class Used extends Instance {
  constructor(view, module, path, props, slots, given) {
    super(view, module, path);
    Object.assign(this, { slots, given, props: {} });
    for (const name in module.props ?? {}) this.props[name] = this.make_prop(props[name] ?? null);
  }
  prop(name) {
    return this.props[name] ?? (() => null);
  }
  // Cells and props share the inputs of a live value; props are told by their prefix (W 4.2). Those that the server
  // computes itself are no inputs.
  own_inputs(row) {
    const { cells = {} } = this.module;
    return super.own_inputs(row).filter((name) => !this.given.includes(name)).map((name) => (name in cells ? name : `props:${name}`));
  }
  input(name) {
    const prop = name.startsWith("props:") && name.slice(6);
    return prop ? { name, get: this.prop(prop), type: this.module.props[prop] } : super.input(name);
  }
  make_prop(value) {
    return typeof value === "function" ? computed(in_path(value)) : () => value;
  }
}

export function component(module) {
  return module;
}

// A component use: props are getters (functions) or values that never change; slots are name -> () => nodes, "" for the content.
// `given`: props that the server computes, and the props of this instance that it needs for that.
export function use(row, module, props = {}, slots = {}, given = {}) {
  const owner = current_instance();
  const known = Object.keys(given).filter((name) => given[name].every((needed) => owner.given?.includes(needed)));
  const content = Object.fromEntries(Object.entries(slots).map(([name, fn]) => [name, (path, at) => run_in(path, owner, () => walk(fn(), at))]));
  return fixed_block(
    in_path((at) => {
      const path = step_below(`c${row}`), { view } = owner, p = new Used(view, module, path, props, content, known);
      return run_in(path, p, () => {
        if (!view.adopting) untracked(() => module.init?.(p));
        open_scope(view, p);
        const nodes = module.view(p);
        module.setup?.(p);
        walk(nodes, at); // blocks inside belong to this instance too
      });
    }),
  );
}

// What a component shows of its content: what was written at its use, else the default.
export function slot(place, name, otherwise) {
  const { slots } = current_instance();
  return fixed_block(in_path((at) => {
    const written = slots[name];
    if (written) written(step_below(`s${place}`), at);
    else walk(otherwise?.() ?? [], at);
  }));
}
