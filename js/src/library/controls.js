// Checkboxes, radios, selects and file inputs with `bind` (L 10.9).

import { eq } from "../basics.js";
import { controls, converted, converters } from "../bind.js";
import { to_text } from "../text.js";
import { FlinFile } from "./kinds.js";

const option_of = (option, as) => converted(option.value, as) ?? option.value;
const was_toggled = (control) => control.checked !== control.defaultChecked;
const mark_checked = (control) => control.checked && control.setAttribute("checked", "");

Object.assign(controls, {
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
});

controls.file = {
  read(control) {
    const files = Array.from(control.files, (f) => new FlinFile({ name: f.name, size: f.size, type: f.type, url: "" }, f));
    return control.multiple ? files : (files[0] ?? null);
  },
  show(control, value) {
    if (value === null || value.length === 0) control.value = "";
  },
  touched: (control) => control.files?.length > 0,
  first() {},
};

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

converters.number = (text) => (NUMBER.test(text.trim()) ? Number(text) : undefined);
converters.int = (text) => (/^[+-]?\d+$/.test(text.trim()) && Number.isSafeInteger(Number(text)) ? Number(text) + 0 : undefined);
