// ./dev and README.md: every command that a newcomer reads works.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";

import { build, folder, root, run, serve } from "../support/flin.mjs";
import { request } from "../support/http.mjs";

const dev = (...args) => spawnSync(join(root, "dev"), args, { encoding: "utf8", cwd: "/" });
const COMMANDS = ["setup", "build", "run", "test", "bench", "fmt", "lint"];
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = (language) => [...readme.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map((found) => found[1]);

// Starts a long-running command of the shell and gives the URL it prints.
function url_of(t, command) {
  const preset = basename(build);
  const env = { ...process.env, FLIN_PRESET: preset, FLIN_HTTP_PORT: "0" };
  const child = spawn("bash", ["-c", `exec ${command}`], { cwd: root, env, detached: true });
  t.after(() => child.exitCode ?? process.kill(-child.pid, "SIGTERM"));
  return new Promise((resolve, reject) => {
    let text = "";
    const look = (chunk) => {
      text += chunk;
      const found = /listening on (http:\/\/[^\s"]+)/.exec(text);
      if (found) resolve(found[1]);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.on("exit", (code) => reject(new Error(`${command} ended with ${code}:\n${text}`)));
  });
}

test("./dev alone lists its commands", () => {
  const { status, stdout } = dev();
  assert.equal(status, 0);
  for (const command of COMMANDS) assert.ok(stdout.includes(`./dev ${command}`), command);
});

for (const command of COMMANDS)
  test(`./dev ${command} --help says how it is used`, () => {
    const { status, stdout } = dev(command, "--help");
    assert.equal(status, 0);
    assert.ok(stdout.startsWith(`usage: ./dev ${command}`), stdout);
  });

test("./dev refuses what it does not know", () => {
  const { status, stderr } = dev("tset");
  assert.equal(status, 1);
  assert.match(stderr, /dev: unknown command 'tset'/);
});

// Commands of README.md, by their first words. A test run cannot start itself: of `./dev test` and `./dev bench` only the name is looked at.
const HOW = [
  [/^\.\/dev run/, async (t, command) => assert.equal((await request(await url_of(t, command))).status, 200)],
  [/^\.\/dev (test|bench)/, async (t, command) => assert.equal(dev(command.split(" ")[1], "--help").status, 0)],
  // Run as it stands by tests/browser/dashboard.test.mjs.
  [/^curl localhost:3000\/readings /, () => assert.ok(readFileSync(join(root, "tests/browser/dashboard.test.mjs"), "utf8").includes('"README.md"'))],
  [/^build\/release\/bin\/flin (dev )?(--\S+ )*\S+\.flin$/, async (t, command) => assert.equal((await request(await url_of(t, in_this_build(command)))).status, 200)],
  [/^build\/release\/bin\/flin /, async (t, command) => assert.equal((await run(command.split(" ").slice(1), { cwd: root })).code, 0)],
];
const in_this_build = (command) => command.replace("build/release", build);

for (const command of blocks("sh").flatMap((block) => block.trim().split("\n")).map((line) => line.replace(/\s+#.*/, "")))
  test(`README: ${command}`, async (t) => {
    const how = HOW.find(([form]) => form.test(command));
    assert.ok(how, "no test knows how to run this command");
    await how[1](t, command);
  });

test("README: the program is served as it stands there", async (t) => {
  const [program] = blocks("flin");
  assert.ok(program.trim().split("\n").length <= 12);
  const cwd = folder(t, { "hello.flin": program });
  assert.deepEqual(await run(["check", "hello.flin"], { cwd }), { code: 0, signal: null, out: "", err: "" });
  const { url } = await serve(t, "hello.flin", { cwd });
  assert.equal((await request(url)).status, 200);
});

test("README: every folder and file it names is there", () => {
  const names = [...readme.matchAll(/^\| `([\w./]+)`/gm)].map((found) => found[1]);
  assert.ok(names.length > 5);
  for (const name of names) assert.ok(existsSync(join(root, name)), name);
});
