// Built-ins of L 24.1. Every built-in `f` is exported as `b_f`; several look at the kind of their first argument. Lengths and
// positions count code points.

import { eq } from "../../basics.js";
import { fail } from "../../kinds.js";
import { track } from "../../signals.js";
import { to_text } from "../../text.js";
import { FlinMap } from "../kinds.js";
import { expect_text, is_in, points, slice, wrong_type } from "../operators.js";

export const invalid = (what) => fail("R0014", `invalid argument: ${what}`);

const chars = (t) => Array.from(expect_text(t));
const SPACES = /[\s\x85]+/, LEADING = /^[\s\x85]+/, TRAILING = /[\s\x85]+$/; // white space of Unicode, and U+FEFF

export function b_len(x) {
  if (typeof x === "string") return points(x).length;
  if (Array.isArray(x)) return track(x).length;
  return x instanceof FlinMap ? x.size : wrong_type("text, list or map", x);
}

// Simple mappings, one code point to one, but for `ß`, whose upper case is `SS`.
const mapped = (c, how) => (how === "toUpperCase" && c === "ß" ? "SS" : Array.from(c[how]()).length === 1 ? c[how]() : c);
const cased = (t, how) => (/^[\0-\x7f]*$/.test(expect_text(t)) ? t[how]() : Array.from(t, (c) => mapped(c, how)).join(""));

export const b_upper = (t) => cased(t, "toUpperCase");
export const b_lower = (t) => cased(t, "toLowerCase");
export const b_trim_start = (t) => expect_text(t).replace(LEADING, "");
export const b_trim_end = (t) => expect_text(t).replace(TRAILING, "");
export const b_trim = (t) => b_trim_end(b_trim_start(t));

export function b_capitalize(t) {
  const [first = "", ...rest] = chars(t);
  return b_upper(first) + rest.join("");
}

// Words are what white space parts.
export function b_title(t) {
  let at_start = true;
  return chars(t).map((c) => {
    const shown = at_start ? b_upper(c) : b_lower(c);
    at_start = SPACES.test(c);
    return shown;
  }).join("");
}

export const b_list_reverse = (xs) => track(xs).slice().reverse();
export const b_reverse = (x) => (Array.isArray(x) ? b_list_reverse(x) : chars(x).reverse().join(""));
export const b_contains = (x, item) => is_in(item, x);
export const b_starts_with = (t, s) => expect_text(t).startsWith(expect_text(s));
export const b_ends_with = (t, s) => expect_text(t).endsWith(expect_text(s));
export const b_is_empty = (x) => b_len(x) === 0;
export const b_is_blank = (t) => b_trim(t) === "";

const BLANKS = /[\0-\x20\x7f]/;

export function b_is_email(t) {
  const [name, host, ...more] = expect_text(t).split("@");
  return name !== "" && more.length === 0 && /^[^.]+(\.[^.]+)+$/.test(host ?? "") && !BLANKS.test(t);
}

export const b_is_url = (t) => /^https?:\/\/[^/?#:]/.test(expect_text(t)) && !BLANKS.test(t);

export function b_split(t, separator) {
  return expect_text(separator) === "" && t !== "" ? chars(t) : t === "" ? [""] : expect_text(t).split(separator);
}

export const b_lines = (t) => expect_text(t).split("\n").map((line) => line.replace(/\r$/, ""));
export const b_words = (t) => expect_text(t).split(SPACES).filter(Boolean);
export const b_chars = chars;
export const b_slice = (x, a, b = null) => slice(x, a, b);

export function b_replace(t, old, next) {
  const at = expect_text(t).indexOf(expect_text(old));
  return at < 0 || old === "" ? t : t.slice(0, at) + expect_text(next) + t.slice(at + old.length);
}

export const b_replace_all = (t, old, next) => (expect_text(old) === "" ? expect_text(t) : expect_text(t).split(old).join(expect_text(next)));

const at_point = (t, at) => (at < 0 ? -1 : points(t.slice(0, at)).length);

export function b_index_of(x, item) {
  if (typeof x === "string") return at_point(x, x.indexOf(expect_text(item)));
  return Array.isArray(x) ? track(x).findIndex((other) => eq(other, item)) : wrong_type("list", x);
}

export function b_last_index_of(x, item) {
  if (typeof x === "string") return at_point(x, x.lastIndexOf(expect_text(item)));
  return Array.isArray(x) ? track(x).findLastIndex((other) => eq(other, item)) : wrong_type("list", x);
}

export const b_repeat = (t, n) => (n < 0 ? invalid(`repeat ${n} times`) : expect_text(t).repeat(n));

function padding(t, n, fill) {
  const missing = n - b_len(t), list = chars(fill);
  if (missing <= 0 || list.length === 0) return "";
  return Array.from({ length: missing }, (_, i) => list[i % list.length]).join("");
}

export const b_pad_start = (t, n, fill = " ") => padding(t, n, fill) + t;
export const b_pad_end = (t, n, fill = " ") => t + padding(t, n, fill);

export function b_truncate(t, n, tail = "…") {
  if (n < 0) invalid(`truncate to ${n}`);
  const list = chars(t), end = chars(tail);
  if (list.length <= n) return t;
  return n <= end.length ? end.slice(0, n).join("") : list.slice(0, n - end.length).join("") + tail;
}

export const b_remove_prefix = (t, s) => (b_starts_with(t, s) ? t.slice(s.length) : t);
export const b_remove_suffix = (t, s) => (s !== "" && b_ends_with(t, s) ? t.slice(0, -s.length) : t);
export const b_char_code = (t) => expect_text(t).codePointAt(0) ?? invalid("an empty text has no character");

export function b_from_char_code(n) {
  return n >= 0 && n <= 0x10ffff && (n < 0xd800 || n > 0xdfff) ? String.fromCodePoint(n) : invalid(`${n} is no character`);
}

export const b_test = (re, t) => b_matches(t, re);
export const b_matches = (t, re) => new RegExp(re.compiled.source, re.compiled.flags.replace("g", "")).test(expect_text(t));
export const b_find_all = (t, re) => expect_text(t).match(re.compiled) ?? [];
export const b_replace_pattern = (t, re, next) => expect_text(t).replace(re.compiled, next);
export const b_join = (xs, separator = "") => (typeof xs === "string" ? b_join(separator, xs) : track(xs).map(to_text).join(expect_text(separator)));
