// Live values in the browser: what the server sends of them, applied (W 4.5).

import { Row } from "./kinds.js";
import { eq } from "./basics.js";
import { MISSING, signal, touch } from "./signals.js";

// Puts received fields into a row. A field with an unsaved edit is left alone, unless the server now has the same value.
function merge(row, json, codec) {
  const edited = codec.changed_fields(row), fresh = codec.new_row(row.$type, { id: row.id, ...json }, row.$type);
  if (json.version !== undefined && row.$version !== json.version) {
    row.$version = json.version;
    touch(row, "version");
  }
  for (const field in fresh.$values) {
    const now = row.$values[field], next = fresh.$values[field], unchanged = eq(now ?? null, next);
    if (edited.includes(field) && !unchanged) continue;
    row.$edits.delete(field);
    if (fresh.$json[field] !== undefined) row.$json[field] = fresh.$json[field];
    if (unchanged) continue;
    row.$values[field] = next;
    touch(row, field);
  }
  return row;
}

// Ends the edits that a call has carried: those made up to its clock.
export function end_edits(row, clock, codec) {
  for (const [field, time] of row.$edits) if (time <= clock) row.$edits.delete(field);
  for (const field of codec.changed_fields(row)) if (!row.$edits.has(field)) delete row.$json[field];
}

function insert_behind(rows, after, row) {
  rows.splice(after === null ? 0 : rows.findIndex((r) => r.id === after) + 1, 0, row);
}

// One live value of the page. `need` is the number of the last message that changed one of its inputs, `have` that of
// the newest value; both are 0 for values without inputs. `held` is undefined before the first value, and while the server
// hides it (`hides`: a condition of the server stands around it).
export class Live {
  constructor({ type, hides }, codec, json) {
    Object.assign(this, { codec, hides, type: codec(type), need: 0, have: 0, held: signal() });
    if (json !== undefined) this.replace(json);
  }

  get() {
    const value = this.held();
    if (value === undefined) throw MISSING;
    return value;
  }

  // A new value: rows that are in both stay the same objects.
  replace(json) {
    const { element } = this.type, old = this.held.peek();
    if (element === null) {
      if (json === null && this.hides) return this.held.set();
      const next = old instanceof Row && json?.id === old.id ? merge(old, json, this.codec) : this.type.read(json);
      if (old === undefined || !eq(old, next)) this.held.set(next);
      return;
    }
    const known = new Map((old ?? []).map((row) => [row.id, row]));
    const next = json.map((row) => (known.has(row.id) ? merge(known.get(row.id), row, this.codec) : this.codec.new_row(element, row, element)));
    if (!old || old.length !== next.length || next.some((row, i) => row !== old[i])) this.held.set(next);
  }

  apply(ops) {
    for (const op of ops) {
      if (op[0] === "=") this.replace(op[1]);
      else this.change_rows(op);
    }
  }

  change_rows([op, key, extra]) {
    const rows = this.held.peek()?.slice(), at = rows?.findIndex((row) => row.id === key);
    if (!rows) return; // the whole is asked for
    if (op === "+") insert_behind(rows, key, this.codec.new_row(this.type.element, extra, this.type.element));
    else if (at < 0) return;
    else if (op === "~") return void merge(rows[at], extra, this.codec);
    else {
      const [row] = rows.splice(at, 1);
      if (op === ">") insert_behind(rows, extra, row);
    }
    this.held.set(rows);
  }
}
