// The programs of docs/tour.md: all of them compile, and scripts print what stands below them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { folder, root, run } from "../support/flin.mjs";

const tour = readFileSync(join(root, "docs/tour.md"), "utf8");
const programs = [...tour.matchAll(/^## ([^\n]+)\n|^```flin\n(.*?)^```\n(?:```text\n(.*?)^```\n)?/gms)];

let heading = "";
for (const [, title, source, output] of programs) {
  if (title) {
    heading = title;
    continue;
  }
  test(`tour, ${heading}`, async (t) => {
    const cwd = folder(t, { "tour.flin": source });
    const { code, out, err } = await run(output === undefined ? ["check", "tour.flin"] : ["tour.flin"], { cwd });
    assert.equal(err, "");
    assert.equal(out, output ?? "");
    assert.equal(code, 0);
  });
}
