// File inputs with `bind` (L 10.9) and calls that carry chosen files (W 6).

import { controls } from "../bind.js";
import { hooks_of_calls } from "../calls.js";
import { FlinFile } from "./kinds.js";

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

// Chosen files go beside the JSON of a call, as parts f0, f1 ..
hooks_of_calls.body = (message) => {
  const files = [];
  const json = JSON.stringify(message, (key, value) => (value?.$f instanceof FlinFile ? { $f: files.push(value.$f.blob) - 1 } : value));
  if (files.length === 0) return json;
  const form = new FormData();
  form.append("call", json);
  files.forEach((file, i) => form.append(`f${i}`, file));
  return form;
};
