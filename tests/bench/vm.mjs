// The VM beside lua5.4 and node --jitless: CPU time of small programs whose outputs are equal.
import { fileURLToPath } from "node:url";

import { flin } from "../support/flin.mjs";
import { cpu_of, geometric_mean, has, summary, table } from "./measure.mjs";

const ROWS = ["fib", "loop", "mandelbrot", "sieve", "list", "map", "template"];
const ROUNDS = 5;

const path = (name, ending) => fileURLToPath(new URL(`vm/${name}.${ending}`, import.meta.url));
const PEERS = {
  flin: { command: flin, args: (row) => ["--plugins=", path(row, "flin")] },
  "lua5.4": { command: "lua5.4", args: (row) => [path(row, "lua")] },
  "node --jitless": { command: "node", args: (row) => ["--jitless", path(row, "mjs")] },
};

// CPU seconds of each peer: name -> list, rounds interleaved.
function measure(row, peers) {
  const times = Object.fromEntries(peers.map((name) => [name, []]));
  let output = null;
  for (let round = 0; round < ROUNDS; round++)
    for (const name of peers) {
      const { command, args } = PEERS[name];
      const { cpu, out } = cpu_of(command, args(row));
      output ??= out;
      if (out !== output) throw new Error(`${row}: ${name} prints ${out.trim()} and not ${output.trim()}`);
      times[name].push(cpu);
    }
  return times;
}

export function bench_vm() {
  const peers = Object.keys(PEERS).filter((name) => name === "flin" || has(PEERS[name].command));
  const base = peers.includes("lua5.4") ? "lua5.4" : peers[0];
  const ratios = Object.fromEntries(peers.map((name) => [name, []]));
  const rows = ROWS.map((row) => {
    const times = measure(row, peers);
    const cells = peers.map((name) => {
      const paired = summary(times[name].map((time, round) => time / times[base][round]));
      ratios[name].push(paired.median);
      return name === base ? `1.00 (${summary(times[base]).median.toFixed(2)} s)` : `${paired.median.toFixed(2)} ±${paired.spread.toFixed(2)}`;
    });
    return [row, ...cells];
  });
  rows.push(["geometric mean", ...peers.map((name) => geometric_mean(ratios[name]).toFixed(2))]);
  table(`VM: CPU time as a ratio to ${base} (less is better)`, ["", ...peers], rows);
}
