// docs/plugins.md: its commands in order, in one shell, each block against the text that follows it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { build, folder, root } from "../support/flin.mjs";

const page = readFileSync(join(root, "docs/plugins.md"), "utf8");
const blocks = [...page.matchAll(/^```sh\n([^]*?)^```\n(?:```text\n([^]*?)^```\n)?/gm)].map(([, commands, output]) => ({ commands, output }));
const is_sanitized = readFileSync(join(build, "CMakeCache.txt"), "utf8").match(/^FLIN_SANITIZE:STRING=(.*)$/m)[1] !== "";

test("the commands of docs/plugins.md do what the page says", { skip: is_sanitized && "the SDK is for builds without sanitizers" }, (t) => {
  const home = folder(t);
  const script = blocks.map(({ commands }, i) => `${commands}\necho "=== ${i}"\n`).join("");
  const { stdout, stderr, status } = spawnSync("bash", ["-euc", script], {
    cwd: home,
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: home, FLIN_BUILD: build, LANG: "C.UTF-8" },
    timeout: 150_000,
  });
  assert.equal(status, 0, stdout + stderr);
  const parts = stdout.split(/^=== \d+\n/m);
  assert.ok(blocks.length >= 6);
  for (const [i, { output }] of blocks.entries()) if (output !== undefined) assert.equal(parts[i], output, blocks[i].commands);
});
