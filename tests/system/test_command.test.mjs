// flin test: the test blocks of a program.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { folder, run } from "../support/flin.mjs";

const APP = `entity Todo { title: text @required }
fn add(a: int, b: int) { a + b }
n = 1
<p>{n}</p>
test "adds" { assert add(1, 2) == 3 }
test "compares" {
  x = "a"
  assert x + "b" == "ac"
}
test "saves" { save Todo { title: "a" }; assert Todo.count == 1 }
test "starts with an empty store" { assert Todo.count == 0 }
test "expects" {
  expect_error { fail("x") }
  expect_error "R0101" { save Todo { title: "" } }
}
test "expects in vain" { expect_error { add(1, 2) } }
test "expects another" { expect_error "R0101" { fail("x") } }
`;

const program = (t, text = APP) => join(folder(t, { "app.flin": text }), "app.flin");
const without_times = (text) => text.replaceAll(/\(\d+ ms\)/g, "(ms)").replaceAll(/\(\/\S*\/app.flin/g, "(app.flin");

test("tells each test, what failed with both sides and place, and the sum", async (t) => {
  const { code, out, err } = await run(["test", program(t)]);
  assert.equal(err, "");
  assert.equal(
    without_times(out),
    `ok    adds (ms)
FAIL  compares (ms)
      R0015: assertion failed: "ab" == "ac"
        at test "compares" (app.flin:8:18)
ok    saves (ms)
ok    starts with an empty store (ms)
ok    expects (ms)
FAIL  expects in vain (ms)
      R0015: expected an error, but nothing failed
        at test "expects in vain" (app.flin:16:26)
FAIL  expects another (ms)
      R0015: expected R0101, but it failed with R0016: x
        at test "expects another" (app.flin:17:26)

7 tests: 4 passed, 3 failed
`,
  );
  assert.equal(code, 1);
});

test("--filter runs those with the text in their name; all passing is status 0", async (t) => {
  const { code, out } = await run(["test", "--filter=add", program(t)]);
  assert.equal(without_times(out), "ok    adds (ms)\n\n1 test: 1 passed, 0 failed\n");
  assert.equal(code, 0);
});

test("a filter that leaves no test is status 1", async (t) => {
  const { code, err } = await run(["test", "--filter=nothing", program(t)]);
  assert.equal(err, "flin: no test has 'nothing' in its name\n");
  assert.equal(code, 1);
});

test("--json writes one line per test and nothing else to standard output", async (t) => {
  const { code, out, err } = await run(["test", "--json", program(t, 'test "prints" { print("x") }\ntest "fails" { fail("no") }\n')]);
  const [prints, fails] = out.trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual([prints.test, prints.ok], ["prints", true]);
  assert.deepEqual([fails.test, fails.ok, fails.code, fails.message], ["fails", false, "R0016", "no"]);
  assert.match(fails.trace[0], /^at test "fails" \(.*app\.flin:2:21\)$/);
  assert.equal(err, "x\n");
  assert.equal(code, 1);
});

test("a program without tests says so; one with errors is status 1 with its diagnostics", async (t) => {
  const none = await run(["test", program(t, "print(1)\n")]);
  assert.match(none.err, /^flin: .*app\.flin has no tests\n$/);
  assert.equal(none.code, 0);
  const wrong = await run(["test", program(t, 'test "a" { print(totl) }\n')]);
  assert.match(wrong.err, /^error\[E0001\]/);
  assert.equal(wrong.code, 1);
});

test("test blocks are no part of a program that runs", async (t) => {
  assert.deepEqual(await run(["run", "--plugins=", program(t, 'print(1)\ntest "a" { print(2) }\n')]), { code: 0, signal: null, out: "1\n", err: "" });
});
