// examples/dashboard.flin in Chromium: readings posted with curl are there at once, in numbers, bars and rows.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { example, root, serve } from "../support/flin.mjs";
import { post_json } from "../support/http.mjs";
import { becomes, launch, open } from "./chromium.mjs";

async function dashboard(t) {
  const server = await serve(t, example("dashboard.flin"));
  const page = await open(t, await launch(t), server.url);
  return { server, page, post: (sensor, value) => post_json(`${server.url}/readings`, { sensor, value }) };
}

const numbers = (page) => () => page.$$eval("dd", (all) => all.map((one) => one.textContent));
const rows = (page) => () => page.$$eval("tbody tr", (all) => all.map((row) => [...row.cells].slice(1).map((cell) => cell.textContent).join(" ")));
const bars = (page) => () => page.$$eval(".chart i", (all) => all.map((bar) => bar.style.height));

// The command as README.md and the example itself show it, on this server's port.
for (const file of ["README.md", "examples/dashboard.flin"])
  test(`the curl command of ${file} shows its reading`, async (t) => {
    const { server, page } = await dashboard(t);
    assert.match(await page.textContent("tbody"), /Nothing yet/);
    const command = /^.*?(curl localhost:3000\/readings .*)$/m.exec(readFileSync(join(root, file), "utf8"))[1];
    const answer = execFileSync("bash", ["-c", command.replace("localhost:3000", `127.0.0.1:${server.port}`)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const reading = JSON.parse(answer);
    assert.deepEqual([reading.id, reading.sensor, reading.value], [1, "kitchen", 21.5]);
    await becomes(numbers(page), ["21.5", "21.5", "21.5", "1"]);
    await becomes(rows(page), ["kitchen 21.5"]);
    await becomes(bars(page), ["100%"]);
  });

test("bars are shares of the highest reading, newest first in the document", async (t) => {
  const { page, post } = await dashboard(t);
  for (const value of [10, 40, 20]) await post("a", value);
  await becomes(bars(page), ["50%", "100%", "25%"]);
  await becomes(numbers(page), ["20", "23.3", "40", "3"]);
  await post("b", 80);
  await becomes(bars(page), ["100%", "25%", "50%", "12.5%"]);
});

test("the table keeps to the last six, the chart to the last thirty", async (t) => {
  const { page, post } = await dashboard(t);
  for (let i = 1; i <= 35; i++) await post("s", i);
  await becomes(rows(page), [35, 34, 33, 32, 31, 30].map((value) => `s ${value}`));
  await becomes(async () => (await bars(page)()).length, 30);
  await becomes(async () => (await numbers(page)())[3], "35");
});

test("a reading without a sensor is 422 and shows nowhere", async (t) => {
  const { page, post } = await dashboard(t);
  assert.equal((await post("", 1)).status, 422);
  assert.equal((await post("a", -1)).status, 422);
  assert.match(await page.textContent("tbody"), /Nothing yet/);
});

test("two pages show the same", async (t) => {
  const { server, page, post } = await dashboard(t);
  const other = await open(t, page.context().browser(), server.url);
  await post("a", 3);
  for (const each of [page, other]) await becomes(numbers(each), ["3", "3", "3", "1"]);
});
