// tests/browser/apps/lists.flin in Chromium: live values of rows and of instances open and close with them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { serve } from "../support/flin.mjs";
import { becomes, launch, open, settled } from "./chromium.mjs";

const app = fileURLToPath(new URL("apps/lists.flin", import.meta.url));

async function lists(t) {
  const server = await serve(t, app);
  const call = (path) => fetch(`${server.url}/${path}`, { method: "POST" });
  await call("fill");
  return { server, call, browser: await launch(t) };
}

const texts = (page, selector) => () => page.$$eval(selector, (found) => found.map((e) => e.textContent.replace(/\s+/g, " ").trim()));

test("rows show their own counts, at first paint and adopted without a mismatch", async (t) => {
  const { server, browser } = await lists(t);
  const html = await (await fetch(server.url)).text();
  assert.match(html, /<li>Bread<!--,--> of <!--,-->1<\/li>/);
  const page = await open(t, browser, server.url);
  await becomes(texts(page, "li"), ["Bread of 1", "Milk of 1"]);
  await becomes(texts(page, ".open"), ["1 open"]);
  await becomes(texts(page, "em"), ["Ann: 1", "Bob: 1"]);
  assert.equal(page.received[0].recovered, true, "nothing was computed again");
});

test("a new list comes with all of its values in one message, and goes with them", async (t) => {
  const { server, browser, call } = await lists(t);
  const a = await open(t, browser, server.url), b = await open(t, browser, server.url);
  await a.fill("#draft", "Garden");
  await a.press("#draft", "Enter");
  for (const page of [a, b]) {
    await becomes(texts(page, "h2"), ["Shop", "Garden"]);
    await becomes(texts(page, ".open"), ["1 open", "0 open"]);
    await becomes(texts(page, "li"), ["Bread of 1", "Milk of 1", "empty"]);
    await becomes(texts(page, "em"), ["Ann: 1", "Bob: 1", "Ann: 0", "Bob: 0"]);
  }
  const told = b.received.filter(({ set = [] }) => set.some(([key, ops]) => ops.some(([op, , row]) => op === "+" && row.title === "Garden")));
  assert.equal(told.length, 1);
  assert.ok(told[0].set.length >= 6, "the row brings the values of its scopes");
  await call("more");
  await becomes(texts(b, "li"), ["Bread of 2", "Milk of 1", "Seeds of 2"]);
  await becomes(texts(b, ".open"), ["1 open", "1 open"]);
  await call("less");
  await becomes(texts(b, "h2"), ["Garden"]);
  await becomes(texts(b, "li"), ["Seeds of 1"]);
});

test("a component with a variable of its own asks with it", async (t) => {
  const { server, browser, call } = await lists(t);
  const page = await open(t, browser, server.url);
  await becomes(texts(page, ".finder b"), ["Bread", "Milk"]);
  await page.fill(".finder input >> nth=0", "x");
  await becomes(texts(page, ".finder i"), ["nothing"]);
  await page.fill(".finder input >> nth=0", "re");
  await becomes(texts(page, ".finder b"), ["Bread", "Milk"]);
  await call("more");
  await becomes(texts(page, ".finder b"), ["Bread", "Milk"], "Seeds has no `re`");
  await page.fill(".finder input >> nth=0", "");
  await becomes(texts(page, ".finder b"), ["Bread", "Seeds", "Milk"]);
});

test("a value in a branch that is shown later comes when it is shown, and stays live", async (t) => {
  const { server, browser, call } = await lists(t);
  const page = await open(t, browser, server.url);
  await page.click("#detail");
  await becomes(texts(page, "#all"), ["2 items"]);
  await page.click(".bar button");
  await becomes(texts(page, ".done"), ["1 done"]);
  await page.click(".bar button");
  await call("finish");
  await page.click(".bar button");
  await becomes(texts(page, ".done"), ["2 done"]);
});

test("what a condition of the server hides is not sent before it is shown", async (t) => {
  const { server, browser, call } = await lists(t);
  const page = await open(t, browser, server.url);
  const html = await (await fetch(server.url)).text();
  assert.doesNotMatch(html, /of many|classified/);
  await settled(page);
  assert.doesNotMatch(JSON.stringify(page.received), /classified/);
  assert.equal(await page.$("#many"), null);
  await call("more");
  await becomes(texts(page, "#many"), ["1 of many"]);
  await becomes(texts(page, ".hidden"), ["classified"]);
  await call("less");
  await becomes(texts(page, "#many"), []);
  await becomes(texts(page, ".hidden"), []);
});

test("a page that comes back goes on with the scopes it had", async (t) => {
  const { server, browser, call } = await lists(t);
  const page = await open(t, browser, server.url);
  await page.fill(".finder input >> nth=0", "Br");
  await becomes(texts(page, ".finder b"), ["Bread", "Milk"]);
  await page.context().setOffline(true);
  await page.evaluate(() => new Promise((done) => {
    document.addEventListener("flin:connection", (e) => e.detail !== "connected" && done());
    if (document.documentElement.dataset.flinConnection !== "connected") done();
    window.dispatchEvent(new Event("online"));
    setTimeout(done, 300);
  }));
  await call("more");
  await page.context().setOffline(false);
  await becomes(texts(page, "li"), ["Bread of 2", "Milk of 1", "Seeds of 2"]);
  await becomes(texts(page, ".finder b"), ["Bread", "Milk"]);
});
