// /_ws: handshakes, frames and messages that are wrong, and entity subscriptions (W 3).
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { serve } from "../support/flin.mjs";
import { load_page } from "../support/http.mjs";
import { BINARY, TEXT, WebSocketClient, frame } from "../support/websocket.mjs";

const app = (name) => fileURLToPath(new URL(`apps/${name}.flin`, import.meta.url));

async function open(t, name = "todo") {
  const server = await serve(t, app(name));
  const page = await load_page(server.url);
  const socket = await WebSocketClient.connect(server.url, { headers: { Cookie: page.cookie } });
  t.after(() => socket.destroy());
  return { server, page, socket };
}

// Opens a page of todo and adopts it.
async function adopt(t) {
  const opened = await open(t);
  const { token, build, seq } = opened.page.state;
  opened.socket.send({ action: "page", token, build, seq, n: 0, cells: { q: "" } });
  assert.deepEqual(await opened.socket.receive(), { type: "page", recovered: true, seq });
  return opened;
}

for (const [what, origin] of [["a foreign", "http://evil.example"], ["a null", "null"], ["no", null]])
  test(`a handshake with ${what} Origin is 403`, async (t) => {
    const { url } = await serve(t, app("todo"));
    const { cookie } = await load_page(url);
    await assert.rejects(WebSocketClient.connect(url, { headers: { Cookie: cookie, Origin: origin } }), { status: 403 });
  });

for (const [what, code, bytes] of [
  ["an unmasked frame", 1002, frame("{}", { masked: false })],
  ["a frame with a reserved opcode", 1002, frame("{}", { opcode: 3 })],
  ["a continuation without a beginning", 1002, frame("{}", { opcode: 0 })],
  ["invalid UTF-8", 1007, frame(Buffer.from([0x22, 0xff, 0x22]))],
  ["half a code point at the end", 1007, frame(Buffer.from([0x22, 0xc3]))],
  ["a binary message", 1003, frame("{}", { opcode: BINARY })],
  ["a message above 1 MiB", 1009, frame(Buffer.alloc((1 << 20) + 1, 0x20))],
])
  test(`${what} closes with ${code}`, async (t) => {
    const { socket } = await open(t);
    socket.write(bytes);
    assert.equal(await socket.close_code(), code);
  });

test("a message in fragments is one message", async (t) => {
  const { socket } = await open(t);
  socket.write(frame('{"action":', { fin: false }));
  socket.write(frame('"ping"}', { opcode: 0 }));
  assert.deepEqual(await socket.receive(), { type: "pong" });
});

test("a bad message gets an error and the socket stays", async (t) => {
  const { socket } = await open(t);
  for (const text of ["[]", "{", '"a"', '{"action":"dance"}', '{"action":"subscribe"}', '{"action":7}']) {
    socket.write(frame(text, { opcode: TEXT }));
    const { type, code } = await socket.receive();
    assert.deepEqual([type, code], ["error", "bad_message"], text);
  }
  socket.send({ action: "ping" });
  assert.deepEqual(await socket.receive(), { type: "pong" });
});

test("a subscription to an unknown type is refused and suggests the nearest", async (t) => {
  const { socket } = await open(t);
  socket.send({ action: "subscribe", type: "Tod" });
  assert.deepEqual(await socket.receive(), { type: "error", code: "unknown_type", message: "There is no entity 'Tod'. Did you mean 'Todo'?" });
});

test("a subscriber gets every change once, in order, and can resume", async (t) => {
  const { server, socket } = await adopt(t);
  const watcher = await WebSocketClient.connect(server.url);
  t.after(() => watcher.destroy());
  watcher.send({ action: "subscribe", type: "Todo" });
  const { seq, ...subscribed } = await watcher.receive();
  assert.deepEqual(subscribed, { type: "subscribed", entity_type: "Todo", recovered: true });
  for (const [id, title] of [[1, "Bread"], [2, "Tea"]]) socket.send({ action: "call", id, handler: 0, in: [title] });
  for (const [id, title] of [[1, "Bread"], [2, "Tea"]]) {
    const change = await watcher.receive();
    assert.deepEqual([change.type, change.change, change.seq, change.entity.id, change.entity.title], ["entity_change", "create", seq + id, id, title]);
  }
  const late = await WebSocketClient.connect(server.url);
  t.after(() => late.destroy());
  late.send({ action: "subscribe", type: "Todo", since: seq + 1 });
  assert.deepEqual(await late.receive(), { type: "subscribed", entity_type: "Todo", seq: seq + 2, recovered: true });
  const missed = await late.receive();
  assert.deepEqual([missed.seq, missed.entity.title], [seq + 2, "Tea"]);
});

for (const [what, code, call] of [
  ["a wrongly typed cell", "R0401", { handler: 0, in: [7] }],
  ["a missing cell", "R0401", { handler: 0 }],
  ["an entity of another type", "R0401", { handler: 1, in: [{ $e: "Note", id: 1, v: 1, set: {} }] }],
  ["an entity that does not exist", "R0402", { handler: 1, in: [{ $e: "Todo", id: 77, v: 1, set: {} }] }],
  ["an automatic field that is set", "R0401", { handler: 1, in: [{ $e: "Todo", id: 0, v: 0, set: { id: 5 } }] }],
  ["a handler that does not exist", "R0403", { handler: 99 }],
])
  test(`a call with ${what} is ${code}, and the socket stays`, async (t) => {
    const { socket } = await adopt(t);
    socket.send({ action: "call", id: 1, ...call });
    const answer = await socket.receive();
    assert.equal((answer.error ?? answer).code, code);
    socket.send({ action: "ping" });
    assert.deepEqual(await socket.receive(), { type: "pong" });
  });

test("a call before the page is adopted is R0403", async (t) => {
  const { socket } = await open(t);
  socket.send({ action: "call", id: 1, handler: 0, in: ["Milk"] });
  const answer = await socket.receive();
  assert.equal((answer.error ?? answer).code, "R0403");
});

test("a cell that is no input of a live value is R0401", async (t) => {
  const { socket } = await adopt(t);
  socket.send({ action: "cells", n: 1, set: { draft: "a" } });
  const { type, code } = await socket.receive();
  assert.deepEqual([type, code], ["error", "R0401"]);
});

test("a page token of another session makes the browser load the page again", async (t) => {
  const { server, page, socket } = await open(t);
  const other = await load_page(server.url);
  assert.notEqual(other.cookie, page.cookie);
  const { token, build, seq } = other.state;
  socket.send({ action: "page", token, build, seq, n: 0, cells: { q: "" } });
  assert.deepEqual(await socket.receive(), { type: "reload", reason: "token" });
});

test("a page view that moves to another socket closes the first with 4001", async (t) => {
  const { server, page, socket } = await adopt(t);
  const second = await WebSocketClient.connect(server.url, { headers: { Cookie: page.cookie } });
  t.after(() => second.destroy());
  const { token, build, seq } = page.state;
  second.send({ action: "page", token, build, seq, n: 0, last: 0, cells: { q: "" } });
  assert.equal((await second.receive()).type, "page");
  assert.equal(await socket.close_code(), 4001);
});
