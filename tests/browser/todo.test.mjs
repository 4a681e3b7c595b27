// examples/todo.flin in Chromium: what one page saves, the others see.
import assert from "node:assert/strict";
import { test } from "node:test";

import { example, serve } from "../support/flin.mjs";
import { becomes, launch, open, settled } from "./chromium.mjs";

async function todo(t, pages = 1) {
  const server = await serve(t, example("todo.flin"));
  const browser = await launch(t);
  const opened = [];
  for (let i = 0; i < pages; i++) opened.push(await open(t, browser, server.url));
  return { server, browser, pages: opened, page: opened[0] };
}

const titles = (page) => () => page.$$eval("li .title", (inputs) => inputs.map((input) => input.value));
const status = (page) => () => page.textContent("[role=status]");

const filter = (name) => `[role=group] button:text-is("${name}")`;

async function add(page, title) {
  await page.fill("#draft", title);
  await page.press("#draft", "Enter");
  await page.waitForSelector(`button[aria-label="Delete ${title}"]`);
}

test("an item that is added appears in both pages, and the draft is empty again", async (t) => {
  const { pages: [a, b] } = await todo(t, 2);
  assert.match(await a.textContent("ul"), /Nothing here/);
  await add(a, "Milk");
  for (const page of [a, b]) {
    await becomes(titles(page), ["Milk"]);
    await becomes(status(page), "1 open");
  }
  assert.equal(await a.inputValue("#draft"), "");
  assert.equal(a.requests.filter((url) => url.includes("/_action")).length, 0);
});

test("typing goes on undisturbed while another page saves", async (t) => {
  const { pages: [a, b] } = await todo(t, 2);
  await add(a, "Bread");
  await becomes(titles(b), ["Bread"]);
  await b.click("#draft");
  await b.keyboard.type("Teapot");
  await b.evaluate(() => {
    const draft = document.querySelector("#draft");
    draft.setSelectionRange(3, 3);
    window.kept = draft;
  });
  await add(a, "Milk");
  await becomes(titles(b), ["Bread", "Milk"]);
  await b.keyboard.type(" ");
  const seen = await b.evaluate(() => ({
    same: document.activeElement === window.kept,
    value: window.kept.value,
    caret: window.kept.selectionStart,
  }));
  assert.deepEqual(seen, { same: true, value: "Tea pot", caret: 4 });
});

test("a title that is being edited stays as it is while another page changes the same item", async (t) => {
  const { pages: [a, b] } = await todo(t, 2);
  await add(a, "Bread");
  await becomes(titles(b), ["Bread"]);
  await b.click("li .title");
  await b.keyboard.press("End");
  await b.keyboard.type(" rol");
  await a.check("li [type=checkbox]");
  await becomes(() => b.isChecked("li [type=checkbox]"), true);
  await b.keyboard.type("l");
  assert.equal(await b.inputValue("li .title"), "Bread roll");
  await b.keyboard.press("Enter");
  await becomes(titles(a), ["Bread roll"]);
});

test("ticking an item changes it and the count everywhere", async (t) => {
  const { pages: [a, b] } = await todo(t, 2);
  await add(a, "Bread");
  await add(a, "Milk");
  await a.check("li:nth-child(2) [type=checkbox]");
  for (const page of [a, b]) {
    await becomes(status(page), "1 open");
    await becomes(() => page.$$eval("li", (items) => items.map((item) => item.className)), ["", "done"]);
    await becomes(() => page.isChecked("li:nth-child(2) [type=checkbox]"), true);
  }
  await b.uncheck("li:nth-child(2) [type=checkbox]");
  await becomes(status(a), "2 open");
});

test("a title is edited in place", async (t) => {
  const { pages: [a, b], server, browser } = await todo(t, 2);
  await add(a, "Bread");
  await a.fill("li .title", "Rye bread");
  await a.press("li .title", "Enter");
  await becomes(titles(b), ["Rye bread"]);
  await becomes(() => b.getAttribute("li [type=checkbox]", "aria-label"), "Done: Rye bread");
  assert.deepEqual(await titles(await open(t, browser, server.url))(), ["Rye bread"]);
});

test("a deleted item goes everywhere, and the rest keeps its elements", async (t) => {
  const { pages: [a, b] } = await todo(t, 2);
  for (const title of ["Bread", "Milk", "Tea"]) await add(a, title);
  await becomes(titles(b), ["Bread", "Milk", "Tea"]);
  await b.evaluate(() => (window.last = document.querySelector("li:nth-child(3)")));
  await a.click('button[aria-label="Delete Milk"]');
  for (const page of [a, b]) await becomes(titles(page), ["Bread", "Tea"]);
  assert.equal(await b.evaluate(() => window.last === document.querySelector("li:nth-child(2)")), true);
  await becomes(status(b), "2 open");
});

test("filters show open or done items, for this page alone", async (t) => {
  const { pages: [a, b] } = await todo(t, 2);
  for (const title of ["Bread", "Milk", "Tea"]) await add(a, title);
  await a.check("li:nth-child(2) [type=checkbox]");
  await becomes(status(a), "2 open");
  await a.click(filter("Done"));
  await becomes(titles(a), ["Milk"]);
  assert.equal(await a.getAttribute(filter("Done"), "aria-pressed"), "true");
  await a.click(filter("Open"));
  await becomes(titles(a), ["Bread", "Tea"]);
  await becomes(titles(b), ["Bread", "Milk", "Tea"]);
  await a.check("li:nth-child(1) [type=checkbox]");
  await becomes(titles(a), ["Tea"]);
  await a.click(filter("All"));
  await becomes(titles(a), ["Bread", "Milk", "Tea"]);
});

test("an empty title is not sent", async (t) => {
  const { page } = await todo(t);
  const before = page.sent.length;
  await page.click("text=Add");
  await settled(page);
  assert.equal(page.sent.length, before);
  assert.match(await page.textContent("ul"), /Nothing here/);
});

test("the keyboard is enough to add, tick, edit and delete", async (t) => {
  const { page } = await todo(t);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press("Tab");
  await page.keyboard.type("Milk");
  await press("Enter");
  await becomes(titles(page), ["Milk"]);
  await press("Tab", "Tab", "Tab", "Tab", "Tab"); // Add, All, Open, Done, the box
  await press("Space");
  await becomes(status(page), "0 open");
  await press("Tab", "End");
  await page.keyboard.type("shake");
  await press("Enter");
  await becomes(() => page.getAttribute("li [type=checkbox]", "aria-label"), "Done: Milkshake");
  await press("Tab", "Enter");
  await becomes(titles(page), []);
});

test("every control has a name", async (t) => {
  const { page } = await todo(t);
  await add(page, "Milk");
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("input:not([type=hidden]), button")]
      .filter((e) => !(e.getAttribute("aria-label") || e.labels?.length || e.textContent.trim()))
      .map((e) => e.outerHTML));
  assert.deepEqual(nameless, []);
});

test("without scripts the form adds", async (t) => {
  const { server, browser, page } = await todo(t);
  const plain = await open(t, browser, server.url, { scripts: false });
  await plain.fill("#draft", "Milk & honey");
  await plain.click("text=Add");
  await plain.waitForLoadState();
  assert.equal(new URL(plain.url()).pathname, "/");
  assert.equal(await plain.getAttribute("li .title", "value"), "Milk & honey");
  assert.equal(await plain.textContent("[role=status]"), "1 open");
  await becomes(titles(page), ["Milk & honey"]);
});
