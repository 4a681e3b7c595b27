// Runs the program `flin` for tests: once to its end, or as a server that is stopped at the end of the test.
// FLIN_BUILD names the build directory (default: build/dev).
import { spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const build = process.env.FLIN_BUILD ?? join(root, "build/dev");
export const flin = join(build, "bin/flin");
export const example = (name) => join(root, "examples", name);

const PATIENCE = 30_000; // ms; sanitizer builds on busy machines are slow
const ended = (child) => child.exitCode !== null || child.signalCode !== null;

// A folder of its own, gone after test `t`. `files` maps names to contents.
export function folder(t, files = {}) {
  const path = mkdtempSync(join(tmpdir(), "flin-test-"));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

function start(args, { cwd, env } = {}) {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("FLIN_") || name === "FLIN_KEEP_PLUGINS"));
  const child = spawn(flin, args, { cwd, env: { ...clean, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const output = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (output.out += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (output.err += text));
  const end = new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code, signal, ...output }));
  });
  return { child, output, end };
}

// Runs flin to its end: {code, signal, out, err}.
export async function run(args, options) {
  const { child, end } = start(args, options);
  const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  return end.finally(() => clearTimeout(timer));
}

// Serves a program from a folder of its own until the test ends. `app` is a path, or {name: source, ..} whose first
// name is served. Gives {url, port, pid, folder, output, stop, log}.
export async function serve(t, app, { args = [], plugins, env, cwd, port = 0 } = {}) {
  const files = typeof app === "string" ? null : app;
  const place = cwd ?? folder(t, files ?? {});
  const name = files ? Object.keys(files)[0] : basename(app);
  if (!files && cwd === undefined) copyFileSync(app, join(place, name));
  const options = [...(plugins ? [`--plugins=${plugins}`] : []), `--http.port=${port}`, ...args, name];
  const { child, output, end } = start(options, { cwd: place, env });
  const stop = async (signal = "SIGTERM") => {
    if (!ended(child)) child.kill(signal);
    const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
    return end.finally(() => clearTimeout(timer));
  };
  t.after(() => stop());
  const url = await listening(child, output, end);
  return { url, port: Number(new URL(url).port), pid: child.pid, folder: place, output, stop, child };
}

// The URL of the log line `listening on http://127.0.0.1:3000`.
function listening(child, output, end) {
  return new Promise((resolve, reject) => {
    const look = () => {
      const found = /listening on (http:\/\/[^\s"]+)/.exec(output.err + output.out);
      if (found) done(resolve, found[1]);
    };
    const timer = setTimeout(() => done(reject, new Error(`flin does not listen:\n${output.err}${output.out}`)), PATIENCE);
    const done = (settle, value) => {
      clearTimeout(timer);
      child.stdout.off("data", look);
      child.stderr.off("data", look);
      settle(value);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    end.then(({ code }) => done(reject, new Error(`flin ended with ${code} before listening:\n${output.err}${output.out}`)), (error) => done(reject, error));
    look();
  });
}

// Waits until `see()` gives something truthy.
export async function eventually(see, what = "it") {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const value = await see();
    if (value) return value;
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
