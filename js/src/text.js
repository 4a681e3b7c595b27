// Text form and display form (L 3.7).

import { FlinError, Row } from "./kinds.js";
import { track } from "./signals.js";

const ESCAPES = { "\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0" };

export function quoted(text) {
  return '"' + text.replace(/[\\"\n\t\r\0]/g, (c) => ESCAPES[c]) + '"';
}

// As in text interpolation and views: none is empty.
export function to_text(value) {
  return typeof value === "string" ? value : value === null || value === undefined ? "" : inspect(value);
}

// As `print` shows it: none is `none`; a text outside collections stands as it is.
export function inspect(value) {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
      return String(value + 0);
    case "boolean":
      return String(value);
    case "function":
      return `<fn ${value.flin_name ?? (value.name || "anonymous")}>`;
    case "undefined":
      return "none";
  }
  if (value === null) return "none";
  if (Array.isArray(value)) return `[${track(value).map(inner_text).join(", ")}]`;
  if (value instanceof Row) return `${value.$type}#${value.id}`;
  if (value instanceof FlinError) return value.message;
  return value.flin_text ? value.flin_text() : String(value);
}

// Inside a collection: texts are quoted.
export function inner_text(value) {
  return typeof value === "string" ? quoted(value) : inspect(value);
}
