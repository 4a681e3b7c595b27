// Built-ins of L 24.2: between texts and other kinds.

import { int_result } from "../../basics.js";
import { Row, fail } from "../../kinds.js";
import { track } from "../../signals.js";
import { to_text } from "../../text.js";
import { Duration, FlinMap, Money, Time, Tuple, Variant } from "../kinds.js";
import { expect_text, truthy, type_of } from "../operators.js";
import { inspect } from "../text.js";
import { read_json } from "./json.js";
import { b_trim, invalid } from "./texts.js";

const NUMBER_TEXT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SPECIAL_TEXTS = { Infinity, "+Infinity": Infinity, "-Infinity": -Infinity };

const cannot_convert = (x, to) => fail("R0013", `cannot convert ${typeof x === "string" ? `"${x}"` : inspect(x)} to ${to}`);

// The number a text stands for, or undefined.
function number_of_text(t) {
  const bare = b_trim(t);
  return NUMBER_TEXT.test(bare) ? Number(bare) : SPECIAL_TEXTS[bare];
}

export const b_is_numeric = (t) => number_of_text(t) !== undefined;
export const b_to_text = to_text;
export const b_text = to_text;

export function b_to_int(x, otherwise) {
  const failed = () => otherwise ?? cannot_convert(x, "int");
  if (typeof x === "boolean") return x ? 1 : 0;
  if (x instanceof Variant) return x.index;
  const n = typeof x === "string" ? number_of_text(x) : x;
  return typeof n === "number" && Math.abs(n) < 2 ** 63 ? int_result(Math.trunc(n)) : failed();
}

export function b_to_number(x, otherwise) {
  if (typeof x === "number") return x;
  if (typeof x === "boolean") return x ? 1 : 0;
  if (x instanceof Variant) return x.index;
  const n = typeof x === "string" ? number_of_text(x) : undefined;
  return n ?? otherwise ?? cannot_convert(x, "number");
}

export const b_int = b_to_int;
export const b_number = b_to_number;
export const b_bool = truthy;
export const b_type_of = type_of;
export const b_inspect = inspect;

// JSON (L 3.13).

export const b_json_parse = (t) => read_json(expect_text(t));

const json_text = (t) => JSON.stringify(t);
const pair = (key, value, space) => `${json_text(key)}:${space}${value}`;

function written(x, indent, level) {
  const wrap = (open, parts, close) => {
    if (parts.length === 0) return open + close;
    if (indent === 0) return open + parts.join(",") + close;
    const gap = "\n" + " ".repeat(indent * (level + 1));
    return open + gap + parts.join("," + gap) + "\n" + " ".repeat(indent * level) + close;
  };
  const inner = (value) => written(value, indent, level + 1), space = indent > 0 ? " " : "";
  if (x === null || x === undefined) return "null";
  if (typeof x === "string") return json_text(x);
  if (typeof x === "number") return Number.isFinite(x) ? String(x + 0) : "null";
  if (typeof x === "boolean") return String(x);
  if (Array.isArray(x)) return wrap("[", track(x).map(inner), "]");
  if (x instanceof Tuple) return wrap("[", x.items.map(inner), "]");
  if (x instanceof FlinMap) return wrap("{", Array.from(x, ([k, v]) => pair(to_text(k), inner(v), space)), "}");
  if (x instanceof Time) return json_text(to_text(x));
  if (x instanceof Duration) return String(x.value);
  if (x instanceof Money) return `{"amount":"${x.amount_text()}","currency":"${x.currency}"}`;
  if (x instanceof Variant) return x.values.length === 0 ? json_text(x.name) : wrap("{", [pair(x.name, inner(x.values), space)], "}");
  if (x instanceof Row) return wrap("{", Object.keys(x.$values).map((f) => pair(f, inner(x[f] instanceof Row ? x[f].id : x[f]), space)), "}");
  if (x.flin_kind === "file") return wrap("{", ["name", "size", "type", "url"].map((k) => pair(k, inner(x[k]), space)), "}");
  return fail("R0014", `invalid argument: ${type_of(x)} cannot be written as JSON`);
}

export const b_json_stringify = (x, indent = 0) => (indent < 0 || indent > 16 ? invalid(`an indent of ${indent}`) : written(x, indent, 0));
const IN_SCRIPT = { "<": "\\u003c", "\u2028": "\\u2028", "\u2029": "\\u2029" };
export const b_json = (x) => b_json_stringify(x).replace(/[<\u2028\u2029]/g, (c) => IN_SCRIPT[c]);

// Encodings of UTF-8 bytes.

const bytes_of = (t) => new TextEncoder().encode(expect_text(t));

function text_of_bytes(bytes, what) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return invalid(what);
  }
}

export const b_base64_encode = (t) => btoa(String.fromCharCode(...bytes_of(t)));

// With or without padding.
export function b_base64_decode(t) {
  const bare = expect_text(t).replace(/=+$/, "");
  if (!/^[A-Za-z0-9+/]*$/.test(bare) || bare.length % 4 === 1) invalid("not Base64");
  return text_of_bytes(Uint8Array.from(atob(bare), (c) => c.charCodeAt(0)), "not the Base64 of a text");
}

export const b_hex_encode = (t) => Array.from(bytes_of(t), (b) => b.toString(16).padStart(2, "0")).join("");
const UNESCAPED = /[!'()*]/g;
export const b_url_encode = (t) => encodeURIComponent(expect_text(t)).replace(UNESCAPED, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export function b_url_decode(t) {
  if (/%(?![0-9a-f]{2})/i.test(expect_text(t))) invalid("'%' without two hexadecimal digits");
  try {
    return decodeURIComponent(t);
  } catch {
    return invalid("not the encoding of a text");
  }
}

const REFERENCES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\r": "&#13;", "\0": "\ufffd" };
export const b_html_escape = (t) => expect_text(t).replace(/[&<>"'\r\0]/g, (c) => REFERENCES[c]);

// CSV (RFC 4180).

// The field that begins at `at`: [its text, where it ends].
function csv_field(t, at, separator) {
  let field = "";
  if (t[at] === '"') {
    for (at++; t[at] !== '"' || t[at + 1] === '"'; at++) {
      if (at >= t.length) invalid("a quoted field of CSV does not end");
      if (t[at] === '"') at++;
      field += t[at];
    }
    at++;
  }
  const start = at;
  while (at < t.length && t[at] !== separator && t[at] !== "\n" && t[at] !== "\r") at++;
  return [field + t.slice(start, at), at];
}

export function b_csv_parse(t, separator = ",") {
  if (!/^[\0-\x7f]$/.test(separator)) invalid("the separator of CSV is one character");
  const rows = [];
  for (let at = 0; at < expect_text(t).length; ) {
    const row = [];
    for (let field; ; at++) {
      [field, at] = csv_field(t, at, separator);
      row.push(field);
      if (t[at] !== separator) break;
    }
    if (t[at] === "\r") at++;
    if (t[at] === "\n") at++;
    rows.push(row);
  }
  return rows;
}

export function b_csv_stringify(rows, separator = ",") {
  const cell = (x) => {
    const t = to_text(x);
    return t.includes(separator) || /["\r\n]/.test(t) ? `"${t.replaceAll('"', '""')}"` : t;
  };
  return track(rows).map((row) => `${track(row).map(cell).join(separator)}\r\n`).join("");
}
