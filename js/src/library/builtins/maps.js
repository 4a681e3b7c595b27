// Built-ins of L 24.5.

import { track } from "../../signals.js";
import { FlinMap, Tuple } from "../kinds.js";

const from_pairs = (pairs) => new FlinMap(pairs);

export const b_keys = (m) => Array.from(m, ([k]) => k);
export const b_values = (m) => Array.from(m, ([, v]) => v);
export const b_entries = (m) => Array.from(m, ([k, v]) => new Tuple(k, v));

export function b_from_entries(list) {
  const map = new FlinMap();
  for (const entry of track(list)) map.set(...(entry instanceof Tuple ? entry.items : entry));
  return map;
}

export const b_has_key = (m, k) => m.has(k);

export function b_set(m, k, v) {
  m.set(k, v);
  return null;
}

export function b_delete_key(m, k) {
  const value = m.get(k);
  m.delete(k);
  return value;
}

const is_key = (keys) => {
  const wanted = from_pairs(track(keys).map((k) => [k, true]));
  return ([k]) => wanted.has(k);
};

export const b_pick = (m, keys) => from_pairs([...m].filter(is_key(keys)));
export const b_omit = (m, keys) => from_pairs([...m].filter((entry) => !is_key(keys)(entry)));

export function b_merge(...maps) {
  const merged = new FlinMap();
  for (const map of maps) for (const [k, v] of map) merged.set(k, v);
  return merged;
}

export const b_map_values = (m, f) => from_pairs(Array.from(m, ([k, v]) => [k, f(v)]));

export function b_clone(x) {
  if (Array.isArray(x)) return track(x).map(b_clone);
  if (x instanceof FlinMap) return b_map_values(x, b_clone);
  return x instanceof Tuple ? new Tuple(...x.items.map(b_clone)) : x;
}
