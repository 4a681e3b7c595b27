// Built-ins of L 24.3.

import { int_result } from "../../basics.js";
import { fail } from "../../kinds.js";
import { track } from "../../signals.js";
import { Money } from "../kinds.js";
import { compare, expect_number, mod_int, neg, pow } from "../operators.js";
import { invalid } from "./texts.js";

export const b_pi = Math.PI;
export const b_abs = (x) => (typeof x === "number" ? Math.abs(x) : x.value < 0 ? neg(x) : x);
export const b_sign = (x) => Math.sign(expect_number(x)) + 0;

// The best of the arguments, or of one list; the first of equals; NaN if there is one.
function best(args, wanted) {
  const list = args.length === 1 && Array.isArray(args[0]) ? track(args[0]) : args;
  let found = list[0] ?? null;
  for (const x of list) {
    if (Number.isNaN(x)) return NaN;
    if (compare(x, found) === wanted) found = x;
  }
  return found;
}

export const b_min = (...args) => best(args, -1);
export const b_max = (...args) => best(args, 1);

export function b_clamp(x, low, high) {
  if (Number.isNaN(x)) return compare(low, high) > 0 ? high : low;
  const [from, to] = compare(low, high) > 0 ? [high, low] : [low, high];
  return compare(x, from) < 0 ? from : compare(x, to) > 0 ? to : x;
}

export const b_floor = (x) => int_result(Math.floor(expect_number(x)));
export const b_ceil = (x) => int_result(Math.ceil(expect_number(x)));
export const b_trunc = (x) => int_result(Math.trunc(expect_number(x)));

// Half away from zero. With decimals: a number; the exact value decides, as in Number.prototype.toFixed.
export function b_round(x, decimals) {
  if (decimals < 0 || decimals > 100) invalid(`round to ${decimals} decimals`);
  if (decimals !== undefined) return Number.isFinite(x) ? Number(format_number(x, decimals)) : x;
  const whole = Math.trunc(expect_number(x));
  return int_result(Math.abs(x - whole) >= 0.5 ? whole + Math.sign(x) : whole);
}

export function format_number(x, decimals = 0) {
  if (x instanceof Money) return x.flin_text();
  if (decimals < 0 || decimals > 100) invalid(`${decimals} decimals`);
  if (!Number.isFinite(expect_number(x))) return String(x);
  return fixed_text(x, decimals).replace(/^-(?=[0.]*$)/, "");
}

// toFixed gives an exponent from 1e21 on; such numbers are integers.
function fixed_text(x, decimals) {
  if (Math.abs(x) < 1e21) return x.toFixed(decimals);
  return BigInt(x).toString() + (decimals > 0 ? "." + "0".repeat(decimals) : "");
}

export const b_sqrt = (x) => Math.sqrt(expect_number(x));
export const b_exp = (x) => Math.exp(expect_number(x));
export const b_ln = (x) => Math.log(expect_number(x));
export const b_log2 = (x) => Math.log2(expect_number(x));
export const b_log10 = (x) => Math.log10(expect_number(x));
export const b_sin = (x) => Math.sin(expect_number(x));
export const b_cos = (x) => Math.cos(expect_number(x));
export const b_tan = (x) => Math.tan(expect_number(x));
export const b_asin = (x) => Math.asin(expect_number(x));
export const b_acos = (x) => Math.acos(expect_number(x));
export const b_atan = (x) => Math.atan(expect_number(x));
export const b_atan2 = (y, x) => Math.atan2(y, x);
export const b_hypot = (x, y) => Math.hypot(x, y);
export const b_pow = pow;

export const b_div = (a, b) => (b === 0 ? fail("R0009", "division by zero") : int_result(Math.trunc(a / b)));
export const b_mod = (a, b) => mod_int(mod_int(a, b) + b, b);

export function b_gcd(a, b) {
  while (b !== 0) [a, b] = [b, mod_int(a, b)];
  return Math.abs(a);
}

export const b_is_nan = (x) => Number.isNaN(x);
export const b_is_finite = (x) => Number.isFinite(x);
export const b_is_even = (n) => n % 2 === 0;
export const b_is_odd = (n) => n % 2 !== 0;
export const b_random = () => Math.random();
export const b_random_int = (a, b) => (a > b ? invalid(`random_int from ${a} to ${b}`) : a + Math.floor(Math.random() * (b - a + 1)));
