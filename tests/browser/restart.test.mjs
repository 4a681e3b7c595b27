// The server stops and starts again while people type: their pages come back by themselves and lose nothing.
import assert from "node:assert/strict";
import { test } from "node:test";

import { example, serve } from "../support/flin.mjs";
import { load_page, post_form } from "../support/http.mjs";
import { becomes, launch, open, settled } from "./chromium.mjs";

const connection = (page) => () => page.getAttribute("html", "data-flin-connection");
const hidden = (html, name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)[1].replaceAll("&quot;", '"');

// Saves an item as a page without scripts does.
async function save(url, title) {
  const page = await load_page(url);
  const fields = Object.fromEntries(["_flin_token", "_flin_handler", "_flin_in"].map((name) => [name, hidden(page.body, name)]));
  const { status } = await post_form(`${url}/_action`, { ...fields, draft: title }, { Cookie: page.cookie, Origin: url });
  assert.equal(status, 303);
}

// Where the person is: what they typed, the caret, how far they scrolled, and that the page was not loaded again.
const place = (page) =>
  page.evaluate(() => ({
    focus: document.activeElement.id || document.activeElement.className,
    caret: document.activeElement.selectionStart,
    draft: document.querySelector("#draft").value,
    edited: document.querySelector("li .title").value,
    scroll: scrollY,
    same: window.same === document.activeElement,
  }));

test("pages come back after a restart with what was saved, and keep text, focus and scroll", async (t) => {
  const server = await serve(t, example("todo.flin"));
  const browser = await launch(t);
  for (let i = 1; i <= 20; i++) await save(server.url, `Item ${i}`);
  const [a, b] = [await open(t, browser, server.url, { viewport: { width: 640, height: 400 } }), await open(t, browser, server.url, { viewport: { width: 640, height: 400 } })];

  await a.fill("#draft", "Not yet saved"); // a is typing a new item, b is editing one, with another half typed
  await a.evaluate(() => document.querySelector("#draft").setSelectionRange(3, 3));
  await b.fill("#draft", "Later");
  await b.click("li .title");
  await b.keyboard.press("End");
  await b.keyboard.type(" is being edit");
  for (const [page, y] of [[a, 0], [b, 120]]) {
    await page.evaluate((to) => {
      window.same = document.activeElement;
      scrollTo(0, to);
    }, y);
    await settled(page);
  }
  const before = [await place(a), await place(b)];
  assert.deepEqual([before[0].draft, before[1].edited, before[1].scroll], ["Not yet saved", "Item 1 is being edit", 120]);

  await server.stop();
  for (const page of [a, b]) await becomes(connection(page), "reconnecting");
  const meanwhile = await serve(t, "todo.flin", { cwd: server.folder }); // at another place, so nobody comes back yet
  await save(meanwhile.url, "Saved meanwhile");
  await meanwhile.stop();
  await serve(t, "todo.flin", { cwd: server.folder, port: server.port });

  for (const page of [a, b]) {
    await becomes(connection(page), "connected");
    await becomes(async () => (await page.$$("li")).length, 21);
    assert.equal(await page.inputValue("li:last-child .title"), "Saved meanwhile");
    await settled(page);
    // What the browser itself says about a server that is away is no fault of the page.
    page.errors.splice(0, page.errors.length, ...page.errors.filter((line) => !/WebSocket connection to .* failed/.test(line)));
  }
  assert.deepEqual([await place(a), await place(b)], before);

  await b.keyboard.type("ed"); // and life goes on
  await b.keyboard.press("Enter");
  await becomes(() => a.inputValue("li .title"), "Item 1 is being edited");
  await a.press("#draft", "Enter");
  for (const page of [a, b]) await becomes(async () => (await page.$$("li")).length, 22);
});
