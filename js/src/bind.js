// bind={x}: two-way between a form control and a variable (L 10.9).

import { eq } from "./basics.js";
import { batch, effect, untracked } from "./signals.js";
import { to_text } from "./text.js";

// How a typed text becomes the variable's type, by its name; undefined if it does not parse. library/controls.js has int and number.
export const converters = {};

export function converted(typed, as) {
  return as === undefined ? typed : converters[as](typed);
}

// How a control is read (undefined: leave the variable), shown, and whether it was touched before adoption.
const text_control = {
  read: (control, value, as) => converted(control.value, as),
  show(control, value, as) {
    const typed = to_text(value);
    if (control.value !== typed && !(as !== undefined && eq(converted(control.value, as), value))) control.value = typed;
  },
  touched: (control) => control.value !== control.defaultValue,
  first(control, value) {
    if (control.localName === "input") control.setAttribute("value", to_text(value));
  },
};

// The other controls by their `type`, and "select"; library/controls.js has them.
export const controls = {};

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
