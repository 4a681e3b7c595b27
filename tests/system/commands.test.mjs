// What flin prints when nothing is wrong.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { build, example, folder, run } from "../support/flin.mjs";

const fixtures = join(build, "tests/plugin_host/plugins");

test("--version names the version and the plugin ABI", async () => {
  const { code, out, err } = await run(["--version"]);
  assert.match(out, /^flin \d+\.\d+\.\d+ \(plugin ABI \d+\.\d+\)\n$/);
  assert.equal(err, "");
  assert.equal(code, 0);
});

test("--help shows the commands and goes to standard output", async () => {
  const { code, out, err } = await run(["--help"]);
  for (const word of ["flin app.flin", "flin check", "flin dump", "flin plugins", "--version"]) assert.ok(out.includes(word), word);
  assert.equal(err, "");
  assert.equal(code, 0);
});

test("flin alone shows the same help", async () => {
  const [alone, help] = await Promise.all([run([]), run(["--help"])]);
  assert.equal(alone.out, help.out);
});

for (const command of ["run", "check", "test", "dump", "plugins", "config", "migrate"])
  test(`${command} --help has examples`, async () => {
    const { code, out } = await run([command, "--help"]);
    assert.match(out, new RegExp(`^flin ${command} `));
    assert.match(out, /\n {2}flin /);
    assert.equal(code, 0);
  });

for (const name of ["counter.flin", "todo.flin"])
  test(`check finds nothing wrong with examples/${name}`, async () => {
    assert.deepEqual(await run(["check", example(name)]), { code: 0, signal: null, out: "", err: "" });
  });

test("check --tiers says where handlers and bindings run, and why", async () => {
  const { code, out } = await run(["check", "--tiers", example("todo.flin")]);
  assert.match(out, /submit.*server/);
  assert.match(out, /click.*browser/);
  assert.match(out, /save/);
  assert.equal(code, 0);
});

test("dump shows functions and the live values of a page", async () => {
  const { code, out } = await run(["dump", example("todo.flin")]);
  assert.match(out, /store\.save/);
  assert.match(out, /LIVE/i);
  assert.equal(code, 0);
});

test("a script prints and ends with 0", async (t) => {
  const cwd = folder(t, { "hello.flin": 'n = 2\nprint("{n} and {n + 1}", [1, "a"])\n' });
  assert.deepEqual(await run(["hello.flin"], { cwd }), { code: 0, signal: null, out: '2 and 3 [1, "a"]\n', err: "" });
});

test("an uncaught error of a script ends with 1 and a trace", async (t) => {
  const cwd = folder(t, { "shop.flin": "fn total(xs) {\n    xs[5]\n}\nprint(1)\ntotal([1, 2, 3])\n" });
  const { code, out, err } = await run(["shop.flin"], { cwd });
  assert.equal(out, "1\n");
  assert.match(err, /^runtime error\[R0011\]: index 5 is out of range \(list of 3\)\n {2}at total \(shop\.flin:2:\d+\)\n/);
  assert.equal(code, 1);
});

test("plugins list names the standard set", async () => {
  const { code, out } = await run(["plugins", "list"]);
  for (const id of ["http", "ws", "store"]) assert.match(out, new RegExp(`^${id}\\b`, "m"));
  assert.equal(code, 0);
});

test("plugins describe tells opcodes, settings and forms of a plugin", async () => {
  const { code, out } = await run(["plugins", "describe", "store"]);
  for (const word of ["store.save", "backend", "flin.store.IEntityStore/1"]) assert.ok(out.includes(word), word);
  assert.equal(code, 0);
});

test("plugins describe finds plugins of FLIN_PLUGIN_PATH", async () => {
  const { code, out } = await run(["plugins", "describe", "alpha"], { env: { FLIN_PLUGIN_PATH: fixtures } });
  assert.match(out, /flin\.test\.IAlpha\/1/);
  assert.equal(code, 0);
});

test("config show tells each setting, its value and where it comes from", async () => {
  const { code, out } = await run(["config", "show", "--http.port=8080"]);
  assert.match(out, /http\.port.*8080/);
  assert.match(out, /http\.body_bytes/);
  assert.equal(code, 0);
});
