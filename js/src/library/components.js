// Components: instances with cells, props and slots of their own (L 9, W 8).

import { fixed_block } from "../dom.js";
import { Instance } from "../instance.js";
import { current_instance, in_path, run_in, step_below } from "../path.js";
import { on_cleanup, untracked } from "../signals.js";

// The browser opens the scope of an instance whose live values read its cells or props (W 4.2).
function open_scope(view, p) {
  on_cleanup(() => {
    for (const address of view.cells.keys()) if (address.startsWith(`${p.path}.`)) view.cells.delete(address);
  });
  if (p.inputs().length === 0) return;
  view.watch(p);
  view.opened.set(p.path, p);
  view.news.open[p.path] = p;
  on_cleanup(() => {
    view.opened.delete(p.path);
    if (p.path in view.news.open) delete view.news.open[p.path];
    else view.news.close.push(p.path);
  });
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
        open_scope(view, p);
        const nodes = module.view(p);
        module.setup?.(p);
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
