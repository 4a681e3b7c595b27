// Display form (L 3.7): as `print` shows a value.

import { track } from "../signals.js";
import { text_library, to_text } from "../text.js";

const ESCAPES = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0" };

export function quoted(text) {
  return '"' + text.replace(/[\\"\n\t\r\0]/g, (c) => ESCAPES[c]) + '"';
}

// None is `none`; a text outside collections stands as it is.
export function inspect(value) {
  if (value === null || value === undefined) return "none";
  if (typeof value === "function") return `<fn ${value.flin_name ?? (value.name || "anonymous")}>`;
  if (Array.isArray(value)) return `[${track(value).map(inner_text).join(", ")}]`;
  return value.flin_text ? value.flin_text() : to_text(value);
}

// Inside a collection: texts are quoted.
export function inner_text(value) {
  return typeof value === "string" ? quoted(value) : inspect(value);
}

text_library.inspect = inspect;
