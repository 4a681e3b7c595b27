// Replays tests/wire/counter.jsonl and todo.jsonl against the bundled runtime and the page modules of W 9 and W 10.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Browser, read_wire } from "./browser.mjs";

const actions = {
  connect: (browser) => browser.connect(),
  disconnect: (browser) => browser.lose(),
  click: (browser, { on }) => browser.find(on).click(),
  toggle: (browser, { on }) => browser.find(on).click(),
  submit: (browser, { on }) => assert.ok(browser.fire(browser.find(on), "submit").defaultPrevented),
  type: (browser, { on, text }) => browser.type(on, text),
};

async function replay(name, page) {
  const lines = read_wire(`${name}.jsonl`).trim().split("\n").map((line) => JSON.parse(line)).filter((line) => line.page === page);
  const { body, token } = lines[1].http;
  const html = read_wire(body).replaceAll("T1", token), browser = new Browser(html);
  await browser.within(async () => {
    const before = browser.body(), nodes = [...browser.document.querySelectorAll("*")];
    await browser.load(read_wire(`module/${name}.js`));
    browser.frame();
    assert.equal(browser.body(), before, "adoption changes nothing");
    nodes.forEach((node) => assert.ok(node.isConnected, "adoption keeps every node"));
    for (const line of lines.slice(2)) {
      if (line.do) {
        actions[line.do](browser, line);
        browser.frame();
        await null;
      } else if (line.dir === "<") {
        browser.serve(line.msg);
        browser.frame();
        await new Promise(setImmediate);
      } else if (line.dir === ">") assert.deepEqual(browser.sent.shift(), line.msg);
      else if (line.see) for (const on in line.see) assert.equal(browser.find(on).textContent, line.see[on], on);
      else if (line.reloads) {
        assert.equal(browser.reloads, 1);
        assert.deepEqual(JSON.parse(browser.window.sessionStorage.getItem("flin:keep")), line.reloads);
      }
    }
    assert.deepEqual(browser.sent, [], "nothing else was sent");
  });
  return browser;
}

test("the counter of W 9 is adopted and counts without a message", () => replay("counter", "A"));

test("browser A of W 10 saves, fails, reconnects and reloads", async () => {
  const { errors } = await replay("todo", "A");
  assert.deepEqual(errors.map((e) => [e.code, e.message, e.fields]), [["R0101", "validation failed: title is required", { title: "is required" }]]);
});

test("browser B of W 10 searches, ticks and asks again for a lost answer", () => replay("todo", "B"));

for (const name of ["counter", "todo"]) {
  test(`${name}: created without a cursor, the page is the same HTML as sent, but for the hidden fields`, async () => {
    const html = read_wire(`module/${name}.html`), sent = new Browser(html), empty = new Browser(html.replace(/<body>.*?<script/, "<body><script"));
    for (const input of sent.document.querySelectorAll("input[type=hidden]")) input.remove();
    await empty.within(async () => {
      await empty.load(read_wire(`module/${name}.js`));
      empty.frame();
    });
    assert.equal(empty.body(), sent.body());
  });
}
