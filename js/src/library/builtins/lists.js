// Built-ins of L 24.4. Functions get (item) or (item, index). What changes a list in place tells the graph.

import { eq } from "../../basics.js";
import { fail } from "../../kinds.js";
import { touch, track } from "../../signals.js";
import { FlinMap, Tuple } from "../kinds.js";
import { add, compare, div, expect_int, int_range, points, position, wrong_type } from "../operators.js";
import { b_random_int } from "./numbers.js";
import { invalid } from "./texts.js";

const list_of = (xs) => (Array.isArray(xs) ? track(xs) : wrong_type("list", xs));
const none = (x) => x ?? null;

// In place.

export function b_push(xs, ...items) {
  xs.push(...items);
  return touch(xs).length;
}

export function b_unshift(xs, ...items) {
  xs.unshift(...items);
  return touch(xs).length;
}

export function b_insert_at(xs, i, item) {
  const at = i === xs.length ? i : position(xs, i);
  xs.splice(at, 0, item);
  return touch(xs).length;
}

export function b_pop(xs) {
  const item = none(xs.pop());
  touch(xs);
  return item;
}

export function b_shift(xs) {
  const item = none(xs.shift());
  touch(xs);
  return item;
}

export function b_remove_at(xs, i) {
  const [item] = xs.splice(position(xs, i), 1);
  touch(xs);
  return item;
}

export function b_splice(xs, i, n, ...items) {
  const removed = xs.splice(i === xs.length ? i : position(xs, i), Math.max(n, 0), ...items);
  touch(xs);
  return removed;
}

// Reading.

export const b_first = (xs) => none(list_of(xs)[0]);
export const b_last = (xs) => none(list_of(xs)[xs.length - 1]);
export const b_rest = (xs) => list_of(xs).slice(1);
export const b_concat = (...lists) => lists.flatMap((xs) => list_of(xs));
export const b_flatten = (xs) => list_of(xs).flatMap((x) => (Array.isArray(x) ? track(x) : [x]));
export const b_compact = (xs) => list_of(xs).filter(Boolean);
export const b_map = (xs, f) => list_of(xs).map((x, i) => f(x, i));
export const b_flat_map = (xs, f) => b_flatten(b_map(xs, f));
export const b_filter = (xs, f) => list_of(xs).filter((x, i) => f(x, i));
export const b_where = b_filter;
export const b_reject = (xs, f) => list_of(xs).filter((x, i) => !f(x, i));
export const b_find = (xs, f) => none(list_of(xs).find((x, i) => f(x, i)));
export const b_find_index = (xs, f) => list_of(xs).findIndex((x, i) => f(x, i));
export const b_some = (xs, f) => list_of(xs).some((x, i) => f(x, i));
export const b_any = b_some;
export const b_every = (xs, f) => list_of(xs).every((x, i) => f(x, i));
export const b_all = b_every;

export function b_get(x, key, otherwise = null) {
  if (x instanceof FlinMap) return x.has(key) ? x.get(key) : otherwise;
  if (typeof x === "string") return points(x).at(key) ?? "";
  const at = key < 0 ? key + list_of(x).length : key;
  return none(x[at]);
}

export function b_each(xs, f) {
  list_of(xs).slice().forEach((x, i) => f(x, i));
  return null;
}

export function b_reduce(xs, f, ...init) {
  if (init.length === 0 && list_of(xs).length === 0) invalid("reduce of an empty list without a first value");
  return list_of(xs).reduce((sum, x) => f(sum, x), ...init);
}

export function b_shuffle(xs) {
  const out = list_of(xs).slice();
  for (let i = out.length - 1; i > 0; i--) {
    const j = b_random_int(0, i);
    [out[i], out[j]] = [out[j], out[i]];
  }
  return out;
}

// Sets of items.

// Collects items, the first of equals; texts, ints and bools by their value, others by comparing.
function collector() {
  const plain = new Set(), others = [];
  const has = (x) => (typeof x !== "object" || x === null ? plain.has(x) && x === x : others.some((y) => eq(x, y)));
  const take = (x) => {
    if (has(x)) return false;
    if (typeof x !== "object" || x === null) plain.add(x);
    else others.push(x);
    return true;
  };
  return { has, take };
}

