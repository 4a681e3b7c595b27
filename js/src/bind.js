// bind={x}: two-way between a form control and a variable (L 10.9).

import { eq } from "./basics.js";
import { batch, effect, untracked } from "./signals.js";
import { to_text } from "./text.js";

const NUMBERS = { int: /^[+-]?\d+$/, number: /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i };

// A typed text as the variable's type; undefined if it does not parse.
function converted(text, as) {
  if (as === undefined) return text;
  const bare = text.trim(), number = Number(bare);
  return NUMBERS[as].test(bare) && (as !== "int" || Number.isSafeInteger(number)) ? number + 0 : undefined;
}

// How each kind of control is read (undefined: leave the variable), shown, and whether it was touched before adoption.
const text_control = {
  read: (control, value, as) => converted(control.value, as),
  show(control, value, as) {
    const text = to_text(value);
    if (control.value !== text && !(as !== undefined && eq(converted(control.value, as), value))) control.value = text;
  },
  touched: (control) => control.value !== control.defaultValue,
  first(control, value) {
    if (control.localName === "input") control.setAttribute("value", to_text(value));
  },
};

const option_of = (option, as) => converted(option.value, as) ?? option.value;
const was_toggled = (control) => control.checked !== control.defaultChecked;
const mark_checked = (control) => control.checked && control.setAttribute("checked", "");

// By the `type` of the input; library/files.js adds that of files.
export const controls = {
  checkbox: {
    read(control, value, as) {
      if (!Array.isArray(value)) return control.checked;
      const own = option_of(control, as), rest = value.filter((x) => !eq(x, own));
      return control.checked ? [...rest, own] : rest;
    },
    show: (control, value, as) => (control.checked = Array.isArray(value) ? value.some((x) => eq(x, option_of(control, as))) : !!value),
    touched: was_toggled,
    first: mark_checked,
  },
  radio: {
    read: (control, value, as) => (control.checked ? option_of(control, as) : undefined),
    show: (control, value, as) => (control.checked = eq(option_of(control, as), value)),
    touched: (control) => control.checked && was_toggled(control),
    first: mark_checked,
  },
  select: {
    read(control, value, as) {
      if (!control.multiple) return option_of(control, as);
      return Array.from(control.options).filter((o) => o.selected).map((o) => option_of(o, as));
    },
    show(control, value, as) {
      for (const option of control.options) {
        const own = option_of(option, as), on = Array.isArray(value) ? value.some((x) => eq(x, own)) : to_text(own) === to_text(value);
        if (option.selected !== on) option.selected = on;
      }
    },
    touched(control) {
      const options = Array.from(control.options);
      return options.some((o) => o.defaultSelected) && options.some((o) => o.selected !== o.defaultSelected);
    },
    first() {},
  },
};

// `options`: {as: "int" | "number", lazy: true}.
export function bind(control, adopting, path, get, set, { as, lazy } = {}) {
  const kind = control.localName === "select" ? "select" : control.getAttribute("type");
  const how = controls[kind] ?? text_control;
  const take = () =>
    batch(() => {
      const value = how.read(control, untracked(get), as);
      if (value !== undefined) set(value);
    });
  if (!adopting) control.setAttribute("data-flin-bind", path);
  if (adopting && how.touched(control)) take();
  effect(() => how.show(control, get(), as));
  if (!adopting) untracked(() => how.first(control, get()));
  control.addEventListener(lazy || how !== text_control ? "change" : "input", take);
}
