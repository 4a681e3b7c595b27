// What nearly every page computes with: checked ints, equality, what a loop goes over. The other operators are in
// library/operators.js. Names that end in `_int` are for operands whose static type is int (R0010 outside the browser's range, L 3.1).

import { Row, fail } from "./kinds.js";
import { track } from "./signals.js";
import { text_library } from "./text.js";

export const is_int = Number.isSafeInteger;

// Gives an int, never -0; R0010 outside -(2^53-1) .. 2^53-1.
export function int_result(value) {
  return is_int(value) ? value + 0 : fail("R0010", "integer overflow");
}

export const add_int = (a, b) => int_result(a + b);
export const sub_int = (a, b) => int_result(a - b);
// L 3.8: structural; entities by type and id once saved; functions by identity.
export function eq(a, b) {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return (a ?? null) === (b ?? null);
  if (a.flin_equal) return a.flin_equal(b);
  if (a.flin_same) return a.flin_same(b);
  if (a instanceof Row) return b instanceof Row && a.$type === b.$type && a.id !== 0 && a.id === b.id;
  return Array.isArray(a) && Array.isArray(b) && track(a).length === track(b).length && a.every((item, i) => eq(item, b[i]));
}

// What a `for` goes over, taken as it is now: items of a list, code points, keys of a map, nothing for none.
export function items_of(xs) {
  if (Array.isArray(xs)) return track(xs).slice();
  if (typeof xs === "string") return Array.from(xs);
  if (xs?.flin_items) return xs.flin_items();
  return xs === null || xs === undefined ? [] : fail("R0018", `cannot loop over ${text_library.type_of(xs)}`);
}
