// HTTP beside raw epoll (the limit), node and, where it is installed, bun: requests per second under wrk, and server CPU per request
// (a saturated client hides differences).
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

// The peer that does nothing but answer, compiled for this run; null without a compiler.
function build_raw(place) {
  const program = join(place, "raw");
  const { status } = spawnSync("c++", ["-O2", "-std=c++17", "-o", program, here("http/raw.cpp")], { stdio: "inherit" });
  return status === 0 ? program : null;
}

async function start_all(place) {
  const servers = { flin: await start(flin, ["--http.port=0", "--loops=1", "--store=memory", "hello.flin"], { cwd: place }) };
  const raw = build_raw(place);
  if (raw) servers.raw = await start(raw, [], {});
  servers.node = await start("node", [here("http/server.mjs"), JSON.stringify(ITEMS)], {});
  if (has("bun")) servers.bun = await start("bun", [here("http/bun.mjs"), JSON.stringify(ITEMS)], {});
  return servers;
}

export async function bench_http() {
  if (!has("wrk")) return console.log("\nHTTP: wrk is not installed");
  const place = mkdtempSync(join(tmpdir(), "flin-bench-"));
  copyFileSync(here("http/hello.flin"), join(place, "hello.flin"));
  const servers = await start_all(place);
  try {
    for (const item of ITEMS) await post_json(`${servers.flin.url}/items`, item);
    const rows = [];
    for (const [name, path, peers] of [["hello route", "/hello", ["raw", "node", "bun"]], ["rendered page", "/", ["node", "bun"]]])
      rows.push(...compare(servers, name, path, peers.filter((peer) => peer in servers)));
    table(
      `HTTP, one server thread, ${CONNECTIONS} connections, ${SECONDS} s a round: the peer = 1.00`,
      ["", "beside", "flin k/s", "peer k/s", "flin µs", "peer µs", "rate", "CPU per request"],
      rows,
    );
  } finally {
    for (const server of Object.values(servers)) server.end();
    rmSync(place, { recursive: true, force: true });
  }
}

// One row per peer; the rounds of all are interleaved.
function compare(servers, name, path, peers) {
  const names = ["flin", ...peers], rounds = [];
  for (const each of names) load(servers[each], path); // warm
  for (let i = 0; i < ROUNDS; i++) rounds.push(Object.fromEntries(names.map((each) => [each, load(servers[each], path)])));
  const of = (pick) => summary(rounds.map(pick));
  const thousand = (who) => (of((r) => r[who].rate).median / 1000).toFixed(1);
  const cpu = (who) => of((r) => r[who].cpu).median.toFixed(1);
  const ratio = (pick) => {
    const { median, spread } = of(pick);
    return `${median.toFixed(2)} ±${spread.toFixed(2)}`;
  };
  return peers.map((peer) => [
    name, peer, thousand("flin"), thousand(peer), cpu("flin"), cpu(peer),
    ratio((r) => r.flin.rate / r[peer].rate), ratio((r) => r.flin.cpu / r[peer].cpu),
  ]);
}
