// What an attribute shows for a value (L 10.6) and what URLs and styles may hold (L 10.10).

import { track } from "./signals.js";
import { to_text } from "./text.js";

const URLS = new Set(["href", "src", "action", "formaction", "poster", "cite", "data", "ping", "background", "xlink:href"]);
const SCHEMES = /^(https?|mailto|tel|sms|blob):/i;
const IMAGES = /^data:image\/(png|jpeg|gif|webp|avif)(;|,|$)/i;
const UNSAFE_STYLE = /[<{}\\]|url\(|expression\(|@import/i;
const PROPERTIES = new Set(["checked", "selected", "value", "muted", "indeterminate"]);

// The URL itself, or `about:blank#blocked`.
export function safe_url(name, url) {
  const bare = url.replace(/[\0-\x20\x7f-\x9f]/g, "");
  if (!/^[a-z][a-z0-9+.-]*:/i.test(bare) || SCHEMES.test(bare)) return url;
  return /^(src|srcset|poster)$/.test(name) && IMAGES.test(bare) ? url : "about:blank#blocked";
}

function safe_style(text, unsafe = UNSAFE_STYLE) {
  if (!unsafe.test(text)) return text;
  console.warn("FLIN: unsafe style left out:", text);
  return "";
}

// A part of a mixed style attribute: also without `;`.
export function style_part(value) {
  return safe_style(to_text(value), /[<{}\\;]|url\(|expression\(|@import/i);
}

function class_text(value) {
  if (Array.isArray(value)) return track(value).filter(Boolean).map(to_text).join(" ");
  return value?.flin_items ? Array.from(value).filter(([, on]) => on).map(([name]) => to_text(name)).join(" ") : to_text(value);
}

function style_text(value) {
  if (!value?.flin_items) return safe_style(to_text(value));
  return Array.from(value, ([name, v]) => `${to_text(name)}: ${style_part(v)}`).join("; ");
}

// The text of the attribute, or null where it is left out.
export function attribute_text(name, value) {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return /^(aria|data)-/.test(name) ? String(value) : value ? "" : null;
  if (name === "class") return class_text(value);
  if (name === "style") return style_text(value);
  const text = to_text(value);
  if (name === "srcset") return text.split(",").map((part) => safe_url(name, part)).join(",");
  return URLS.has(name) ? safe_url(name, text) : text;
}

export function set_attribute(element, name, value) {
  const text = attribute_text(name, value);
  if (text === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  if (PROPERTIES.has(name) && name in element) {
    const now = name === "value" ? (text ?? "") : text !== null;
    if (element[name] !== now) element[name] = now;
  }
}
