// Command lines, settings, plugins and ports that are wrong: one sentence and the right exit status.
import assert from "node:assert/strict";
import net from "node:net";
import { join } from "node:path";
import { test } from "node:test";

import { build, example, folder, run } from "../support/flin.mjs";

const app = example("todo.flin");
const fixtures = join(build, "tests/plugin_host/plugins");

test("an unknown option ends with 2 and suggests the nearest", async () => {
  const { code, out, err } = await run(["--plguins=http", app]);
  assert.match(err, /^flin: unknown option --plguins\. Did you mean --plugins\?/);
  assert.equal(out, "");
  assert.equal(code, 2);
});

test("an unknown short option ends with 2", async () => {
  const { code, err } = await run(["-x", app]);
  assert.match(err, /^flin: unknown option '-x'/);
  assert.equal(code, 2);
});

test("an unknown command ends with 2 and suggests the nearest", async () => {
  const { code, err } = await run(["chek", app]);
  assert.match(err, /^flin: unknown command 'chek'\. Did you mean 'check'\?/);
  assert.equal(code, 2);
});

test("a plugin that is not there is P101 and names the folders", async () => {
  const { code, err } = await run(["--plugins=stroe", app]);
  assert.match(err, /P101.*plugin 'stroe' not found: no flin_stroe\.so in /);
  assert.equal(code, 78);
});

test("a plugin of another ABI is P103", async () => {
  const { code, err } = await run(["--plugins=other_major", app], { env: { FLIN_PLUGIN_PATH: fixtures } });
  assert.match(err, /P103.*plugin 'other_major' was built for plugin ABI 9\.\d+; this flin speaks \d+\.\d+\. Rebuild it with this flin's SDK\./);
  assert.equal(code, 78);
});

test("a plugin without what it needs is P111 and says how to get it", async () => {
  const { code, err } = await run(["--plugins=ws", app]);
  assert.match(err, /P111.*plugin 'ws' needs flin\.http\.IUpgrades\/1, which no loaded plugin offers/);
  assert.equal(code, 78);
});

test("a setting that its plugin does not have is S101 and suggests the nearest", async () => {
  const { code, err } = await run(["--http.prot=0", app]);
  assert.match(err, /S101.*plugin http has no setting 'prot'/);
  assert.match(err, /[Dd]id you mean '?port'?/);
  assert.equal(code, 78);
});

test("a setting with a value of another type is S102", async () => {
  const { code, err } = await run(["--http.port=abc", app]);
  assert.match(err, /S102.*setting http\.port cannot be 'abc'/);
  assert.equal(code, 78);
});

test("the same setting is refused when it comes from the environment or from flin.json", async (t) => {
  const cwd = folder(t, { "flin.json": '{"http": {"port": "abc"}}', "app.flin": "<p>hi</p>\n" });
  for (const env of [{}, { FLIN_HTTP_PORT: "xyz" }]) {
    const { code, err } = await run(["app.flin"], { cwd, env });
    assert.match(err, new RegExp(`setting http\\.port cannot be '${env.FLIN_HTTP_PORT ?? "abc"}'`));
    assert.equal(code, 78);
  }
});

test("a port in use ends with 78 and says so", async (t) => {
  const other = net.createServer();
  await new Promise((resolve) => other.listen(0, "127.0.0.1", resolve));
  t.after(() => other.close());
  const { port } = other.address();
  const { code, err } = await run([`--http.port=${port}`, "--store=memory", app], { cwd: folder(t) });
  assert.match(err, new RegExp(`P113.*plugin 'http' did not start: port ${port} on 127\\.0\\.0\\.1 is in use; stop the program that uses it or take another with --http\\.port`));
  assert.equal(code, 78);
});
