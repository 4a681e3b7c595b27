// The server is killed and started again, over and over: no subscriber misses a change without being told, and none gets one
// twice. FLIN_SOAK=1: 200 sockets, killed every 5 s for a minute.
import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually, serve } from "../support/flin.mjs";
import { load_page, post_json } from "../support/http.mjs";
import { WebSocketClient } from "../support/websocket.mjs";

const SOAK = process.env.FLIN_SOAK === "1";
const SOCKETS = SOAK ? 200 : 40, KILLS = SOAK ? 12 : 3, PERIOD = SOAK ? 5000 : 0;
const APP = 'entity Todo { title: text @required }\nroute POST "/todos" { save Todo { ...body } }\n<p>{Todo.all.count}</p>\n';
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// A subscriber that connects again whenever it is cut off, and goes on behind the last number it has.
class Follower {
  last = null; // number of the newest change it knows of
  changes = 0;
  titles = new Set();
  unrecovered = 0;
  resumed = 0;
  stopped = false;

  constructor(url) {
    this.url = url;
    this.end = this.run();
  }
  async run() {
    while (!this.stopped) {
      let socket;
      try {
        socket = await WebSocketClient.connect(this.url);
      } catch {
        await pause(20); // the server is down
        continue;
      }
      this.socket = socket;
      socket.socket.on("error", () => {});
      try {
        socket.send({ action: "subscribe", type: "Todo", ...(this.last !== null ? { since: this.last } : {}) });
        await this.listen(socket);
      } finally {
        socket.destroy();
      }
    }
  }
  async listen(socket) {
    for (;;) {
      const frame = await socket.next(600_000);
      if (frame === null || frame.opcode !== 1) return;
      const message = JSON.parse(frame.data.toString());
      if (message.type === "subscribed") {
        if (this.last !== null) message.recovered ? this.resumed++ : this.unrecovered++;
        if (this.last === null || !message.recovered) this.last = message.seq;
        else assert.ok(message.seq >= this.last, `subscribed to ${message.seq} behind ${this.last}`);
        continue;
      }
      assert.equal(message.type, "entity_change");
      assert.equal(message.seq, this.last + 1, `${message.seq} came behind ${this.last}`); // each save is one commit
      assert.ok(!this.titles.has(message.entity.title), `${message.entity.title} came twice`);
      this.titles.add(message.entity.title);
      this.last = message.seq;
      this.changes++;
    }
  }
  stop() {
    this.stopped = true;
    this.socket?.destroy();
    return this.end;
  }
}

test(`${SOCKETS} sockets while the server is killed ${KILLS} times`, { timeout: 300_000 }, async (t) => {
  let server = await serve(t, { "app.flin": APP });
  const { url, port, folder } = server;
  const followers = Array.from({ length: SOCKETS }, () => new Follower(url));
  t.after(() => followers.forEach((one) => (one.stopped = true)));
  await eventually(() => followers.every((one) => one.last !== null), "subscription");

  const acknowledged = [];
  let writing = true;
  const write = async (name) => {
    for (let i = 0; writing; i++) {
      const title = `${name} ${i}`;
      try {
        if ((await post_json(`${url}/todos`, { title })).status === 200) acknowledged.push(title);
      } catch {
        await pause(20); // it was cut off: perhaps saved, perhaps not
      }
    }
  };
  const writers = ["a", "b", "c"].map(write);
  for (let kill = 0; kill < KILLS; kill++) {
    await pause(PERIOD);
    const before = followers.map((one) => one.changes);
    await eventually(() => followers.every((one, i) => one.changes > before[i] + 5), "changes for all");
    await server.stop("SIGKILL");
    server = await serve(t, "app.flin", { cwd: folder, port });
  }
  writing = false;
  await Promise.all(writers);
  await post_json(`${url}/todos`, { title: "the last" });
  await eventually(() => followers.every((one) => one.titles.has("the last")), "the last change for all");
  await Promise.all(followers.map((one) => one.stop()));

  for (const one of followers) {
    assert.equal(one.resumed, KILLS);
    assert.equal(one.unrecovered, 0); // the log holds the gap
    for (const title of acknowledged) assert.ok(one.titles.has(title), `${title} was acknowledged and never told`);
  }
  t.diagnostic(`${acknowledged.length} acknowledged saves, each told to ${SOCKETS} sockets`);
});

test("pages from before a restart are told what they missed, each of them", async (t) => {
  const app = 'entity Todo { title: text @required }\nroute POST "/todos" { save Todo { ...body } }\n<ul>{for t in Todo.all}<li>{t.title}</li>{/for}</ul>\n';
  const first = await serve(t, { "app.flin": app });
  await post_json(`${first.url}/todos`, { title: "Bread" });
  const pages = [await load_page(first.url), await load_page(first.url)];
  const restart = async (server) => {
    await server.stop();
    return serve(t, "app.flin", { cwd: first.folder });
  };
  const adopt = async (server, { state: { token, build, seq }, cookie }) => {
    const socket = await WebSocketClient.connect(server.url, { headers: { Cookie: cookie } });
    t.after(() => socket.destroy());
    socket.send({ action: "page", token, build, seq, n: 0 });
    return socket.receive();
  };
  const same = await restart(first);
  for (const page of pages) {
    const { seq, recovered, live } = await adopt(same, page); // nothing was saved: go on, or the same again
    assert.equal(seq, pages[0].state.seq);
    if (!recovered) assert.deepEqual(live, pages[0].state.live);
  }
  await post_json(`${same.url}/todos`, { title: "Milk" });
  const later = await restart(same);
  for (const page of pages) {
    const answer = await adopt(later, page);
    assert.deepEqual([answer.recovered, answer.seq, answer.live["0"].map((row) => row.title)], [false, pages[0].state.seq + 1, ["Bread", "Milk"]]);
  }
});
