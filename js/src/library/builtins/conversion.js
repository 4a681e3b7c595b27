// Built-ins of L 24.2: between texts and other kinds.

import { is_int } from "../../basics.js";
import { FlinError, Row, fail } from "../../kinds.js";
import { track } from "../../signals.js";
import { to_text } from "../../text.js";
import { Duration, FlinMap, Money, Time, Tuple, Variant } from "../kinds.js";
import { expect_text, truthy, type_of } from "../operators.js";
import { inspect, quoted } from "../text.js";
import { b_trim, invalid } from "./texts.js";

const NUMBER_TEXT = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SPECIAL_TEXTS = { Infinity, "-Infinity": -Infinity, NaN };

const cannot_convert = (x, to) => fail("R0013", `cannot convert ${typeof x === "string" ? quoted(x) : inspect(x)} to ${to}`);

// The number a text stands for, or undefined.
function number_of_text(t) {
  const bare = b_trim(t);
  return NUMBER_TEXT.test(bare) ? Number(bare) : SPECIAL_TEXTS[bare];
}

export const b_is_numeric = (t) => number_of_text(t) !== undefined;
export const b_to_text = to_text;
export const b_text = to_text;

export function b_to_int(x, otherwise) {
  const failed = (error) => (otherwise === undefined ? error() : otherwise);
  const in_range = (n) => (is_int(n) ? n + 0 : failed(() => fail("R0010", "integer overflow")));
  if (typeof x === "number") return Number.isNaN(x) ? failed(() => cannot_convert(x, "int")) : in_range(Math.trunc(x));
  if (typeof x === "boolean") return x ? 1 : 0;
  if (x instanceof Variant) return x.index;
  if (typeof x === "string" && /^[+-]?\d+$/.test(b_trim(x))) return in_range(Number(b_trim(x)));
  return failed(() => cannot_convert(x, "int"));
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

function from_json(json) {
  if (Array.isArray(json)) return json.map(from_json);
  return typeof json === "object" && json !== null ? new FlinMap(Object.entries(json).map(([k, v]) => [k, from_json(v)])) : json;
}

// The order of an object's keys is that of the text; JavaScript would put keys like "1" first, so texts with such keys are read by hand.
export function b_json_parse(t) {
  try {
    return /"\d+"\s*:/.test(expect_text(t)) ? read_json(t) : from_json(JSON.parse(t));
  } catch (error) {
    if (error instanceof FlinError) throw error;
    return fail("R0021", `bad JSON at ${json_place(t, error)}`);
  }
}

function json_place(t, error) {
  const at = Number(/position (\d+)/.exec(error.message)?.[1] ?? t.length), before = t.slice(0, at);
  return `${before.split("\n").length}:${Array.from(before.slice(before.lastIndexOf("\n") + 1)).length + 1}`;
}

// Marks every key before JSON.parse orders them, and takes the marks off again.
function read_json(t) {
  JSON.parse(t);
  const marked = t.replace(/"(?:\\.|[^"\\])*"(?=\s*:)|"(?:\\.|[^"\\])*"/g, (text, at) => (/^\s*:/.test(t.slice(at + text.length)) ? `"k${text.slice(1)}` : text));
  const unmark = (json) => {
    if (Array.isArray(json)) return json.map(unmark);
    return typeof json === "object" && json !== null ? new FlinMap(Object.entries(json).map(([k, v]) => [k.slice(1), unmark(v)])) : json;
  };
  return unmark(JSON.parse(marked));
}

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
  if (x instanceof Money) return wrap("{", [pair("amount", json_text(x.amount_text()), space), pair("currency", json_text(x.currency), space)], "}");
  if (x instanceof Variant) return x.values.length === 0 ? json_text(x.name) : wrap("{", [pair(x.name, inner(x.values), space)], "}");
  if (x instanceof Row) return wrap("{", Object.keys(x.$values).map((f) => pair(f, inner(x[f] instanceof Row ? x[f].id : x[f]), space)), "}");
  if (x.flin_kind === "file") return wrap("{", ["name", "size", "type", "url"].map((k) => pair(k, inner(x[k]), space)), "}");
  return fail("R0014", `invalid argument: ${type_of(x)} cannot be written as JSON`);
}

export const b_json_stringify = (x, indent = 0) => written(x, indent, 0);
const IN_SCRIPT = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029" };
export const b_json = (x) => b_json_stringify(x).replace(/[<>&\u2028\u2029]/g, (c) => IN_SCRIPT[c]);

// Encodings of UTF-8 bytes.

const bytes_of = (t) => new TextEncoder().encode(expect_text(t));

function text_of_bytes(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return invalid("not UTF-8");
  }
}

export const b_base64_encode = (t) => btoa(String.fromCharCode(...bytes_of(t)));

export function b_base64_decode(t) {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(expect_text(t))) invalid("bad base64");
  return text_of_bytes(Uint8Array.from(atob(t), (c) => c.charCodeAt(0)));
}

export const b_hex_encode = (t) => Array.from(bytes_of(t), (b) => b.toString(16).padStart(2, "0")).join("");
const UNESCAPED = /[!'()*]/g;
export const b_url_encode = (t) => encodeURIComponent(expect_text(t)).replace(UNESCAPED, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

export function b_url_decode(t) {
  try {
    return decodeURIComponent(expect_text(t));
  } catch {
    return invalid("bad URL encoding");
  }
}

const REFERENCES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
export const b_html_escape = (t) => expect_text(t).replace(/[&<>"']/g, (c) => REFERENCES[c]);

// CSV (RFC 4180).

export function b_csv_parse(t, separator = ",") {
  const rows = [], source = expect_text(t);
  let row = [], field = "", in_quotes = false;
  const end_field = () => {
    row.push(field);
    field = "";
  };
  for (let i = 0; i < source.length; i++) {
    const c = source[i];
    if (in_quotes) {
      if (c !== '"') field += c;
      else if (source[i + 1] === '"') field += source[i++];
      else in_quotes = false;
    } else if (c === '"' && field === "") in_quotes = true;
    else if (source.startsWith(separator, i)) {
      end_field();
      i += separator.length - 1;
    } else if (c === "\n" || (c === "\r" && source[i + 1] === "\n")) {
      if (c === "\r") i++;
      end_field();
      rows.push(row);
      row = [];
    } else field += c;
  }
  if (field !== "" || row.length > 0) {
    end_field();
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
