// Markup values and spread attributes (L 10.4, L 10.6).

import { attribute_texts, safe_url, set_attribute } from "../attributes.js";
import { attribute_kinds, block, clear_nodes, name_spaces } from "../dom.js";
import { effect, track } from "../signals.js";
import { to_text } from "../text.js";

// Texts that HTML stands for: views, lists of them, `raw`.
function html_text(value) {
  if (Array.isArray(value)) return track(value).map(html_text).join("");
  if (value?.flin_kind === "view") return value.html;
  return to_text(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

export function html(fn) {
  return block((start, end, adopting) => {
    effect(() => {
      const now = html_text(fn());
      if (!adopting) {
        clear_nodes(start.nextSibling, end);
        const template = document.createElement("template");
        template.innerHTML = now;
        end.parentNode.insertBefore(template.content, end);
      }
      adopting = false;
    });
  });
}

attribute_kinds["..."] = (element, adopting, fn) => {
  let before = [];
  effect(() => {
    const now = [];
    for (const [name, value] of fn() ?? []) {
      if (/^on/i.test(name) || typeof value === "function") console.warn("FLIN: an event in a spread is left out:", name);
      else if (!adopting) set_attribute(element, name, value);
      now.push(name);
    }
    for (const name of before) if (!now.includes(name)) element.removeAttribute(name);
    before = now;
    adopting = false;
  });
};

const UNSAFE_STYLE = /[<{}\\]|url\(|expression\(|@import/i;

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

// Parts of a map that are none or false, or unsafe, are left out.
function style_text(value) {
  if (!value?.flin_items) return safe_style(to_text(value));
  const parts = Array.from(value).filter(([, v]) => v !== null && v !== false).map(([name, v]) => [to_text(name), to_text(v)]);
  return parts.filter(([name, v]) => v === "" || style_part(name + v) !== "").map(([name, v]) => `${name}: ${v}`).join("; ");
}

// Each candidate is "url descriptor"; a comma ends it only when white space follows or the URL is over.
function srcset_text(value) {
  const out = [];
  for (let rest = to_text(value).replace(/^[\s,]+/, ""); rest !== ""; rest = rest.replace(/^[\s,]+/, "")) {
    let [url] = /^\S+/.exec(rest);
    rest = rest.slice(url.length);
    const over = url.endsWith(","), [descriptor] = over ? [""] : /^[^,]*/.exec(rest);
    url = url.replace(/,+$/, "");
    rest = rest.slice(descriptor.length);
    out.push([safe_url("srcset", url), descriptor.trim()].filter(Boolean).join(" "));
  }
  return out.join(", ");
}

Object.assign(attribute_texts, {
  class: class_text,
  style: style_text,
  srcset: srcset_text,
});

Object.assign(name_spaces, {
  svg: "http://www.w3.org/2000/svg",
  math: "http://www.w3.org/1998/Math/MathML",
  "in foreignObject": "http://www.w3.org/1999/xhtml",
});
