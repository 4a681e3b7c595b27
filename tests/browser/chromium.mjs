// Chromium for tests: pages that note what they ask for, what they send and what goes wrong.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

import { eventually } from "../support/flin.mjs";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

// A browser with a profile of its own, closed after test `t`.
export async function launch(t) {
  const browser = await chromium.launch({ executablePath: process.env.FLIN_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  t.after(() => browser.close());
  return browser;
}

// Opens `url` in a context of its own and waits until the socket has adopted it (unless scripts are off). What the page does is in
// `page.requests` (URLs), `page.sent` (messages) and `page.errors`; the test fails in the end if there were errors.
export async function open(t, browser, url, { scripts = true, ...options } = {}) {
  const context = await browser.newContext({ javaScriptEnabled: scripts, ...options });
  const page = Object.assign(await context.newPage(), { requests: [], sent: [], received: [], errors: [] });
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => message.type() === "error" && page.errors.push(`${message.text()} ${message.location().url}`));
  page.on("pageerror", (error) => page.errors.push(String(error)));
  page.on("request", (request) => page.requests.push(request.url()));
  page.on("websocket", (socket) => {
    socket.on("framesent", ({ payload }) => page.sent.push(JSON.parse(payload)));
    socket.on("framereceived", ({ payload }) => page.received.push(JSON.parse(payload)));
  });
  t.after(() => assert.deepEqual(page.errors, []));
  await page.goto(url);
  if (scripts) await eventually(() => page.received.some((message) => message.type === "page"), "adoption");
  return page;
}

// Waits until `see()` gives `expected`.
export async function becomes(see, expected) {
  let last;
  try {
    await eventually(async () => {
      last = await see();
      return JSON.stringify(last) === JSON.stringify(expected);
    });
  } catch {
    assert.deepEqual(last, expected);
  }
}

// The page has drawn what it knows: two animation frames have passed.
export const settled = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
