// Markup values and spread attributes (L 10.4, L 10.6).

import { set_attribute } from "../attributes.js";
import { attribute_kinds, block, clear_nodes } from "../dom.js";
import { effect, track } from "../signals.js";
import { to_text } from "../text.js";

// Texts that HTML stands for: views, lists of them, `raw`.
function html_text(value) {
  if (Array.isArray(value)) return track(value).map(html_text).join("");
  if (value?.flin_kind === "view") return value.html;
  return value === false ? "" : to_text(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
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
