// CPU times of processes, medians and tables.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

// Runs a command to its end: {cpu: seconds of user and system time, out}.
export function cpu_of(command, args, options = {}) {
  const script = 'TIMEFORMAT="%U %S"; time "$@"';
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script, "bash", command, ...args], { encoding: "utf8", ...options });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stderr}`);
  const [user, system] = stderr.trim().split("\n").at(-1).split(" ").map(Number);
  return { cpu: user + system, out: stdout };
}

// CPU seconds that a running process has used so far, with all its threads.
export function cpu_so_far(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100; // clock ticks of 10 ms
}

const quantile = (sorted, q) => {
  const at = (sorted.length - 1) * q, low = Math.floor(at);
  return sorted[low] + (at - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
};

// {median, spread}
export function summary(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: quantile(sorted, 0.5), spread: (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2 };
}

export const geometric_mean = (values) => Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);

export const has = (command) => spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;

// Prints rows under a title; the first column is text.
export function table(title, columns, rows) {
  const all = [columns, ...rows].map((row) => row.map(String));
  const widths = columns.map((_, i) => Math.max(...all.map((row) => [...(row[i] ?? "")].length)));
  const line = (row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ");
  console.log(`\n${title}\n${line(all[0])}\n${widths.map((w) => "-".repeat(w)).join("  ")}\n${all.slice(1).map(line).join("\n")}`);
}
