// The log: its forms, its levels, and which request a line belongs to.
import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually, folder, run, serve } from "../support/flin.mjs";
import { load_page } from "../support/http.mjs";

const app = { "app.flin": 'route GET "/pay" { log_warn("paid", 12)\n "ok" }\n' };

test("--log=json writes objects that name the request", async (t) => {
  const server = await serve(t, app, { args: ["--log=json"] });
  await load_page(`${server.url}/pay`);
  const line = await eventually(() => server.output.err.split("\n").find((l) => l.includes('"app"')), "the line");
  const { time, request, ...rest } = JSON.parse(line);
  assert.deepEqual(rest, { level: "warning", module: "app", message: "paid 12", name: "GET /pay" });
  assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  assert.match(request, /^[0-9a-f]+$/);
  for (const other of server.output.err.trim().split("\n")) assert.ok(JSON.parse(other).message, other);
});

test("the pretty log names the request too", async (t) => {
  const server = await serve(t, app);
  await load_page(`${server.url}/pay`);
  await eventually(() => / warning {2}app {2}paid 12 {2}\(GET \/pay #[0-9a-f]+\)\n/.test(server.output.err), "the line");
});

test("--log_level may name modules", async (t) => {
  const cwd = folder(t, { "app.flin": 'log_info("i")\nlog_error("e")\n' });
  const quiet = await run(["--plugins=store", "--log_level=app=error,debug", "app.flin"], { cwd });
  assert.doesNotMatch(quiet.err, /app {2}i/);
  assert.match(quiet.err, /app {2}e/);
  assert.match(quiet.err, /debug +host {2}loaded plugin store/);
  const bad = await run(["--log_level=loud", "app.flin"], { cwd });
  assert.equal(bad.err, "flin: S102: setting log_level cannot be 'loud': it takes debug, info, warning or error, and module=level for single modules, parted by commas: http=debug,info\n");
  assert.equal(bad.code, 78);
  const old = await run(["--log=debug", "app.flin"], { cwd });
  assert.match(old.err, /S102: setting log cannot be 'debug': it takes one of pretty and json/);
});

test("config show --json is JSON with each setting's origin", async () => {
  const { code, out } = await run(["config", "show", "--json", "--http.port=8080"], { env: { FLIN_LOOPS: "3" } });
  assert.equal(code, 0);
  const by_name = Object.fromEntries(JSON.parse(out).map((s) => [s.name, s]));
  assert.deepEqual(by_name["http.port"], { ...by_name["http.port"], value: "8080", origin: "command line", source: "--http.port", default: "3000", type: "int" });
  assert.equal(by_name.loops.origin, "environment");
  assert.equal(by_name.deadline.value, "5000");
  for (const s of Object.values(by_name)) assert.ok(s.help.length > 5, s.name);
});
