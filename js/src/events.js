// Event handlers with modifiers (L 10.8).

import { batch, hooks, untracked } from "./signals.js";

// name -> (next, argument) => listener: what a modifier puts in front of the listener `next`. library/modifiers.js has the others.
export const modifiers = { prevent: (next) => (event) => (event.preventDefault(), next(event)) };

// Runs a handler as one batch; if its value is a function, that is called too (L 6.7). Failures are reported, also later ones.
export function run_handler(fn, event) {
  batch(() =>
    untracked(() => {
      try {
        let result = fn(event);
        if (typeof result === "function") result = result(event);
        result?.then?.(null, hooks.report);
      } catch (error) {
        hooks.report(error);
      }
    }),
  );
}

// Modifiers are applied left to right; one with an argument is [name, argument].
export function listen(element, type, names, fn) {
  const wrap = (next, modifier) => {
    const [name, argument] = [modifier].flat();
    return modifiers[name](next, argument);
  };
  element.addEventListener(type, names.reduceRight(wrap, (event) => run_handler(fn, event)));
}
