// A second opinion on /_ws: the npm package ws as client, which refuses what RFC 6455 and RFC 7692 forbid a server.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import WebSocket from "ws";

import { serve } from "../support/flin.mjs";
import { post_json } from "../support/http.mjs";

const APP = 'entity Todo { title: text @required }\nroute POST "/todos" { save Todo { ...body } }\n<p>{Todo.all.count}</p>\n';
const SUBSCRIBE = '{"action":"subscribe","type":"Todo"}', CALL = '{"action":"ping"}', ANSWER = '{"type":"pong"}';

let server;
const ends = [];
before(async () => (server = await serve({ after: (end) => ends.push(end) }, { "app.flin": APP })));
after(async () => {
  for (const end of ends.reverse()) await end();
});

async function connect(t, options = {}, url = server.url) {
  const socket = new WebSocket(`${url.replace("http", "ws")}/_ws`, { origin: url, ...options });
  t.after(() => socket.terminate());
  const messages = [], waiting = [];
  socket.on("message", (data) => (waiting.length > 0 ? waiting.shift()(data.toString()) : messages.push(data.toString())));
  socket.receive = () => (messages.length > 0 ? Promise.resolve(messages.shift()) : new Promise((resolve) => waiting.push(resolve)));
  await once(socket, "open");
  return socket;
}
async function closed(socket) {
  const [code, reason] = await once(socket, "close");
  return `${code} ${reason}`.trim();
}

for (const [what, perMessageDeflate, extensions] of [
  ["no compression", false, ""],
  ["compression", true, "permessage-deflate"],
  ["compression without context takeover", { serverNoContextTakeover: true, clientNoContextTakeover: true }, "permessage-deflate"],
  ["compression of everything", { threshold: 0 }, "permessage-deflate"],
  ["a small window of its own", { clientMaxWindowBits: 9, threshold: 0 }, "permessage-deflate"],
  ...[9, 10, 11, 12, 13, 14, 15].map((bits) => [`a window of 2^${bits}`, { serverMaxWindowBits: bits }, "permessage-deflate"]),
])
  test(`ws with ${what} talks and listens`, async (t) => {
    const socket = await connect(t, { perMessageDeflate });
    assert.equal(socket.extensions, extensions);
    assert.equal(socket.protocol, "");
    for (const size of [0, 100, 5000, 70000, 1_000_000]) {
      socket.send(size === 0 ? CALL : JSON.stringify({ action: "ping", x: "é".repeat(size / 2) }));
      assert.equal(await socket.receive(), ANSWER);
    }
    socket.send(SUBSCRIBE);
    assert.equal(JSON.parse(await socket.receive()).type, "subscribed");
    for (const size of [1, 900, 1100, 66000, 300_000]) {
      const title = Array.from({ length: size / 10 + 1 }, (_, i) => String((i * 7919) % 1_000_003).padStart(10)).join("");
      assert.equal((await post_json(`${server.url}/todos`, { title })).status, 200);
      assert.equal(JSON.parse(await socket.receive()).entity.title, title);
    }
    socket.close(1000);
    assert.equal(await closed(socket), "1000");
  });

test("ws sends fragments, with pings between them", async (t) => {
  const socket = await connect(t);
  const pong = once(socket, "pong");
  socket.send('{"action":', { fin: false });
  socket.ping("between");
  socket.send('"ping"', { fin: false });
  socket.send("}", { fin: true });
  assert.equal(await socket.receive(), ANSWER);
  assert.equal((await pong)[0].toString(), "between");
});

test("ws is pinged and pongs", async (t) => {
  const own = await serve(t, { "app.flin": APP }, { args: ["--ws.ping_time=50ms"] });
  const socket = await connect(t, {}, own.url);
  for (let i = 0; i < 3; i++) await once(socket, "ping"); // without pongs the server would have gone
  socket.send(CALL);
  assert.equal(await socket.receive(), ANSWER);
});

for (const code of [1000, 1001, 1008, 1011, 3000, 4999])
  test(`ws closes with ${code} and hears it again`, async (t) => {
    const socket = await connect(t);
    socket.close(code, "because");
    assert.equal(await closed(socket), String(code));
  });

for (const [what, send, end] of [
  ["a binary message", (socket) => socket.send(Buffer.from("{}"), { binary: true }), "1003 messages are text here"],
  ["a large message", (socket) => socket.send("x".repeat((1 << 20) + 1)), "1009 the message is too large"],
  ["a large message, compressed", (socket) => socket.send("x".repeat(20 << 20)), "1009 the message is too large"],
  ["a text that is no UTF-8", (socket) => socket.send(Buffer.from([0x22, 0xff]), { binary: false }), "1007 the message is not UTF-8"],
  ["too many pings", (socket) => Array.from({ length: 50 }, () => socket.ping()), "1008 too many pings"],
])
  test(`ws hears why ${what} closes`, async (t) => {
    const socket = await connect(t, { perMessageDeflate: what.endsWith("compressed") ? { threshold: 0 } : false });
    send(socket);
    assert.equal(await closed(socket), end);
  });

test("ws hears that the server stops", async (t) => {
  const own = await serve(t, { "app.flin": APP });
  const socket = await connect(t, {}, own.url);
  const end = closed(socket);
  await Promise.all([own.stop(), end]);
  assert.equal(await end, "1001 the server stops");
});

test("ws is refused with the status", async () => {
  for (const [options, status] of [[{ origin: "http://evil.example" }, 403], [{ protocolVersion: 8 }, 426]]) {
    const socket = new WebSocket(`${server.url.replace("http", "ws")}/_ws`, { origin: server.url, ...options });
    const [, answer] = await once(socket, "unexpected-response");
    assert.equal(answer.statusCode, status);
    answer.destroy();
  }
});
