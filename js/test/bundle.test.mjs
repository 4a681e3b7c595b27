// js/dist is what the server embeds: it must be what js/src gives, and small.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { build } from "../bundle.mjs";

const assets = build();
for (const name of ["runtime.js", "library.js"])
  test(`dist/${name} is up to date`, () => assert.equal(readFileSync(new URL(`../dist/${name}`, import.meta.url), "utf8"), assets[name], "run: node js/bundle.mjs"));

test("the runtime is under 10 KB gzipped", () => assert.ok(gzipSync(assets["runtime.js"], { level: 9 }).length < 10 * 1024));

test("debounce and throttle are under 20 lines each", () => {
  const source = readFileSync(new URL("../src/library/modifiers.js", import.meta.url), "utf8");
  for (const name of ["debounce", "throttle"]) {
    const [body] = new RegExp(`export function ${name}[^]*?\n}\n`).exec(source);
    assert.ok(body.split("\n").length < 20);
  }
});
