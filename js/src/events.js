// Event handlers with modifiers (L 10.8).

import { batch, hooks, untracked } from "./signals.js";

const KEYS = { enter: "Enter", escape: "Escape", tab: "Tab", space: " ", up: "ArrowUp", down: "ArrowDown", left: "ArrowLeft", right: "ArrowRight", delete: "Delete" };

// Modifiers with an argument: name -> (next, argument) => listener. library/timing.js adds debounce and throttle.
export const delays = {};

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

// One step per modifier, left to right: `next` is what comes behind it.
function modified(modifier, next) {
  const [name, ms] = Array.isArray(modifier) ? modifier : [modifier];
  if (name in delays) return delays[name](next, ms);
  if (name in KEYS) return (event) => event.key === KEYS[name] && next(event);
  let ran = false;
  switch (name) {
    case "prevent":
      return (event) => (event.preventDefault(), next(event));
    case "stop":
      return (event) => (event.stopPropagation(), next(event));
    case "self":
      return (event) => event.target === event.currentTarget && next(event);
    case "once":
      return (event) => !ran && ((ran = true), next(event));
    default:
      return (event) => event[name + "Key"] && next(event);
  }
}

export function listen(element, type, modifiers, fn) {
  const listener = modifiers.reduceRight((next, modifier) => modified(modifier, next), (event) => run_handler(fn, event));
  element.addEventListener(type, listener);
}
