// The rows of tests/wire/values.json (W 4.1), read and written by the codecs of js/src.
import assert from "node:assert/strict";
import { test } from "node:test";

import "../src/library/codecs.js";
import { Time } from "../src/library/kinds.js";
import { make_codec } from "../src/values.js";
import { read_wire } from "./browser.mjs";

const { types, functions, rows } = JSON.parse(read_wire("values.json"));
const named = Object.fromEntries(functions.map((name) => [name, Object.assign(() => 1, { flin_name: name })]));
const codec = make_codec(types, named);

for (const { type, json, any, refused, to, code = "R0401" } of rows) {
  if (to === "server") continue;
  const name = `${type} ${JSON.stringify(json)}`;
  if (refused) test(`refuses ${name}`, () => assert.throws(() => codec(type).read(json), (error) => error.code === code));
  else {
    test(`reads ${name}${to ? "" : " and writes it"}`, () => {
      const value = codec(type).read(json);
      if (to !== "browser") assert.deepEqual(codec(type).write(value), json);
    });
    if (any === undefined) continue;
    test(`reads any ${JSON.stringify(any)}${to ? "" : " and writes it"}`, () => {
      const value = codec("any").read(any);
      if (to !== "browser") assert.deepEqual(codec("any").write(value), any);
    });
  }
}

const row = () => codec("Todo").read({ id: 7, version: 3, title: "x", done: false, tags: ["a"] });

test("an entity travels with the fields changed here and the version of the first change", () => {
  const todo = row();
  assert.deepEqual(codec("Todo").write(todo), { $e: "Todo", id: 7, v: 3, set: {} });
  todo.title = "y";
  assert.deepEqual(codec("Todo").write(todo), { $e: "Todo", id: 7, v: 3, set: { title: "y" } });
});

test("a list changed in place is a changed field", () => {
  const todo = row();
  todo.tags.push("b");
  assert.deepEqual(codec("Todo").write(todo).set, { tags: ["a", "b"] });
});

test("a new entity travels with its fields", () => {
  const made = new (codec.class_of("Todo"))({ title: "n", done: true });
  assert.deepEqual(codec("Todo").write(made), { $e: "Todo", id: 0, v: 0, set: { title: "n", done: true } });
});

test("ints beyond the browser's range fail when written", () => {
  assert.throws(() => codec("int").write(2 ** 53), (error) => error.code === "R0010");
});

test("functions without a name, views and foreign objects cannot cross", () => {
  assert.throws(() => codec("any").write(() => 1), (error) => error.code === "R0020");
  assert.throws(() => codec("view").write(codec("view").read("<b>x</b>")), (error) => error.code === "R0020");
  assert.throws(() => codec("any").write(new Date()), (error) => error.code === "R0020");
});

test("a refusal names what was read", () => {
  assert.throws(() => codec("[int]").read(["x"], "n"), { message: "n must be int" });
});

test("times keep their kind in any", () => assert.deepEqual(codec("any").write([new Time(5)]), [{ $t: "time", v: 5 }]));
