// The transcripts of tests/wire against the real server: raw clients play the browsers' lines and check the server's.
// Tokens, cookies, builds and log numbers stand for what this server gives (tests/wire/README.md).
import assert from "node:assert/strict";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { serve } from "../support/flin.mjs";
import { load_page } from "../support/http.mjs";
import { WebSocketClient } from "../support/websocket.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => readFileSync(here(path), "utf8");

// Two-way names for numbers and texts of the server that a transcript writes as placeholders.
class Names {
  real = new Map();

  // Learns the pair at first sight, and compares afterwards.
  learn(placeholder, value, what) {
    if (!this.real.has(placeholder)) this.real.set(placeholder, value);
    assert.equal(value, this.real.get(placeholder), `${what} ${placeholder}`);
  }
  of(placeholder) {
    return this.real.get(placeholder) ?? placeholder;
  }
}

class Replay {
  tokens = new Names();
  builds = new Names();
  seqs = new Names();
  pages = new Map(); // name -> {cookie, socket}

  constructor(t, name) {
    Object.assign(this, { t, name });
  }

  async start(options) {
    this.server = await serve(this.t, here(`apps/${this.name}.flin`), options);
  }

  // The message as this server would have it.
  outgoing({ token, build, seq, ...rest }) {
    const known = { ...(token && { token: this.tokens.of(token) }), ...(build && { build: this.builds.of(build) }) };
    return { ...rest, ...known, ...(seq !== undefined && { seq: this.seqs.of(seq) }) };
  }

  check(expected, got) {
    if (expected.seq !== undefined) this.seqs.learn(expected.seq, got.seq, "seq");
    if (expected.build !== undefined) this.builds.learn(expected.build, got.build, "build");
    const { seq, build } = expected;
    assert.deepEqual({ ...got, seq, build }, { ...expected, seq, build });
  }

  async step(line) {
    const page = line.page && (this.pages.get(line.page) ?? this.pages.set(line.page, {}).get(line.page));
    if (line.store) return this.fill(line.store);
    if (line.restart) return this.restart();
    if (line.http && line.dir === ">") page.answer = await load_page(this.server.url + line.http.path, page.cookie ? { cookie: page.cookie } : {});
    else if (line.http) this.check_page(page, line.http);
    else if (line.do === "connect") page.socket = await WebSocketClient.connect(this.server.url, { headers: { Cookie: page.cookie } });
    else if (line.do === "disconnect") page.socket.lose();
    else if (line.msg && line.dir === ">") page.socket.send(this.outgoing(line.msg));
    else if (line.msg) this.check(line.msg, await page.socket.receive());
  }

  check_page(page, { status, headers, body, token }) {
    const { answer } = page;
    const document = read(`../wire/${body}`);
    const written = JSON.parse(/id="flin-state">(.*)<\/script>/s.exec(document)[1]);
    page.cookie = answer.cookie;
    this.tokens.learn(token, answer.state.token, "token");
    this.builds.learn(written.build, answer.state.build, "build");
    if (written.seq > 0) this.seqs.learn(written.seq, answer.state.seq, "seq");
    assert.equal(answer.status, status);
    for (const name of ["Content-Type", "Cache-Control"]) assert.equal(answer.headers[name.toLowerCase()], headers[name]);
    const plain = answer.body
      .replaceAll(answer.state.token, "T1")
      .replaceAll(answer.state.build, written.build)
      .replace(/"seq":\d+/, `"seq":${written.seq}`)
      .replace(/\/_flin\/runtime\.[0-9a-f]+\.js/g, "/_flin/runtime.js")
      .replace(/\/_flin\/page\/[0-9a-f]+\.js/, `/_flin/page/${this.name}.js`);
    assert.equal(plain, document.trimEnd());
  }

  // Brings the store into the state of the line, by the program's own handlers.
  async fill({ rows, seq }) {
    const { url } = this.server;
    const { cookie, state } = await load_page(url);
    const socket = await WebSocketClient.connect(url, { headers: { Cookie: cookie } });
    socket.send({ action: "page", token: state.token, build: state.build, seq: state.seq, n: 0, cells: { q: "" } });
    await socket.receive();
    let id = 0, last;
    const call = async (handler, value) => {
      socket.send({ action: "call", id: ++id, handler, in: [value] });
      last = await socket.receive();
      assert.equal(last.error, undefined);
    };
    for (const row of rows) await call(0, row.title);
    for (const row of rows) if (row.done) await call(1, { $e: "Todo", id: row.id, v: 1, set: {} });
    this.seqs.learn(seq, last.seq, "seq");
    socket.destroy();
  }

  // The same place with a changed program: another build. The secret in .flin stays.
  async restart() {
    await this.server.stop();
    const cwd = this.server.folder;
    appendFileSync(join(cwd, `${this.name}.flin`), "<p>new</p>\n");
    await this.start({ cwd });
  }
}

for (const name of ["counter", "todo"])
  test(`the server keeps to the transcript of ${name}`, async (t) => {
    const replay = new Replay(t, name);
    await replay.start();
    const lines = read(`../wire/${name}.jsonl`).trim().split("\n");
    for (const [index, text] of lines.entries()) {
      try {
        await replay.step(JSON.parse(text));
      } catch (error) {
        error.message = `${name}.jsonl:${index + 1}: ${text}\n${error.message}`;
        throw error;
      }
    }
    for (const { socket } of replay.pages.values()) socket?.destroy();
  });
