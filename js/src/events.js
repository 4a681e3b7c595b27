// Event handlers with modifiers (L 10.8), and the timers behind debounce and throttle (W 5).

import { batch, hooks, on_cleanup, untracked } from "./signals.js";

const timers = new Map();

// Runs fn once, `ms` after the last call with this key.
export function debounce(key, fn, ms = 300) {
  clearTimeout(timers.get(key));
  timers.set(key, setTimeout(() => {
    timers.delete(key);
    fn();
  }, ms));
}

// Runs the first call at once, then at most one per interval: the last one, at its end.
export function throttle(key, fn, ms = 300) {
  const running = timers.get(key);
  if (running !== undefined) return void (running.last = fn);
  const entry = { last: null };
  timers.set(key, entry);
  fn();
  entry.timer = setTimeout(() => {
    timers.delete(key);
    if (entry.last !== null) throttle(key, entry.last, ms);
  }, ms);
}

function forget(key) {
  clearTimeout(timers.get(key)?.timer ?? timers.get(key));
  timers.delete(key);
}

const KEYS = { enter: "Enter", escape: "Escape", tab: "Tab", space: " ", up: "ArrowUp", down: "ArrowDown", left: "ArrowLeft", right: "ArrowRight", delete: "Delete" };
const DELAYS = { debounce, throttle };

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
  if (name in DELAYS) {
    const key = {};
    on_cleanup(() => forget(key));
    return (event) => DELAYS[name](key, () => next(event), ms);
  }
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
