// The reactive graph: signals, computeds, effects and scopes. The same algorithm as kernel/reactive, held to the same
// cases (tests/kernel/reactive). A write pushes marks down the subscribers without running anything, stopping at marked
// nodes; a flush pulls: each queued effect validates its dependencies in the order it read them, recomputes a marked
// one first and stops at the first real change. Marks are cleared before a node runs, so each node runs at most once
// per wave. Links are kept when a run reads the same dependencies again, so a stable graph allocates nothing.
// Neither marking nor validating recurses.

const PENDING = 1, DIRTY = 2, RUNNING = 4, QUEUED = 8, DEAD = 16, EFFECT = 32;
const LATE = 2 ** 40; // added to the number of effects that run after all others of a wave (onUpdate)
const MAX_WAVES = 100;

let active = null; // the node whose reads are being recorded
let owner = null; // the effect or scope that owns what is made now
let depth = 0; // open batches
let made = 0;
let run_count = 0;
let queue = [];
let flushing = false;
let scheduled = false;

// Hooks: when to flush (at once, unless set) and where errors of effects go (set by main.js).
export const hooks = {
  schedule: null,
  report: null,
  endless: null, // what is reported when updates do not end (R0019)
  mismatch: null, // told of differences found by adoption
};

function make_node(value, fn, marks) {
  return { value, fn, marks, id: ++made, error: null, run: 0, deps: null, tail: null, subs: null, subs_tail: null, owned: null };
}

// What a live value throws that has not come yet: its readers stay as they are until it does.
export const MISSING = new Error("not loaded");

export function same(a, b) {
  return a === b || (a !== a && b !== b) || (a !== null && typeof a === "object" && a.flin_same !== undefined && a.flin_same(b));
}

// Links.

function link(dep, sub) {
  const last = sub.tail;
  if (last !== null && last.dep === dep) return;
  const next = last === null ? sub.deps : last.next_dep;
  if (next !== null && next.dep === dep) {
    next.run = sub.run;
    sub.tail = next;
    return;
  }
  const newest = dep.subs_tail;
  if (newest !== null && newest.sub === sub && newest.run === sub.run) return;
  const made_link = { dep, sub, run: sub.run, next_dep: next, prev_sub: newest, next_sub: null };
  sub.tail = made_link;
  if (last === null) sub.deps = made_link;
  else last.next_dep = made_link;
  dep.subs_tail = made_link;
  if (newest === null) dep.subs = made_link;
  else newest.next_sub = made_link;
}

function unlink_from(first) {
  for (let l = first; l !== null; l = l.next_dep) {
    const { dep, prev_sub, next_sub } = l;
    if (next_sub === null) dep.subs_tail = prev_sub;
    else next_sub.prev_sub = prev_sub;
    if (prev_sub === null) dep.subs = next_sub;
    else prev_sub.next_sub = next_sub;
  }
}

// Runs the node's function and records what it reads; the links that were not read again go.
function tracked_run(node) {
  const outer = active;
  active = node;
  node.tail = null;
  node.run = ++run_count;
  node.marks = (node.marks & ~(PENDING | DIRTY)) | RUNNING;
  try {
    return node.fn();
  } finally {
    active = outer;
    node.marks &= ~RUNNING;
    const stale = node.tail === null ? node.deps : node.tail.next_dep;
    if (stale !== null) {
      if (node.tail === null) node.deps = null;
      else node.tail.next_dep = null;
      unlink_from(stale);
    }
  }
}

// Push.

function mark(signal_node) {
  let level = DIRTY;
  const stack = [signal_node];
  while (stack.length > 0) {
    for (let l = stack.pop().subs; l !== null; l = l.next_sub) {
      const sub = l.sub, seen = sub.marks & (PENDING | DIRTY);
      sub.marks |= level;
      if (sub.marks & EFFECT) enqueue(sub);
      else if (!seen) stack.push(sub);
    }
    level = PENDING;
  }
}

function enqueue(node) {
  if (node.marks & (QUEUED | DEAD)) return;
  node.marks |= QUEUED;
  queue.push(node);
}

function changed(node) {
  mark(node);
  if (depth === 0) settle();
}

// Pull.

function recompute(node) {
  const old = node.value, old_error = node.error;
  node.error = null;
  const outer = owner;
  owner = null;
  try {
    node.value = tracked_run(node);
  } catch (error) {
    node.error = error;
  } finally {
    owner = outer;
  }
  if (node.error === old_error && same(old, node.value)) return;
  for (let l = node.subs; l !== null; l = l.next_sub) if (l.sub.marks & PENDING) l.sub.marks |= DIRTY;
}

// After it a node that was Pending is either Dirty or clean.
function validate(node) {
  const stack = [];
  let sub = node, l = node.deps;
  for (;;) {
    if (l === null || sub.marks & DIRTY) {
      if (sub === node) break;
      if (sub.marks & DIRTY) recompute(sub);
      else sub.marks &= ~PENDING;
      const up = stack.pop();
      sub = up.sub;
      l = up.next_dep;
      continue;
    }
    const dep = l.dep;
    if (dep.marks & DIRTY) {
      recompute(dep);
      l = l.next_dep;
    } else if (dep.marks & PENDING) {
      stack.push(l);
      sub = dep;
      l = dep.deps;
    } else {
      l = l.next_dep;
    }
  }
  if (!(node.marks & DIRTY)) node.marks &= ~PENDING;
}

