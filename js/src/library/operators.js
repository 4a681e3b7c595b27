// The operators of FLIN (L 3, L 4) that look at the kinds of their operands; those on ints, equality and loops are in ../basics.js.

import { add_int, eq, int_result, is_int, sub_int } from "../basics.js";
import { FlinError, Row, fail } from "../kinds.js";
import { touch, track } from "../signals.js";
import { text_library, to_text } from "../text.js";
import { Duration, FlinMap, Money, Time, Tuple, Variant } from "./kinds.js";

export const mul_int = (a, b) => int_result(a * b);
export const neg_int = (a) => 0 - a;

export function mod_int(a, b) {
  return b === 0 ? fail("R0009", "division by zero") : (a % b) + 0;
}

// `int ** literal`: exact or R0010.
export function pow_int(base, exponent) {
  if (base === 1 || base === -1 || base === 0) return base ** (exponent % 2 || (exponent && 2));
  let result = 1;
  for (let n = 0; n < exponent; n++) result = int_result(result * base);
  return result;
}

export const truthy = (value) => !!value;

// The name of a value's type as `type_of` gives it (L 24.2).
export function type_of(value) {
  if (value === null || value === undefined) return "none";
  if (typeof value === "string") return "text";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return is_int(value) ? "int" : "number";
  if (Array.isArray(value)) return "list";
  return value instanceof Row ? value.$type : (value.flin_kind ?? typeof value);
}

text_library.type_of = type_of;

export function wrong_type(expected, value) {
  return fail("R0006", `expected ${expected}, found ${type_of(value)}`);
}

export function expect_number(value) {
  return typeof value === "number" ? value : wrong_type("number", value);
}

export function expect_int(value) {
  return is_int(value) ? value : wrong_type("int", value);
}

export function expect_text(value) {
  return typeof value === "string" ? value : wrong_type("text", value);
}

const is_number = (value) => typeof value === "number";
const is_scalar = (value) => value === null || typeof value !== "object" || value.flin_same !== undefined;

function same_currency(a, b) {
  if (a.currency !== b.currency) fail("R0017", `currencies differ: ${a.currency} and ${b.currency}`);
}

function half_even(x) {
  const low = Math.floor(x), rest = x - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 !== 0) ? low + 1 : low;
}

const whole = (x) => int_result(Math.sign(x) * Math.floor(Math.abs(x) + 0.5)); // whole milliseconds

export function add(a, b) {
  if (is_number(a) && is_number(b)) return a + b;
  if (typeof a === "string" || typeof b === "string") {
    if (is_scalar(a) && is_scalar(b)) return to_text(a) + to_text(b);
  } else if (a instanceof Money && b instanceof Money) {
    same_currency(a, b);
    return new Money(add_int(a.value, b.value), a.currency);
  } else if (b instanceof Duration && (a instanceof Time || a instanceof Duration)) {
    return new a.constructor(add_int(a.value, b.value));
  } else if (a instanceof Duration && b instanceof Time) {
    return new Time(add_int(a.value, b.value));
  }
  return wrong_type(type_of(a), b);
}

export function sub(a, b) {
  if (is_number(a) && is_number(b)) return a - b;
  if (a instanceof Money && b instanceof Money) {
    same_currency(a, b);
    return new Money(sub_int(a.value, b.value), a.currency);
  }
  if (b instanceof Duration && (a instanceof Time || a instanceof Duration)) return new a.constructor(sub_int(a.value, b.value));
  if (a instanceof Time && b instanceof Time) return new Duration(sub_int(a.value, b.value));
  return wrong_type(type_of(a), b);
}

export function mul(a, b) {
  if (is_number(a) && is_number(b)) return a * b;
  if (is_number(a)) return mul(b, a);
  if (is_number(b) && a instanceof Money) return new Money(int_result(half_even(a.value * b)), a.currency);
  if (is_number(b) && a instanceof Duration) return new Duration(whole(a.value * b));
  return wrong_type("number", a);
}

// `/`: always a number for numbers.
export function div(a, b) {
  if (is_number(a) && is_number(b)) return a / b;
  if (a instanceof Money && b instanceof Money) {
    same_currency(a, b);
    return a.value / b.value;
  }
  if (a instanceof Duration && b instanceof Duration) return a.value / b.value;
  if (is_number(b) && a instanceof Money) return new Money(int_result(half_even(a.value / b)), a.currency);
  if (is_number(b) && a instanceof Duration) return new Duration(whole(a.value / b));
  return wrong_type("number", is_number(a) ? b : a);
}

export function mod(a, b) {
  return is_int(a) && is_int(b) ? mod_int(a, b) : expect_number(a) % expect_number(b);
}

// As C's pow, which differs from Math.pow where the base is 1 or -1 and the exponent is no finite number.
export function pow(a, b) {
  if (expect_number(a) === 1 || (a === -1 && Math.abs(expect_number(b)) === Infinity)) return 1;
  return a ** expect_number(b);
}

export function neg(a) {
  if (is_number(a)) return -a;
  if (a instanceof Duration) return new Duration(neg_int(a.value));
  return a instanceof Money ? new Money(neg_int(a.value), a.currency) : wrong_type("number", a);
}

// A number with a unit (L 3.12); `size` in ms.
export function span(n, size) {
  return new Duration(whole(n * size));
}

