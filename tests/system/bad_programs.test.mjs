// Programs that are wrong: the whole text that the author sees, and the exit status.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { example, folder, run } from "../support/flin.mjs";

// Checks a program of one file; what is printed must be `expected`.
async function refuses(t, source, expected, args = []) {
  const cwd = folder(t, { "app.flin": source });
  const { code, out, err } = await run([...args, "app.flin"], { cwd });
  assert.equal(err, expected);
  assert.equal(out, "");
  assert.equal(code, 1);
}

test("a file that does not exist is a wrong command line", async (t) => {
  const { code, out, err } = await run(["nowhere.flin"], { cwd: folder(t) });
  assert.equal(err, "flin: no such file: nowhere.flin\n");
  assert.equal(out, "");
  assert.equal(code, 2);
});

test("an empty file is a script that does nothing", async (t) => {
  const cwd = folder(t, { "app.flin": "" });
  assert.deepEqual(await run(["app.flin"], { cwd }), { code: 0, signal: null, out: "", err: "" });
});

test("a directory without programs is a wrong command line", async (t) => {
  const cwd = folder(t);
  mkdirSync(join(cwd, "shop"));
  const { code, err } = await run(["./shop"], { cwd });
  assert.match(err, /^flin: \.\/shop is a directory; .*\n$/);
  assert.equal(code, 2);
});

test("a file that is not UTF-8 is E0109 at the first bad byte", async (t) => {
  const cwd = folder(t);
  writeFileSync(join(cwd, "app.flin"), Buffer.concat([Buffer.from('a = 1\nb = "'), Buffer.from([0xff]), Buffer.from('"\n')]));
  const { code, err } = await run(["check", "app.flin"], { cwd });
  assert.match(err, /^error\[E0109\]: file is not UTF-8\n --> app\.flin:2:6\n/);
  assert.match(err, /= help: save the file as UTF-8\n/);
  assert.equal(code, 1);
});

test("a syntax error in line 1 is shown with line and caret", (t) =>
  refuses(
    t,
    "x = ,\n",
    `error[E0202]: expected an expression, found ','
 --> app.flin:1:5
  |
1 | x = ,
  |     ^
  |
  = help: complete the expression, or remove the comma
`,
  ));

test("a syntax error in line 300 is shown with line and caret", (t) =>
  refuses(
    t,
    `${"print(1)\n".repeat(299)}x = 1 )\n`,
    `error[E0204]: unexpected closing ')'
   --> app.flin:300:7
    |
300 | x = 1 )
    |       ^
    |
    = help: remove it
`,
  ));

test("an undefined name suggests the nearest", (t) =>
  refuses(
    t,
    "total = 1\nprint(totl)\n",
    `error[E0001]: undefined variable 'totl'
 --> app.flin:2:7
  |
2 | print(totl)
  |       ^^^^ not declared in this scope
  |
  = help: did you mean 'total'? (declared on line 1)
  = note: variables must be declared before use
`,
  ));

test("several errors are shown at once, in order", async (t) => {
  const cwd = folder(t, { "app.flin": "print(a)\nb = 1 )\nupper(5)\n" });
  const { code, err } = await run(["check", "app.flin"], { cwd });
  assert.deepEqual([...err.matchAll(/error\[(E\d+)\]/g)].map((found) => found[1]), ["E0001", "E0204", "E0304"]);
  assert.equal(code, 1);
});

test("save without a store says which plugin and which flag", (t) =>
  refuses(
    t,
    'entity Task { title: text }\ntask = Task { title: "a" }\nsave task\n',
    `error[E1001]: 'save' needs plugin store
 --> app.flin:3:1
  |
3 | save task
  | ^^^^ no loaded plugin gives it a meaning
  |
  = help: run with --plugins=http,store
`,
    ["--plugins=http"],
  ));

test("the todo example needs the store", async () => {
  const { code, err } = await run(["--plugins=http,ws", example("todo.flin")]);
  assert.match(err, /error\[E1001\]: '\w+' needs plugin store\n/);
  assert.match(err, /= help: run with --plugins=http,ws,store\n/);
  assert.equal(code, 1);
});

test("a path below /_ is reserved", async (t) => {
  const cwd = folder(t, { "app.flin": 'route GET "/_x" { none }\n' });
  const { code, err } = await run(["app.flin"], { cwd });
  assert.match(err, /^error\[E0902\]: bad path\n --> app\.flin:1:\d+\n/);
  assert.match(err, /= help: \* only last; paths under \/_ belong to FLIN\n/);
  assert.equal(code, 1);
});
