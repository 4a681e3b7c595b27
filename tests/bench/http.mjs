// HTTP beside node: requests per second under wrk, and server CPU per request (a saturated client hides differences).
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, copyFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { flin } from "../support/flin.mjs";
import { post_json } from "../support/http.mjs";
import { cpu_so_far, has, summary, table } from "./measure.mjs";

const ROUNDS = 5, SECONDS = 2, CONNECTIONS = 32;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const ITEMS = Array.from({ length: 30 }, (_, i) => ({ title: `Item ${i} <&>`, price: i * 7, sold: i % 3 === 0 }));

// Starts a server and gives {url, pid, end} once it listens.
export function start(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    let text = "";
    const look = (chunk) => {
      text += chunk;
      const found = /listening on (http:\/\/[^\s"]+)/.exec(text);
      if (found) resolve({ url: found[1], pid: child.pid, end: () => child.kill() });
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${command} ended with ${code}: ${text}`)));
  });
}

function load({ url, pid }, path) {
  const before = cpu_so_far(pid);
  const { stdout, status } = spawnSync("wrk", ["-t1", `-c${CONNECTIONS}`, `-d${SECONDS}s`, url + path], { encoding: "utf8" });
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  if (status !== 0 || !requests || /Non-2xx/.test(stdout)) throw new Error(`wrk: ${stdout}`);
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]), cpu: ((cpu_so_far(pid) - before) / requests) * 1e6 };
}

export async function bench_http() {
  if (!has("wrk")) return console.log("\nHTTP: wrk is not installed");
  const place = mkdtempSync(join(tmpdir(), "flin-bench-"));
  copyFileSync(here("http/hello.flin"), join(place, "hello.flin"));
  const servers = {
    flin: await start(flin, ["--http.port=0", "--loops=1", "hello.flin"], { cwd: place }),
    node: await start("node", [here("http/server.mjs"), JSON.stringify(ITEMS)], {}),
  };
  try {
    for (const item of ITEMS) await post_json(`${servers.flin.url}/items`, item);
    table(
      `HTTP, one server thread, ${CONNECTIONS} connections, ${SECONDS} s a round: node = 1.00`,
      ["", "flin k/s", "node k/s", "flin µs", "node µs", "rate", "CPU per request"],
      [["hello route", "/hello"], ["rendered page", "/"]].map(([name, path]) => [name, ...compare(servers, path)]),
    );
  } finally {
    for (const server of Object.values(servers)) server.end();
    rmSync(place, { recursive: true, force: true });
  }
}

function compare(servers, path) {
  const rounds = [];
  for (const server of Object.values(servers)) load(server, path); // warm
  for (let i = 0; i < ROUNDS; i++) rounds.push({ flin: load(servers.flin, path), node: load(servers.node, path) });
  const of = (pick) => summary(rounds.map(pick));
  const thousand = (name) => (of((r) => r[name].rate).median / 1000).toFixed(1);
  const cpu = (name) => of((r) => r[name].cpu).median.toFixed(1);
  const ratio = (pick) => {
    const { median, spread } = of(pick);
    return `${median.toFixed(2)} ±${spread.toFixed(2)}`;
  };
  return [thousand("flin"), thousand("node"), cpu("flin"), cpu("node"), ratio((r) => r.flin.rate / r.node.rate), ratio((r) => r.flin.cpu / r.node.cpu)];
}