// Comparison.

export const ne = (a, b) => !eq(a, b);

// UTF-16 units in the order of the code points they belong to.
const rank = (unit) => (unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit);

// -1, 0 or 1, NaN where one of them is NaN.
export function compare(a, b) {
  if (is_number(a) && is_number(b)) return a < b ? -1 : a > b ? 1 : a === b ? 0 : NaN;
  if (typeof a === "string" && typeof b === "string") {
    const end = Math.min(a.length, b.length);
    for (let i = 0; i < end; i++) {
      const x = a.charCodeAt(i), y = b.charCodeAt(i);
      if (x !== y) return rank(x) < rank(y) ? -1 : 1;
    }
    return Math.sign(a.length - b.length);
  }
  if (a?.flin_same && !(a instanceof Variant) && a.constructor === b?.constructor) {
    if (a instanceof Money) same_currency(a, b);
    return Math.sign(a.value - b.value);
  }
  return wrong_type(type_of(a), b);
}

export const lt = (a, b) => compare(a, b) < 0;
export const le = (a, b) => compare(a, b) <= 0;
export const gt = (a, b) => compare(a, b) > 0;
export const ge = (a, b) => compare(a, b) >= 0;

// Texts, lists and maps.

const PAIR = /[\ud800-\udbff][\udc00-\udfff]/;

// The code points of a text, or the items of a list; plain texts are indexed as they are.
export function points(text) {
  return PAIR.test(text) ? Array.from(text) : text;
}

export function concat(a, b) {
  return Array.isArray(a) && Array.isArray(b) ? [...track(a), ...track(b)] : to_text(a) + to_text(b);
}

export function is_in(item, xs) {
  if (typeof xs === "string") return xs.includes(expect_text(item));
  if (Array.isArray(xs)) return track(xs).some((x) => eq(x, item));
  return xs instanceof FlinMap ? xs.has(item) : wrong_type("list", xs);
}

export function position(xs, i, kind = "list") {
  const at = expect_int(i) < 0 ? i + xs.length : i;
  return at >= 0 && at < xs.length ? at : fail("R0011", `index ${i} is out of range (${kind} of ${xs.length})`);
}

export function get_index(xs, i) {
  if (typeof xs === "string") {
    const list = points(xs);
    return list[position(list, i, "text")];
  }
  if (Array.isArray(xs)) return track(xs)[position(xs, i)] ?? null;
  if (xs instanceof FlinMap) return xs.get(i);
  return xs === null ? fail("R0007", "none has no member '[]'") : wrong_type("list", xs);
}

export function set_index(xs, i, value) {
  if (xs instanceof FlinMap) xs.set(i, value);
  else if (Array.isArray(xs)) {
    xs[position(xs, i)] = value;
    touch(xs);
  } else wrong_type("list", xs);
}

// `x[start:end:step]` on text and list; parts that are left out are null.
export function slice(xs, start = null, end = null, step = null) {
  const is_text = typeof xs === "string", list = is_text ? points(xs) : Array.isArray(xs) ? track(xs) : wrong_type("list", xs);
  const by = step ?? 1, n = list.length;
  if (by === 0) fail("R0014", "invalid argument: a step of 0");
  const low = by > 0 ? 0 : -1, high = by > 0 ? n : n - 1;
  const clamp = (x, otherwise) => (x === null ? otherwise : Math.max(low, Math.min(high, x < 0 ? x + n : x)));
  const from = clamp(start, by > 0 ? low : high), to = clamp(end, by > 0 ? high : low);
  if (by === 1) return is_text && Array.isArray(list) ? list.slice(from, to).join("") : to > from ? list.slice(from, to) : is_text ? "" : [];
  const out = [];
  for (let i = from; by > 0 ? i < to : i > to; i += by) out.push(list[i]);
  return is_text ? out.join("") : out;
}

// `a..b`; `range` of L 24.4 is `int_range(a, b, step)`.
export function range(a, b) {
  return int_range(a, b + 1);
}

export function int_range(a, b, step = 1) {
  if (step === 0) fail("R0014", "invalid argument: a step of 0");
  const out = [];
  for (let i = a; step > 0 ? i < b : i > b; i += step) out.push(i);
  return out;
}

// Member access on a value whose type is not known: field of an entity, key of a map, item of a tuple.
export function member(value, name) {
  if (value instanceof FlinMap) return value.get(name);
  if (value instanceof Tuple && name in value.items) return value.items[name];
  if (value === null || value === undefined) return fail("R0007", `none has no member '${name}'`);
  if (typeof value === "object" && (name in value || (value instanceof Row && name in value.$fields))) return value[name] ?? null;
  return fail("R0008", `${type_of(value)} has no member '${name}'`);
}

export function set_member(value, name, to) {
  if (value instanceof FlinMap) value.set(name, to);
  else if (value instanceof Row && name in value.$fields) value[name] = to;
  else if (value === null) fail("R0007", `none has no member '${name}'`);
  else fail("R0008", `${type_of(value)} has no member '${name}'`);
}

// `try`: the value, or the error that was thrown.
export function attempt(fn) {
  try {
    return fn();
  } catch (error) {
    return error instanceof FlinError ? error : new FlinError("R0501", String(error.message ?? error));
  }
}
