// Display form (L 3.7): as `print` shows a value.

import { track } from "../signals.js";
import { text_library, to_text } from "../text.js";

// As JSON writes it, in one line.
export const quoted = (text) => JSON.stringify(text);

const DEPTH = 200; // deeper items are written as ..
let text_depth = 0;

// None is `none`; a text outside collections stands as it is.
export function inspect(value) {
  if (value === null || value === undefined) return "none";
  if (typeof value === "function") return `<fn ${value.flin_name ?? (value.name || "anonymous")}>`;
  if (typeof value !== "object" || !(Array.isArray(value) || value.flin_text)) return to_text(value);
  if (text_depth === DEPTH) return "..";
  text_depth++;
  try {
    return Array.isArray(value) ? `[${track(value).map(inner_text).join(", ")}]` : value.flin_text();
  } finally {
    text_depth--;
  }
}

// Inside a collection: texts are quoted.
export function inner_text(value) {
  return typeof value === "string" ? quoted(value) : inspect(value);
}

text_library.inspect = inspect;
