// Text form of the values that every page may meet (L 3.7); library/text.js has the rest and the display form.

import { FlinError, Row } from "./kinds.js";

// inspect(value) and type_of(value), put in by the library; pages whose types call for them import it.
export const text_library = {};

export function to_text(value) {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value !== "object") return typeof value === "number" ? String(value + 0) : typeof value === "boolean" ? String(value) : text_library.inspect(value);
  if (value instanceof Row) return `${value.$type}#${value.id}`;
  return value instanceof FlinError ? value.message : text_library.inspect(value);
}
