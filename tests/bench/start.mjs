// Start-up: from the start of the process to the first byte of examples/counter, and the share of loading plugins.
import { spawn, spawnSync } from "node:child_process";
import http from "node:http";

import { example, flin } from "../support/flin.mjs";
import { summary, table } from "./measure.mjs";

const ROUNDS = 15;

function first_byte() {
  const began = process.hrtime.bigint();
  const child = spawn(flin, ["--http.port=0", example("counter.flin")]);
  return new Promise((resolve, reject) => {
    let text = "";
    const look = (chunk) => {
      text += chunk;
      const found = /listening on (http:\/\/[^\s"]+)/.exec(text);
      if (!found) return;
      child.stdout.removeAllListeners("data");
      child.stderr.removeAllListeners("data");
      const request = http.get(found[1], { agent: false }, (answer) => {
        resolve(Number(process.hrtime.bigint() - began) / 1e6);
        answer.resume();
        child.kill("SIGTERM");
      });
      request.on("error", reject);
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.on("exit", (code) => reject(new Error(`flin ended with ${code}: ${text}`)));
  });
}

function run_of(args) {
  const began = process.hrtime.bigint();
  spawnSync(flin, args);
  return Number(process.hrtime.bigint() - began) / 1e6;
}

export async function bench_start() {
  const times = { bare: [], plugins: [], page: [] };
  for (let i = 0; i < ROUNDS; i++) {
    times.bare.push(run_of(["--version"]));
    times.plugins.push(run_of(["config", "show"]));
    times.page.push(await first_byte());
  }
  const { bare, plugins, page } = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, summary(list)]));
  const load = plugins.median - bare.median;
  const row = (name, ms, spread) => [name, ms.toFixed(1), spread === undefined ? "" : `±${spread.toFixed(1)}`, `${Math.round((ms / page.median) * 100)} %`];
  table("Start-up, ms", ["", "ms", "", "share"], [
    row("process alone (flin --version)", bare.median, bare.spread),
    row("opening and loading the standard plugins", load),
    row("first byte of examples/counter", page.median, page.spread),
  ]);
}
