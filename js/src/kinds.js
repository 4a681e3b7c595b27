// The values of FLIN that every page may meet beside JavaScript's own: failures and rows of entities. Text, bool, none (null),
// int, number and lists are JavaScript's own (L 3.14 tells int and number apart by value, the compiler by static type);
// library/kinds.js has the rest. A kind of the library answers flin_text (text form), flin_same (equal scalars),
// flin_equal (equal collections) and flin_items (what a loop goes over).

import { touch, track } from "./signals.js";

// A FLIN error value: thrown by operators and built-ins, caught by `try`. `code` is "R0010" and the like.
export class FlinError extends Error {
  constructor(code, message, fields = null) {
    super(message);
    this.name = this.code = code; // the console shows "R0010: .."
    this.fields = fields;
  }
  get flin_kind() {
    return "error";
  }
}

export function fail(code, message) {
  throw new FlinError(code, message);
}

// An entity as the browser holds it: a row of a live value, or one made here (id 0). Fields are read and written as
// properties; classes for the entities of a page are made by `row_class`.
export class Row {
  constructor(values, version = 0) {
    this.$values = values; // as the browser shows them
    this.$version = version; // of the newest state received
    this.$base = version; // version at the first unsaved edit
    this.$edits = new Map(); // field -> number of its newest edit
    this.$json = {}; // what lists and maps looked like when they came
  }
  get id() {
    return this.$values.id || (track(this, "id"), 0); // a saved one keeps its id
  }
  get version() {
    return track(this, "version").$version;
  }
}

let edits = 0;

// Notes that a field was changed in the browser and is not saved yet.
export function note_edit(row, field) {
  if (row.$edits.size === 0) row.$base = row.$version;
  row.$edits.set(field, ++edits);
}

export function edit_clock() {
  return edits;
}

export function row_class(name, fields) {
  const made = class extends Row {};
  made.prototype.$type = name;
  made.prototype.$fields = fields;
  for (const field in fields) {
    if (field === "id" || field === "version") continue;
    Object.defineProperty(made.prototype, field, {
      get() {
        return track(this, field).$values[field] ?? null;
      },
      set(value) {
        if (this.$values[field] === value) return;
        this.$values[field] = value;
        note_edit(this, field);
        touch(this, field);
      },
    });
  }
  return made;
}
