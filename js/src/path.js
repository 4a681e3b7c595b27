// Where nodes are being made: the path of dynamic places (W 4.2: steps like `b4:7`, `c2`, `s0`, joined by `/`) and the
// instance whose view is being shown.

let path = "";
let instance = null;

export const current_path = () => path;
export const current_instance = () => instance;

// Runs fn with another path and instance.
export function run_in(at, owner, fn) {
  const outer = path, outer_instance = instance;
  path = at;
  instance = owner;
  try {
    return fn();
  } finally {
    path = outer;
    instance = outer_instance;
  }
}

export const step_below = (step) => (path === "" ? step : `${path}/${step}`);

// Runs fn one step further in.
export function inner_path(step, fn) {
  return run_in(step_below(step), instance, fn);
}

// A function that will run in the path of now, whenever it is called.
export function in_path(fn) {
  const at = path, owner = instance;
  return (...args) => run_in(at, owner, () => fn(...args));
}
