// Modifiers of events (L 10.8); debounce and throttle are for plain scripts too (W 5).

import { modifiers } from "../events.js";
import { on_cleanup } from "../signals.js";

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

for (const [name, delay] of [["debounce", debounce], ["throttle", throttle]])
  modifiers[name] = (next, ms) => {
    const key = {};
    on_cleanup(() => forget(key));
    return (event) => delay(key, () => next(event), ms);
  };

const KEYS = { enter: "Enter", escape: "Escape", tab: "Tab", space: " ", up: "ArrowUp", down: "ArrowDown", left: "ArrowLeft", right: "ArrowRight", delete: "Delete" };
for (const name in KEYS) modifiers[name] = (next) => (event) => event.key === KEYS[name] && next(event);
for (const name of ["ctrl", "shift", "alt", "meta"]) modifiers[name] = (next) => (event) => event[name + "Key"] && next(event);

modifiers.stop = (next) => (event) => (event.stopPropagation(), next(event));
modifiers.self = (next) => (event) => event.target === event.currentTarget && next(event);
modifiers.once = (next) => {
  let ran = false;
  return (event) => !ran && ((ran = true), next(event));
};
