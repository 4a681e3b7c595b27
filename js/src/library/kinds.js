// The kinds of values that JavaScript has no own form for (L 3.1).

import { track, touch } from "../signals.js";
import { eq } from "../basics.js";
import { inner_text } from "./text.js";

class Scalar {
  constructor(value) {
    this.value = value;
  }
  flin_same(other) {
    return other instanceof this.constructor && other.value === this.value;
  }
}

// An instant: milliseconds since 1970, UTC.
export class Time extends Scalar {
  get flin_kind() {
    return "time";
  }
  flin_text() {
    return new Date(this.value).toISOString();
  }
}

// The members of L 24.6, in UTC.
const TIME_MEMBERS = {
  year: (d) => d.getUTCFullYear(),
  month: (d) => d.getUTCMonth() + 1,
  day: (d) => d.getUTCDate(),
  hour: (d) => d.getUTCHours(),
  minute: (d) => d.getUTCMinutes(),
  second: (d) => d.getUTCSeconds(),
  ms: (d) => d.getUTCMilliseconds(),
  weekday: (d) => ((d.getUTCDay() + 6) % 7) + 1,
  yearday: (d) => Math.floor((d - new Date(d).setUTCMonth(0, 1)) / 864e5) + 1,
  unix: (d) => Math.floor(d / 1000),
  date: (d) => d.toISOString().slice(0, 10),
};
for (const name in TIME_MEMBERS)
  Object.defineProperty(Time.prototype, name, {
    get() {
      return TIME_MEMBERS[name](new Date(this.value));
    },
  });

// A span of milliseconds.
export class Duration extends Scalar {
  get flin_kind() {
    return "duration";
  }
  flin_text() {
    let rest = Math.abs(this.value);
    const parts = [];
    for (const [unit, size] of [["d", 864e5], ["h", 36e5], ["m", 6e4], ["s", 1e3], ["ms", 1]]) {
      const n = Math.floor(rest / size);
      rest -= n * size;
      if (n > 0) parts.push(n + unit);
    }
    return (this.value < 0 ? "-" : "") + (parts.join(" ") || "0ms");
  }
}

const DECIMALS = {
  0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
  3: "BHD IQD JOD KWD LYD OMR TND",
  4: "CLF UYW",
};

// How many decimals a currency of ISO 4217 has.
export function decimals_of(currency) {
  for (const n in DECIMALS) if (DECIMALS[n].includes(currency)) return +n;
  return 2;
}

export class Money extends Scalar {
  get flin_kind() {
    return "money";
  }
  constructor(minor, currency) {
    super(minor);
    this.currency = currency;
  }
  get minor() {
    return this.value;
  }
  get amount() {
    return this.value / 10 ** decimals_of(this.currency);
  }
  amount_text() {
    const n = decimals_of(this.currency), digits = String(Math.abs(this.value)).padStart(n + 1, "0"), cut = digits.length - n;
    return (this.value < 0 ? "-" : "") + digits.slice(0, cut) + (n ? "." + digits.slice(cut) : "");
  }
  flin_same(other) {
    return super.flin_same(other) && other.currency === this.currency;
  }
  flin_text() {
    return this.amount_text() + " " + this.currency;
  }
}

export class Regex {
  get flin_kind() {
    return "regex";
  }
  constructor(source, flags) {
    this.source = source;
    this.flags = flags;
    this.compiled = new RegExp(source, flags + "gu");
  }
  flin_text() {
    return `/${this.source}/${this.flags}`;
  }
}

// Markup made elsewhere: HTML text.
export class View {
  get flin_kind() {
    return "view";
  }
  constructor(html) {
    this.html = html;
  }
  flin_text() {
    return this.html;
  }
}

// A stored file, or one chosen in an input (`blob`).
export class FlinFile {
  get flin_kind() {
    return "file";
  }
  constructor(fields, blob = null) {
    Object.assign(this, fields);
    this.blob = blob;
  }
  flin_text() {
    return this.name ?? "";
  }
}

export class Tuple {
  get flin_kind() {
    return "tuple";
  }
  constructor(...items) {
    this.items = items;
  }
  flin_text() {
    return `(${this.items.map(inner_text).join(", ")})`;
  }
  flin_equal(other) {
    return other instanceof Tuple && eq(this.items, other.items);
  }
}

// A value of an enum; `index` is its place in the declaration.
export class Variant {
  get flin_kind() {
    return this.type;
  }
  constructor(type, name, values = [], index = 0) {
    this.type = type;
    this.name = name;
    this.values = values;
    this.index = index;
  }
  flin_same(other) {
    const { type, name, values } = this;
    return other instanceof Variant && other.type === type && other.name === name && values.every((v, i) => v === other.values[i]);
  }
  flin_equal(other) {
    return other instanceof Variant && other.type === this.type && other.name === this.name && eq(this.values, other.values);
  }
  flin_text() {
    return this.name + (this.values.length ? `(${this.values.map(inner_text).join(", ")})` : "");
  }
}

// A map in insertion order. Keys that JavaScript would compare by identity are kept under a text that stands for them.
export class FlinMap {
  get flin_kind() {
    return "map";
  }
  constructor(pairs = []) {
    this.entries = new Map();
    for (const [key, value] of pairs) this.entries.set(key_of(key), [key, value]);
  }
  get size() {
    return track(this).entries.size;
  }
  has(key) {
    return track(this).entries.has(key_of(key));
  }
  get(key) {
    return track(this).entries.get(key_of(key))?.[1] ?? null;
  }
  set(key, value) {
    const id = key_of(key), entry = this.entries.get(id);
    if (entry === undefined) this.entries.set(id, [key, value]);
    else entry[1] = value;
    touch(this);
  }
  delete(key) {
    if (this.entries.delete(key_of(key))) touch(this);
  }
  // Takes over the entries of another map.
  assign(other) {
    this.entries = new Map(other.entries);
    touch(this);
  }
  flin_text() {
    return `[${Array.from(this, ([k, v]) => `${inner_text(k)}: ${inner_text(v)}`).join(", ") || ":"}]`;
  }
  flin_equal(other) {
    if (!(other instanceof FlinMap) || this.size !== other.size) return false;
    for (const [key, value] of this) if (!other.has(key) || !eq(value, other.get(key))) return false;
    return true;
  }
  flin_items() {
    return Array.from(this, ([key]) => key);
  }
  [Symbol.iterator]() {
    return track(this).entries.values();
  }
}

function key_of(key) {
  if (typeof key === "string") return key[0] === "\0" ? "\0" + key : key;
  if (typeof key !== "object" || key === null) return key;
  if (key instanceof Tuple) return "\0(" + JSON.stringify(key.items.map((item) => [typeof item, key_of(item)]));
  if (key instanceof Variant) return "\0e" + key.type + "." + key.name;
  return "\0t" + key.value;
}

