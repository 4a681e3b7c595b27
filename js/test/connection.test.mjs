// The socket (W 5, W 4.3 ping) and entity subscriptions of plain scripts (W 3), with a clock of the test's own.
import assert from "node:assert/strict";
import { test } from "node:test";

import { open_page } from "./browser.mjs";

const module = `import { page, text, el } from "/_flin/runtime.js";
import "/_flin/library.js";
export default page({ build: "b", cells: { users: "[text]" }, view: p => { globalThis.t = { users: p.cell("users") }; return []; } });`;
const state_of = (browser) => browser.document.documentElement.getAttribute("data-flin-connection");
const open = (then, more = {}) => open_page({ module, state: { cells: { users: [] } }, ...more }, then);

// Milliseconds until the next dial after the connection was lost.
function wait_for_dial(browser) {
  const dials = browser.dials.length;
  let ms = 0;
  while (browser.dials.length === dials) {
    browser.timers.pass(100);
    ms += 100;
  }
  return ms;
}

test("reconnects after 1, 2, 4, 8, 16, 30, 30 seconds with up to 20 % more", () =>
  open((browser) => {
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      browser.lose();
      const ms = wait_for_dial(browser);
      assert.ok(ms >= seconds * 1000 && ms <= seconds * 1200 + 100, `${ms} for ${seconds}`);
    }
    browser.connect();
    browser.lose();
    assert.ok(wait_for_dial(browser) <= 1300, "a connection that opened starts anew");
  }));

test("in dev mode every delay is one second", () =>
  open((browser) => {
    for (let i = 0; i < 4; i++) {
      browser.lose();
      assert.equal(wait_for_dial(browser), 1000);
    }
  }, { state: { dev: true, cells: { users: [] } } }));

test("the document tells the state of the connection", () =>
  open((browser) => {
    const seen = [];
    browser.document.documentElement.addEventListener("flin:connection", (event) => seen.push(event.detail));
    assert.equal(state_of(browser), "connected");
    browser.lose();
    assert.equal(state_of(browser), "reconnecting");
    browser.connect();
    browser.lose(4001);
    assert.equal(state_of(browser), "offline");
    browser.timers.pass(100000);
    assert.equal(browser.dials.length, 2, "after 4001 nothing connects again");
    assert.deepEqual(seen, ["reconnecting", "connected", "offline"]);
  }));

test("connects at once when the network is back", () =>
  open((browser) => {
    browser.lose();
    browser.window.dispatchEvent(new browser.window.Event("online"));
    assert.equal(browser.dials.length, 2);
  }));

test("asks whether the connection lives when the page becomes visible; no pong in 5 s reconnects", () =>
  open((browser) => {
    const show = () => browser.document.dispatchEvent(new browser.window.Event("visibilitychange"));
    show();
    assert.deepEqual(browser.take(), [{ action: "ping" }]);
    browser.serve({ type: "pong" });
    browser.timers.pass(6000);
    assert.equal(state_of(browser), "connected");
    show();
    browser.timers.pass(4900);
    assert.equal(state_of(browser), "connected");
    browser.timers.pass(200);
    assert.equal(state_of(browser), "reconnecting");
  }));

test("https pages use wss", () => open((browser) => assert.equal(browser.dials[0], "wss://example.org/_ws"), { url: "https://example.org/x" }));

test("subscribes, hears changes and renews with since after a reconnect", () =>
  open((browser) => {
    const seen = [], end = globalThis._flinOnEntityChange("Todo", (change) => seen.push(change));
    assert.deepEqual(browser.take(), [{ action: "subscribe", type: "Todo" }]);
    browser.serve({ type: "subscribed", entity_type: "Todo", seq: 57, recovered: true });
    browser.serve({ type: "entity_change", entity_type: "Todo", change: "create", entity: { id: 7, title: "x" }, seq: 58 });
    assert.deepEqual(seen, [{ type: "create", change: "create", entity_type: "Todo", entity: { id: 7, title: "x" }, seq: 58 }]);
    browser.lose();
    browser.connect();
    assert.deepEqual(browser.take().find((m) => m.action === "subscribe"), { action: "subscribe", type: "Todo", since: 58 });
    browser.serve({ type: "subscribed", entity_type: "Todo", seq: 90, recovered: false });
    browser.lose();
    browser.connect();
    assert.equal(browser.take().find((m) => m.action === "subscribe").since, 90);
    end();
    browser.serve({ type: "entity_change", entity_type: "Todo", change: "delete", entity: { id: 7 }, seq: 91 });
    assert.equal(seen.length, 1);
    globalThis._flinWsUnsubscribe("Todo");
    assert.deepEqual(browser.take(), [{ action: "unsubscribe", type: "Todo" }]);
  }));

test("_flinAsync loads, succeeds or fails, and the newest call wins", () =>
  open(async (browser) => {
    let first, second;
    globalThis._flinAsync("users", new Promise((resolve) => (first = resolve)));
    assert.equal(globalThis._flinIsLoading("users"), true);
    assert.equal(globalThis.t.users(), null);
    globalThis._flinAsync("users", new Promise((resolve) => (second = resolve)));
    second(["b"]);
    await new Promise(setImmediate);
    first(["a"]);
    await new Promise(setImmediate);
    assert.deepEqual(globalThis.t.users(), ["b"]);
    assert.equal(globalThis._flinIsLoading("users"), false);
    globalThis._flinAsync("users", Promise.reject(new Error("no network")));
    await new Promise(setImmediate);
    assert.equal(globalThis._flinGetError("users"), "no network");
    assert.equal(globalThis.t.users(), null);
  }));

test("debounce runs the last call after the quiet time", () =>
  open((browser) => {
    const ran = [];
    for (const x of [1, 2, 3]) {
      globalThis._flinDebounce("k", () => ran.push(x), 100);
      browser.timers.pass(60);
    }
    assert.deepEqual(ran, []);
    browser.timers.pass(100);
    assert.deepEqual(ran, [3]);
  }));

test("throttle runs the first call at once and the last at the end of the interval", () =>
  open((browser) => {
    const ran = [];
    for (const x of [1, 2, 3]) globalThis._flinThrottle("k", () => ran.push(x), 100);
    assert.deepEqual(ran, [1]);
    browser.timers.pass(100);
    assert.deepEqual(ran, [1, 3]);
    globalThis._flinThrottle("k", () => ran.push(4), 100);
    assert.deepEqual(ran, [1, 3]);
    browser.timers.pass(100);
    assert.deepEqual(ran, [1, 3, 4]);
    browser.timers.pass(100);
    globalThis._flinThrottle("k", () => ran.push(5), 100);
    assert.deepEqual(ran, [1, 3, 4, 5]);
  }));
