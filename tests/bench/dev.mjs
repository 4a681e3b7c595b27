// flin dev: from saving examples/todo.flin to the changed document in Chromium, and what compiling and swapping take of it.
import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { example, flin } from "../support/flin.mjs";
import { summary, table } from "./measure.mjs";

const ROUNDS = 25, FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"];
const now = () => performance.timeOrigin + performance.now();

function start(folder) {
  const child = spawn(flin, ["dev", "--http.port=0", "--store=memory", "todo.flin"], { cwd: folder });
  const lines = { text: "", child };
  lines.url = new Promise((resolve) =>
    child.stderr.on("data", (chunk) => {
      lines.text += chunk;
      const found = /listening on (http:\/\/[^\s"]+)/.exec(lines.text);
      if (found) resolve(found[1]);
    }),
  );
  return lines;
}

// Resolves in the page with the time at which its heading became `text`.
const shown_at = (text) =>
  new Promise((resolve) => {
    const look = () => document.querySelector("h1")?.textContent === text && (observer.disconnect(), resolve(performance.timeOrigin + performance.now()));
    const observer = new MutationObserver(look);
    observer.observe(document.documentElement, { childList: true, subtree: true, characterData: true });
    look();
  });

export async function bench_dev() {
  const { chromium } = await import("../browser/node_modules/playwright-core/index.mjs");
  const folder = mkdtempSync(join(tmpdir(), "flin-bench-")), file = join(folder, "todo.flin");
  copyFileSync(example("todo.flin"), file);
  const source = readFileSync(file, "utf8"), server = start(folder);
  const browser = await chromium.launch({ executablePath: process.env.FLIN_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  try {
    const page = await browser.newPage();
    await page.goto(await server.url);
    await page.waitForSelector("html[data-flin-connection=connected]");
    const times = [];
    for (let i = 0; i < ROUNDS + 3; i++) {
      const text = `Todo ${i}`, shown = page.evaluate(shown_at, text);
      await page.evaluate(() => 0); // the observer is there
      const saved = now();
      writeFileSync(file, source.replace("<h1>Todo</h1>", `<h1>${text}</h1>`));
      times.push((await shown) - saved);
    }
    const swaps = [...server.text.matchAll(/served anew after ([\d.]+) ms/g)].map(([, ms]) => Number(ms));
    const row = (name, { median, spread }) => [name, median.toFixed(1), `±${spread.toFixed(1)}`];
    table("flin dev examples/todo.flin, ms", ["", "ms", ""], [
      row("save to changed document in Chromium (at most 30)", summary(times.slice(3))),
      row("of it compile, link and swap", summary(swaps.slice(3))),
    ]);
  } finally {
    await browser.close();
    server.child.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  }
}
