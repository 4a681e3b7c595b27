// WebSocket fan-out beside node with ws: many pages show one live list, something is saved, every page gets the change. Server CPU
// per delivery (the clients are the slower part, so rates say little), the time from the request to the last frame, memory.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { flin } from "../support/flin.mjs";
import { start } from "./http.mjs";
import { summary, table } from "./measure.mjs";

const ROUNDS = 3;
const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const FILES = "ulimit -n $(ulimit -Hn); exec \"$@\""; // every socket is a descriptor
const ROWS = [
  { name: "100 pages", count: 100, changes: 300 },
  { name: "1,000 pages", count: 1000, changes: 60 },
  { name: "5,000 pages", count: 5000, changes: 16 },
];

async function measure(kind, row) {
  const place = mkdtempSync(join(tmpdir(), "flin-bench-"));
  copyFileSync(here("fanout/list.flin"), join(place, "list.flin"));
  const command = kind === "flin"
    ? [flin, "--http.port=0", "--http.connections_per_address=20000", "--store=memory", "--loops=1", "list.flin"]
    : ["node", here("fanout/server.mjs")];
  const server = await start("bash", ["-c", FILES, "bash", ...command], { cwd: place });
  try {
    const what = { url: server.url, pid: server.pid, count: row.count, changes: row.changes, pages: kind === "flin" };
    return JSON.parse(execFileSync("bash", ["-c", FILES, "bash", "node", here("fanout/clients.mjs"), JSON.stringify(what)], { encoding: "utf8" }));
  } finally {
    server.end();
    rmSync(place, { recursive: true, force: true });
  }
}

async function compare(row) {
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push({ flin: await measure("flin", row), node: await measure("node", row) });
  const of = (pick) => summary(rounds.map(pick));
  const shown = (pick, digits) => of(pick).median.toFixed(digits);
  const { median, spread } = of((r) => r.flin.cpu / r.node.cpu);
  return [
    row.name, shown((r) => r.flin.cpu, 2), shown((r) => r.node.cpu, 2), `${median.toFixed(2)} ±${spread.toFixed(2)}`,
    shown((r) => r.flin.latency, 2), shown((r) => r.node.latency, 2),
    shown((r) => r.flin.socket, 1), shown((r) => r.flin.page, 1), shown((r) => r.node.socket, 1),
  ];
}

export async function bench_fanout() {
  const rows = [];
  for (const row of ROWS) rows.push(await compare(row));
  table(
    "WebSocket fan-out of a live list, one server thread: node ws = 1.00 (µs of server CPU per delivery; ms from save to last frame; KiB)",
    ["", "flin µs", "ws µs", "CPU per delivery", "flin ms", "ws ms", "flin socket", "flin page", "ws socket"],
    rows,
  );
}
