// Pictures of the examples for docs/, taken when FLIN_SCREENSHOTS=1.
import { join } from "node:path";
import { test } from "node:test";

import { example, root, serve } from "../support/flin.mjs";
import { post_json } from "../support/http.mjs";
import { becomes, launch, open } from "./chromium.mjs";

const wanted = process.env.FLIN_SCREENSHOTS === "1";
const look = (height) => ({ viewport: { width: 640, height }, deviceScaleFactor: 2 });
const path = (name) => join(root, "docs", name);

test("a picture of counter", { skip: !wanted }, async (t) => {
  const server = await serve(t, example("counter.flin"));
  const page = await open(t, await launch(t), server.url, look(420));
  for (let i = 0; i < 3; i++) await page.click("text=+");
  await becomes(() => page.textContent("output"), "3");
  await page.screenshot({ path: path("counter.png") });
});

test("a picture of chat", { skip: !wanted }, async (t) => {
  const server = await serve(t, example("chat.flin"));
  const browser = await launch(t);
  const [ann, bob] = [await open(t, browser, server.url, look(620)), await open(t, browser, server.url, look(620))];
  await ann.fill("#name", "Ann");
  await bob.fill("#name", "Bob");
  for (const [page, text] of [
    [ann, "Shall we bake on Sunday?"],
    [bob, "Yes! I bring flour and yeast."],
    [bob, "Rye or wheat?"],
    [ann, "Rye. And something sweet, if there is time."],
    [bob, "There is always time for something sweet."],
  ]) {
    await page.fill("#draft", text);
    await page.press("#draft", "Enter");
    await ann.waitForSelector(`text=${text}`);
    await becomes(() => page.inputValue("#draft"), "");
  }
  await ann.evaluate(() => document.activeElement.blur());
  await ann.screenshot({ path: path("chat.png") });
});

test("a picture of todo", { skip: !wanted }, async (t) => {
  const server = await serve(t, example("todo.flin"));
  const page = await open(t, await launch(t), server.url, look(580));
  for (const title of ["Bake bread", "Buy milk", "Water the plants"]) {
    await page.fill("#draft", title);
    await page.press("#draft", "Enter");
    await page.waitForSelector(`[aria-label="Delete ${title}"]`);
  }
  await page.check('[aria-label="Done: Buy milk"]');
  await becomes(() => page.textContent("[role=status]"), "2 open");
  await page.screenshot({ path: path("todo.png") });
});

test("a picture of dashboard", { skip: !wanted }, async (t) => {
  const server = await serve(t, example("dashboard.flin"));
  const page = await open(t, await launch(t), server.url, look(780));
  for (let i = 0; i < 30; i++) await post_json(`${server.url}/readings`, { sensor: ["kitchen", "garden", "attic"][i % 3], value: 14 + 7 * Math.sin(i / 4) + (i % 3) });
  await becomes(() => page.textContent("dl div:last-child dd"), "30");
  await page.waitForTimeout(500); // the bars have grown
  await page.screenshot({ path: path("dashboard.png") });
});
