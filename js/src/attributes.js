// What an attribute shows for a value (L 10.6) and what URLs and styles may hold (L 10.10).

import { to_text } from "./text.js";

const URLS = new Set(["href", "src", "action", "formaction", "poster", "cite", "data", "ping", "background", "xlink:href"]);
const SCHEMES = /^(https?|mailto|tel|sms|blob):/i;
const IMAGES = /^data:image\/(png|jpeg|gif|webp|avif)[;,]/i;
const PROPERTIES = new Set(["checked", "selected", "value", "muted", "indeterminate"]);

// The URL without blanks and control characters, or `about:blank#blocked`.
export function safe_url(name, url) {
  const bare = url.replace(/[\s\0-\x1f\x7f-\x9f]/g, "");
  if (!/^[^/?#:]*:/.test(bare) || SCHEMES.test(bare)) return bare;
  return /^(src|srcset|poster)$/.test(name) && IMAGES.test(bare) ? bare : "about:blank#blocked";
}

// Attributes with a form of their own, name -> (value) => text; library/markup.js adds class, style and srcset.
export const attribute_texts = {};

// The text of the attribute, or null where it is left out.
export function attribute_text(name, value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return /^(aria|data)-/.test(name) ? String(value) : value ? "" : null;
  if (attribute_texts[name]) return attribute_texts[name](value);
  const shown = to_text(value);
  return URLS.has(name) ? safe_url(name, shown) : shown;
}

export function set_attribute(element, name, value) {
  const shown = attribute_text(name, value);
  if (shown === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== shown) element.setAttribute(name, shown);
  if (PROPERTIES.has(name) && name in element) {
    const now = name === "value" ? (shown ?? "") : shown !== null;
    if (element[name] !== now) element[name] = now;
  }
}
