// examples/counter.flin in Chromium.
import assert from "node:assert/strict";
import { test } from "node:test";

import { example, serve } from "../support/flin.mjs";
import { becomes, launch, open, settled } from "./chromium.mjs";

async function counter(t) {
  const server = await serve(t, example("counter.flin"));
  const page = await open(t, await launch(t), server.url);
  return { server, page, count: () => page.textContent("output") };
}

test("clicks count in the browser alone: no request, no message", async (t) => {
  const { page, count } = await counter(t);
  const before = [page.requests.length, page.sent.length];
  for (let i = 0; i < 5; i++) await page.click("text=+");
  await page.click("text=−");
  await becomes(count, "4");
  await settled(page);
  assert.deepEqual([page.requests.length, page.sent.length], before);
});

test("attributes follow the count", async (t) => {
  const { page, count } = await counter(t);
  assert.equal(await page.isDisabled("text=Reset"), true);
  await page.click("text=−");
  await becomes(count, "-1");
  assert.equal(await page.getAttribute("output", "class"), "below");
  await page.click("text=Reset");
  await becomes(count, "0");
  assert.equal(await page.getAttribute("output", "class"), null);
  assert.equal(await page.isDisabled("text=Reset"), true);
});

test("the keyboard is enough", async (t) => {
  const { page, count } = await counter(t);
  await page.keyboard.press("Tab"); // subtract; Reset is disabled
  await page.keyboard.press("Tab"); // add
  await page.keyboard.press("Enter");
  await page.keyboard.press("Space");
  await becomes(count, "2");
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter"); // Reset
  await becomes(count, "0");
});

test("another page view counts for itself", async (t) => {
  const { server, page, count } = await counter(t);
  await page.click("text=+");
  await becomes(count, "1");
  const other = await open(t, page.context().browser(), server.url);
  assert.equal(await other.textContent("output"), "0");
});
