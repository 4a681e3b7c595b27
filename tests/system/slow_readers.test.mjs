// Readers that take nothing: they cost no more than their limit, and the others do not notice.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { eventually, serve } from "../support/flin.mjs";
import { load_page, post_json } from "../support/http.mjs";
import { CLOSE, WebSocketClient } from "../support/websocket.mjs";

const CHANGES = 10_000, BATCH = 500;
const LIMIT = 200_000; // ws.queue_bytes
const APP = `
entity Todo { title: text @required; number: int }
route POST "/todos" { save Todo { ...body } }
route POST "/fill" {
    for i in body.from..body.to { save Todo { title: "x".repeat(2000), number: i } }
    "done"
}
<ul>{for t in Todo.order("number desc").limit(3)}<li>{t.number} {t.title}</li>{/for}</ul>
`;

async function adopt(t, server) {
  const page = await load_page(server.url);
  const socket = await WebSocketClient.connect(server.url, { headers: { Cookie: page.cookie } });
  t.after(() => socket.destroy());
  const { token, build, seq } = page.state;
  socket.send({ action: "page", token, build, seq, n: 0 });
  assert.equal((await socket.receive()).type, "page");
  return socket;
}
async function subscribe(t, server) {
  const socket = await WebSocketClient.connect(server.url);
  t.after(() => socket.destroy());
  socket.send({ action: "subscribe", type: "Todo" });
  const { seq } = await socket.receive();
  return { socket, seq };
}

// Numbers shown by a page that starts from `rows` and applies live operations (W 4.5).
function apply(rows, message) {
  for (const [, ops] of message.set)
    for (const [op, a, b] of ops) {
      if (op === "=") rows = a;
      if (op === "-") rows = rows.filter((row) => row.id !== a);
      if (op === "+") rows = a === null ? [b, ...rows] : rows.flatMap((row) => (row.id === a ? [row, b] : [row]));
      if (op === "~") rows = rows.map((row) => (row.id === a ? { ...row, ...b } : row));
    }
  return rows;
}

const rss = (server) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))[1]) * 1024;
// Whether the server still holds its end of the connection (proc(5), /proc/net/tcp: 01 is ESTABLISHED).
function is_held(server, socket) {
  const port = (number) => `:${number.toString(16).toUpperCase().padStart(4, "0")}`;
  return readFileSync("/proc/net/tcp", "utf8").split("\n").some((line) => {
    const [, local, remote, state] = line.trim().split(/\s+/);
    return local?.endsWith(port(server.port)) && remote.endsWith(port(socket.localPort)) && state === "01";
  });
}

test("pages and subscribers that never read, while 10,000 changes are pushed", { timeout: 300_000 }, async (t) => {
  const server = await serve(t, { "app.flin": APP }, { args: ["--store=memory", `--ws.queue_bytes=${LIMIT}`, "--ws.slow_time=10min", "--ws.ping_time=10min"] });
  const reader = await adopt(t, server), watcher = await subscribe(t, server);

  // Every reader has every change of a batch before the next one is made, whoever else is stuck.
  let shown = [], at = 0, next = watcher.seq + 1;
  const push = async (count) => {
    const before = rss(server);
    for (const end = at + count; at < end; ) {
      assert.equal((await post_json(`${server.url}/fill`, { from: at + 1, to: at + BATCH })).status, 200);
      at += BATCH;
      while (shown[0]?.number !== at) shown = apply(shown, await reader.receive());
      for (; next <= watcher.seq + at; next++) {
        const change = await watcher.socket.receive();
        assert.deepEqual([change.type, change.seq, change.entity.number], ["entity_change", next, next - watcher.seq]);
      }
    }
    return rss(server) - before;
  };
  await push(1000); // warm
  const grown = await push((CHANGES - 1000) / 2); // the store keeps what is saved
  const stuck_page = await adopt(t, server), stuck_watcher = await subscribe(t, server);
  stuck_page.socket.pause(); // before it reads much: what the network holds for it stays small
  stuck_watcher.socket.socket.pause();
  const grown_with_stuck = await push((CHANGES - 1000) / 2);
  assert.ok(grown_with_stuck < grown + 2 * 4 * LIMIT + (6 << 20), `grew by ${grown_with_stuck} bytes with stuck readers, by ${grown} without`);

  // They wake up: the page gets one whole value behind what was under way, the subscriber hears of the gap.
  stuck_page.socket.resume();
  stuck_watcher.socket.socket.resume();
  let rows = [], messages = 0, wholes = 0;
  while (rows[0]?.number !== at) {
    const message = await stuck_page.receive();
    wholes += message.set.some(([, ops]) => ops[0][0] === "=") ? 1 : 0;
    rows = apply(rows, message);
    messages++;
  }
  assert.deepEqual(rows.map((row) => row.number), [at, at - 1, at - 2]);
  assert.ok(messages < CHANGES, `${messages} messages`);
  assert.ok(wholes >= 1);
  let last = stuck_watcher.seq, gaps = 0;
  while (last < watcher.seq + at) {
    const message = await stuck_watcher.socket.receive();
    if (message.type === "subscribed") {
      assert.equal(message.recovered, false);
      assert.ok(message.seq >= last);
      gaps++;
    } else assert.equal(message.seq, last + 1);
    last = message.seq;
  }
  assert.ok(gaps >= 1, "the gap was not told");
});

test("a page that takes nothing for ws.slow_time is closed with 1013, and the others go on", async (t) => {
  const server = await serve(t, { "app.flin": APP }, { args: ["--store=memory", "--ws.queue_bytes=50000", "--ws.slow_time=300ms"] });
  const reader = await adopt(t, server);
  const { socket } = await subscribe(t, server);
  socket.socket.pause();
  let shown = [], at = 0;
  await eventually(async () => {
    await post_json(`${server.url}/fill`, { from: at + 1, to: (at += BATCH) });
    while (shown[0]?.number !== at) shown = apply(shown, await reader.receive());
    return !is_held(server, socket.socket);
  }, "the end of the stuck one");
  socket.socket.resume();
  let last, frame;
  while ((frame = await socket.next()) !== null) last = frame;
  // What the network still held came whole and in order; the close frame behind it may be cut off with the connection.
  assert.ok(last.opcode === CLOSE ? last.data.readUInt16BE(0) === 1013 : JSON.parse(last.data.toString()).type);
});
