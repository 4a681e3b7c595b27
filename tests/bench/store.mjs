// The store's backend sqlite beside SQLite's own C interface on the same rows: microseconds per operation, and what
// 64 writers at once gain over one, who waits for the disk each time.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { build } from "../support/flin.mjs";
import { summary, table } from "./measure.mjs";

const ROUNDS = 5;

function round() {
  const place = mkdtempSync(join(tmpdir(), "flin-bench-"));
  try {
    const { status, stdout, stderr } = spawnSync(join(build, "bin/store_bench"), [place], { encoding: "utf8" });
    if (status !== 0) throw new Error(`store_bench: ${stderr}`);
    return JSON.parse(stdout);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

export function bench_store() {
  const rounds = Array.from({ length: ROUNDS }, round);
  const of = (pick) => summary(rounds.map(pick));
  const ratio = (pick) => {
    const { median, spread } = of(pick);
    return `${median.toFixed(2)} ±${spread.toFixed(2)}`;
  };
  const row = (title, ours, raw) => [title, of((r) => r[ours]).median.toFixed(1), of((r) => r[raw]).median.toFixed(1), ratio((r) => r[ours] / r[raw])];
  table("Store on SQLite, µs: the C interface = 1.00", ["", "flin µs", "C µs", "ratio"], [
    row("read one row by its id (CPU)", "find", "raw_find"),
    row("read 100 rows (CPU)", "page", "raw_page"),
    row("save alone (row, history and log), on the disk", "save", "raw_save"),
    row("save, 64 writers at once", "save_of_many", "raw_save"),
  ]);
  console.log(`64 writers against one: ${ratio((r) => r.save / r.save_of_many)} times the rate`);
}