function read(node) {
  if (node.fn !== null && !(node.marks & DEAD)) {
    if (node.marks & RUNNING) throw new Error("value depends on itself");
    if ((node.marks & (PENDING | DIRTY)) === PENDING) validate(node);
    if (node.marks & DIRTY) recompute(node);
  }
  if (active !== null) link(node, active);
  if (node.error !== null) throw node.error;
  return node.value;
}

// Effects and ownership.

function own(thing) {
  if (owner !== null) (owner.owned ??= []).push(thing);
}

function dispose_owned(node) {
  while (node.owned !== null) {
    const list = node.owned;
    node.owned = null;
    const outer_active = active, outer_owner = owner;
    active = owner = null;
    while (list.length > 0) {
      const thing = list.pop();
      if (typeof thing === "function") guarded(thing);
      else dispose_node(thing);
    }
    active = outer_active;
    owner = outer_owner;
  }
}

function dispose_node(node) {
  if (node.marks & DEAD) return;
  node.marks |= DEAD;
  dispose_owned(node);
  if (node.marks & RUNNING) return; // its reads go when the run ends
  release(node);
}

function release(node) {
  unlink_from(node.deps);
  node.deps = node.tail = null;
}

function guarded(fn) {
  try {
    fn();
  } catch (error) {
    hooks.report(error);
  }
}

function run_effect(node) {
  dispose_owned(node);
  const outer = owner;
  owner = node;
  depth++;
  try {
    tracked_run(node);
  } catch (error) {
    if (error !== MISSING) hooks.report(error);
  } finally {
    depth--;
    owner = outer;
  }
  if (node.marks & DEAD) {
    dispose_owned(node);
    release(node);
  }
}

function settle() {
  if (flushing || queue.length === 0) return;
  if (hooks.schedule === null) flush();
  else if (!scheduled) {
    scheduled = true;
    hooks.schedule(flush);
  }
}

const by_id = (a, b) => a.id - b.id;

// Runs the queued effects in waves until nothing is queued.
export function flush() {
  if (flushing) return;
  flushing = true;
  scheduled = false;
  try {
    for (let waves = 0; queue.length > 0; waves++) {
      const wave = queue.sort(by_id);
      queue = [];
      if (waves === MAX_WAVES) {
        for (const node of wave) node.marks &= ~QUEUED;
        hooks.report(hooks.endless);
        break;
      }
      for (const node of wave) {
        node.marks &= ~QUEUED;
        if (node.marks & DEAD) continue;
        if ((node.marks & (PENDING | DIRTY)) === PENDING) validate(node);
        if (node.marks & DIRTY) run_effect(node);
      }
    }
  } finally {
    flushing = false;
  }
}

// The interface.

export function signal(value) {
  const node = make_node(value, null, 0);
  const get = () => read(node);
  get.peek = () => node.value;
  get.set = (next) => {
    if (same(node.value, next)) return;
    node.value = next;
    changed(node);
  };
  return get;
}

export function computed(fn) {
  const node = make_node(undefined, fn, DIRTY);
  own(node);
  const get = () => read(node);
  get.dispose = () => dispose_node(node);
  return get;
}

// Runs fn now and again after changes of what it read; gives the function that ends it.
export function effect(fn, late = false) {
  const node = make_node(undefined, fn, EFFECT);
  if (late) node.id += LATE;
  own(node);
  run_effect(node);
  if (depth === 0) settle();
  return () => dispose_node(node);
}

// Runs fn untracked; what it makes belongs to the scope. Gives [result, dispose]. A detached scope has no owner;
// one whose fn throws is disposed at once.
export function scope(fn, detached = false) {
  const node = make_node(undefined, null, 0);
  if (!detached) own(node);
  const outer_owner = owner, outer_active = active;
  owner = node;
  active = null;
  try {
    return [fn(), () => dispose_node(node)];
  } catch (error) {
    dispose_node(node);
    throw error;
  } finally {
    owner = outer_owner;
    active = outer_active;
  }
}

export function on_cleanup(fn) {
  own(fn);
}

export function batch(fn) {
  depth++;
  try {
    return fn();
  } finally {
    if (--depth === 0) settle();
  }
}

export function untracked(fn) {
  const outer = active;
  active = null;
  try {
    return fn();
  } finally {
    active = outer;
  }
}

// Changes in place: a list, map or field of an entity has a signal of its own once something has read it.

const objects = new WeakMap();

export function track(object, key = "") {
  if (active === null) return object;
  let nodes = objects.get(object);
  if (nodes === undefined) objects.set(object, (nodes = new Map()));
  let node = nodes.get(key);
  if (node === undefined) nodes.set(key, (node = make_node(0, null, 0)));
  link(node, active);
  return object;
}

export function touch(object, key = "") {
  const node = objects.get(object)?.get(key);
  if (node !== undefined) changed(node);
  return object;
}