function collected(xs) {
  const seen = collector();
  for (const x of list_of(xs)) seen.take(x);
  return seen;
}

export const b_unique = (xs) => list_of(xs).filter(collector().take);
export const b_union = (a, b) => b_unique(b_concat(a, b));

export function b_intersection(a, b) {
  const other = collected(b);
  return b_unique(a).filter(other.has);
}

export function b_difference(a, b) {
  const other = collected(b);
  return b_unique(a).filter((x) => !other.has(x));
}

export const b_symmetric_difference = (a, b) => b_concat(b_difference(a, b), b_difference(b, a));

// Order. `f(a, b)` gives a number, or whether a comes before b.
export function b_sort(xs, f) {
  const by = f === undefined ? compare : (a, b) => {
    const order = f(a, b);
    return typeof order === "boolean" ? (order ? -1 : f(b, a) ? 1 : 0) : order;
  };
  return list_of(xs).slice().sort((a, b) => by(a, b) || 0);
}

export function b_sort_by(xs, f, direction = "asc") {
  if (direction !== "asc" && direction !== "desc") invalid('the direction is "asc" or "desc"');
  const turn = direction === "desc" ? -1 : 1;
  return list_of(xs).map((x) => [x, f(x)]).sort(([, a], [, b]) => turn * compare(a, b) || 0).map(([x]) => x);
}

// Numbers of a list.

const values_of = (xs, f) => (f === undefined ? list_of(xs) : b_map(xs, f));
export const b_sum = (xs, f) => (list_of(xs).length === 0 ? 0 : values_of(xs, f).reduce((a, b) => add(a, b)));
export const b_avg = (xs, f) => (list_of(xs).length === 0 ? null : div(b_sum(xs, f), xs.length));
export const b_count = (xs, f) => (f === undefined ? list_of(xs).length : b_filter(xs, f).length);

export function b_median(xs) {
  const sorted = b_sort(xs), middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[middle] : div(add(sorted[middle - 1], sorted[middle]), 2);
}

function best_by(xs, f, wanted) {
  let found = null, value;
  for (const x of list_of(xs)) {
    const now = f(x);
    if (value === undefined || compare(now, value) === wanted) [found, value] = [x, now];
  }
  return found;
}

export const b_min_by = (xs, f) => best_by(xs, f, -1);
export const b_max_by = (xs, f) => best_by(xs, f, 1);

// Groups.

export function b_group_by(xs, f) {
  const groups = new FlinMap();
  for (const x of list_of(xs)) {
    const key = f(x);
    if (groups.has(key)) groups.get(key).push(x);
    else groups.set(key, [x]);
  }
  return groups;
}

export function b_count_by(xs, f) {
  const counts = new FlinMap();
  for (const x of list_of(xs)) {
    const key = f(x);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

export const b_partition = (xs, f) => new Tuple(b_filter(xs, f), b_reject(xs, f));

export function b_chunk(xs, n) {
  if (n < 1) invalid(`chunks of ${n}`);
  const out = [];
  for (let i = 0; i < list_of(xs).length; i += n) out.push(xs.slice(i, i + n));
  return out;
}

export const b_take = (xs, n) => list_of(xs).slice(0, Math.max(expect_int(n), 0));
export const b_drop = (xs, n) => list_of(xs).slice(Math.max(expect_int(n), 0));
export const b_enumerate = (xs) => list_of(xs).map((x, i) => new Tuple(i, x));
export const b_zip_with = (xs, ys, f) => list_of(xs).slice(0, list_of(ys).length).map((x, i) => f(x, ys[i]));
export const b_zip = (xs, ys) => b_zip_with(xs, ys, (x, y) => new Tuple(x, y));
export const b_zip_map = (keys, values) => new FlinMap(b_zip_with(keys, values, (k, v) => [k, v]));
export const b_range = int_range;
export const b_fail = (message, code = "") => {
  throw typeof message === "string" ? Object.assign(failure(message), code && { code }) : message;
};

function failure(message) {
  try {
    return fail("R0016", message);
  } catch (error) {
    return error;
  }
}
