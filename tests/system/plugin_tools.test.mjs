// `flin plugin check`: what it finds, and what it says about it. `flin plugin new` is run by plugin_docs.test.mjs.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { build, folder, run } from "../support/flin.mjs";

const plugins = join(build, "tests/sdk/plugins");
const check = (id, ...args) => run(["plugin", "check", join(plugins, `flin_${id}.so`), ...args]);
const is_sanitized = readFileSync(join(build, "CMakeCache.txt"), "utf8").match(/^FLIN_SANITIZE:STRING=(.*)$/m)[1] !== "";

test("a plugin without faults passes, and its opcodes and validators were called", async () => {
  const { code, out } = await check("words", "--seed=5", "--calls=50");
  assert.match(out, /^checking .*flin_words\.so, seed 5\n/);
  for (const line of ["symbol, ABI 1.1, toolchain, id", "manifest: 1 opcodes, 1 built-ins, 1 validators", "loads", "starts", "words.count: 50 calls", "@max_words: 50 calls", "stops and is destroyed"])
    assert.ok(out.includes(`  ok    ${line}\n`), line);
  assert.match(out, /no faults found\n$/);
  assert.equal(code, 0);
});

test("a crash is told with the opcode, its arguments and the seed, which replays it", async () => {
  const first = await check("faulty_crashes", "--seed=11");
  assert.equal(first.code, 1);
  const [line] = first.out.match(/ {2}bad {3}faulty_crashes\.work\(.*\(\d+ bytes\)\): .*/) ?? assert.fail(first.out);
  if (!is_sanitized) assert.match(line, /crashed: Segmentation fault/);
  assert.match(first.out, /again: flin plugin check .*flin_faulty_crashes\.so --seed=11\nthe plugin has faults\n/);
  const again = await check("faulty_crashes", "--seed=11");
  assert.ok(again.out.includes(line), again.out);
});

test("a crash in a validator is told with the value", async () => {
  const { code, out } = await check("faulty_validator", "--seed=3");
  assert.match(out, / {2}bad {3}@above\(-1, -?\d+\): /);
  assert.equal(code, 1);
});

test("a write out of bounds is found in a plugin built with AddressSanitizer", async () => {
  const { code, out, err } = await check("faulty_overflows", "--seed=3");
  if (!is_sanitized) assert.match(out, /, seed 3, under AddressSanitizer\n/);
  assert.match(out, / {2}bad {3}faulty_overflows\.work\(.*\): AddressSanitizer found a fault/);
  assert.match(err, /heap-buffer-overflow/);
  assert.equal(code, 1);
});

test("an opcode that suspends without saying so is a fault", async () => {
  const { code, out } = await check("faulty_suspends", "--seed=3");
  assert.match(out, / {2}bad {3}faulty_suspends\.work\(.*\) suspends, and is not declared kMaySuspend\n/);
  assert.equal(code, 1);
});

test("what a manifest says wrongly is told, all at once", async () => {
  const { code, out } = await check("faulty_manifest", "--seed=3");
  for (const line of [
    "the plugin has no version",
    "opcode 'faulty_manifest.work' is pure and writes: it can be one of them only",
    "opcode 'faulty_manifest.work' has no help",
    "opcode 'faulty_manifest.two words' is not named 'faulty_manifest.verb'",
    "opcode 'faulty_manifest.two words' has more than one result",
    "opcode 'faulty_manifest.two words' is leaf and may suspend: it can be one of them only",
    "form 'sing' is none of the language",
    "built-in 'do work' is no name: letters, digits and '_', no digit first",
    "built-in 'do work' has a signature that is not of the form '(a: text, b: int = 0) -> text'",
    "built-in 'do work' has a tier that is not allowed",
    "built-in 'do work' is bound to opcode 'faulty_manifest.gone', which the plugin does not have",
    "setting 'port' has the fallback 'many', but it takes an int",
    "the plugin has more than one main setting",
  ])
    assert.ok(out.includes(`  bad   ${line}\n`), `${line}\n${out}`);
  assert.equal(code, 1);
});

test("a plugin of another ABI, and a file that is no plugin, are told by their P code", async (t) => {
  const other = await run(["plugin", "check", join(build, "tests/plugin_host/plugins/flin_other_major.so")]);
  assert.match(other.out, / {2}bad {3}P103: plugin 'other_major' was built for plugin ABI 9\.\d; this flin speaks 1\.\d/);
  assert.equal(other.code, 1);
  const cwd = folder(t);
  writeFileSync(join(cwd, "flin_text.so"), "text");
  const text = await run(["plugin", "check", "flin_text.so"], { cwd });
  assert.match(text.out, / {2}bad {3}P102: /);
  assert.equal(text.code, 1);
});

test("a plugin that needs another one is told so, and passes with it", async () => {
  const file = join(build, "lib/flin/plugins/flin_ws.so");
  const alone = await run(["plugin", "check", file]);
  assert.match(alone.out, / {2}bad {3}P111: plugin 'ws' needs .*--plugins/);
  assert.equal(alone.code, 1);
  const both = await run(["plugin", "check", file, "--plugins=http", "--http.port=0", "--seed=1"]);
  assert.equal(both.code, 0, both.out + both.err);
});

for (const [what, args, message] of [
  ["a file that is not there", ["check", "flin_gone.so"], /no such file: flin_gone\.so/],
  ["a file with another name", ["check", "app.flin"], /app\.flin is not named like a plugin: flin_<id>\.so/],
  ["a seed that is no number", ["check", "app.flin", "--seed=x"], /--seed takes a number/],
  ["no file", ["check"], /flin plugin takes new with a name, or check with a file/],
  ["a name that is none", ["new", "My Plugin"], /'My Plugin' cannot be the name of a plugin: it has small letters/],
  ["a folder that is in use", ["new", "shout", "--dir=."], /\. has something in it already; give another folder by --dir=/],
  ["an option it does not know", ["new", "shout", "--dri=x"], /unknown option --dri\. flin plugin new takes --dir=/],
])
  test(`flin plugin with ${what} is a usage error`, async (t) => {
    const cwd = folder(t, { "app.flin": "" });
    const { code, err } = await run(["plugin", ...args], { cwd });
    assert.match(err, message);
    assert.equal(code, 2);
    assert.ok(!existsSync(join(cwd, "shout")));
  });

test("flin plugin new writes a project with its name in it and a script that can be run", async (t) => {
  const cwd = folder(t);
  const { code, out } = await run(["plugin", "new", "shout"], { cwd });
  assert.equal(code, 0);
  assert.match(out, /^shout\/CMakeLists\.txt\n[^]*\nNext: cmake -S shout -B shout\/build/);
  for (const name of ["CMakeLists.txt", "README.md", "LICENSE", "ci.sh", ".gitignore", "src/ops.def", "src/shout_plugin.h", "src/shout_plugin.cpp", "src/entry.cpp", "tests/shout_test.cpp", "tests/shout.flin"]) {
    const text = readFileSync(join(cwd, "shout", name), "utf8");
    assert.doesNotMatch(text, /@(NAME|VERSION)@/, name);
  }
  assert.ok(statSync(join(cwd, "shout/ci.sh")).mode & 0o100);
});
