// A reader of JSON (RFC 8259). JSON.parse would not do: it puts keys like "1" first, takes a key twice and does not say where it fails.

import { fail } from "../../kinds.js";
import { FlinMap } from "../kinds.js";

const JSON_DEPTH = 200;
const NUMBER_TOKEN = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y, TEXT_TOKEN = /"(?:[^"\\\0-\x1f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y, JSON_BLANKS = /[ \t\r\n]*/y;
const WORDS = { true: true, false: false, null: null };

class JsonReader {
  constructor(source) {
    Object.assign(this, { source, at: 0, levels: 0 });
  }

  // R0021 with line and column of where it fails.
  refuse() {
    const before = this.source.slice(0, this.at), line = before.slice(before.lastIndexOf("\n") + 1);
    fail("R0021", `bad JSON at ${before.split("\n").length}:${Array.from(line).length + 1}`);
  }

  take(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found === undefined) this.refuse();
    this.at += found.length;
    return found;
  }

  // Passes over blanks; true and one further if `sign` stands there.
  sees(sign) {
    this.take(JSON_BLANKS);
    if (this.source[this.at] !== sign) return false;
    this.at++;
    return true;
  }

  text() {
    this.take(JSON_BLANKS);
    const start = this.at, text = JSON.parse(this.take(TEXT_TOKEN));
    if (/[\ud800-\udfff]/u.test(text)) {
      this.at = start;
      this.refuse();
    }
    return text;
  }

  // Items up to `end`, after its opening sign.
  items(end, item) {
    if (++this.levels > JSON_DEPTH) this.refuse();
    if (!this.sees(end)) {
      do item();
      while (this.sees(","));
      if (!this.sees(end)) this.refuse();
    }
    this.levels--;
  }

  list() {
    const list = [];
    this.items("]", () => list.push(this.value()));
    return list;
  }

  map() {
    const map = new FlinMap();
    this.items("}", () => {
      const key = this.text();
      if (map.has(key) || !this.sees(":")) this.refuse();
      map.set(key, this.value());
    });
    return map;
  }

  value() {
    if (this.sees("{")) return this.map();
    if (this.sees("[")) return this.list();
    if (this.source[this.at] === '"') return this.text();
    for (const word in WORDS)
      if (this.source.startsWith(word, this.at)) {
        this.at += word.length;
        return WORDS[word];
      }
    return Number(this.take(NUMBER_TOKEN));
  }

  whole() {
    const value = this.value();
    this.take(JSON_BLANKS);
    if (this.at < this.source.length) this.refuse();
    return value;
  }
}

export const read_json = (text) => new JsonReader(text).whole();
