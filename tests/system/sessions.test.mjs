// Sessions (L 16.10): kept in a sealed cookie, written by routes, pages and actions, renewed with the user.
import assert from "node:assert/strict";
import { test } from "node:test";

import { eventually, serve } from "../support/flin.mjs";
import { load_page, post_json, request } from "../support/http.mjs";
import { WebSocketClient } from "../support/websocket.mjs";

const program = `entity User {
    name: text
}
route GET "/all" { session }
route GET "/count" { session.count = (session.count ?? 0) + 1
    session.count }
route POST "/login" {
    found = User.where(name == body.name).first
    user = found ?? User { name: body.name }
    save user
    session.user = user
    none
}
route GET "/me" { session.user.name }
route GET "/logout" { session.clear()
    none }
seen = ""
<p>{session.count ?? 0}</p>
<form submit={session.count = (session.count ?? 0) + 1}>
    <button>more</button>
</form>
<button click={seen = "{session.count ?? 0}"}>{seen}</button>
`;

// A browser: keeps cookies as browsers do.
class Browser {
  cookies = new Map();
  constructor(url) {
    this.url = url;
  }
  get header() {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }
  take({ headers }) {
    for (const line of headers["set-cookie"] ?? []) {
      const [, name, value] = /^(\w+)=([^;]*)/.exec(line);
      if (/Max-Age=0;/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
  async get(path) {
    const answer = await request(this.url + path, { headers: { cookie: this.header } });
    this.take(answer);
    return answer;
  }
  async post(path, value) {
    const answer = await post_json(this.url + path, value, { cookie: this.header, origin: this.url });
    this.take(answer);
    return answer;
  }
  async page() {
    const page = await load_page(this.url, { cookie: this.header });
    this.take(page);
    return page;
  }
  async socket(t, { state }) {
    const socket = await WebSocketClient.connect(this.url, { headers: { Cookie: this.header } });
    t.after(() => socket.destroy());
    const { token, build, seq } = state;
    socket.send({ action: "page", token, build, seq, n: 0 });
    assert.equal((await socket.receive()).type, "page");
    return socket;
  }
}

const start = async (t) => new Browser((await serve(t, { "app.flin": program })).url);

test("what a route writes is there at the next request, and in this browser alone", async (t) => {
  const browser = await start(t);
  assert.equal((await browser.get("/count")).body, "1");
  assert.equal((await browser.get("/count")).body, "2");
  assert.equal((await browser.get("/all")).body, '{"count":2}');
  assert.equal((await request(`${browser.url}/all`)).body, "{}");
  assert.match((await browser.page()).body, /<p><!--\[-->2<!--\]--><\/p>/);
});

test("an entity is kept as type and id and read when it is used", async (t) => {
  const browser = await start(t);
  await browser.page();
  const before = browser.cookies.get("flin_sid");
  assert.equal((await browser.post("/login", { name: "Bo" })).status, 204);
  assert.notEqual(browser.cookies.get("flin_sid"), before);
  assert.equal((await browser.get("/me")).body, '"Bo"');
  assert.equal((await browser.get("/all")).body, '{"user":1}');
  assert.equal((await browser.get("/logout")).status, 204);
  assert.equal(browser.cookies.has("flin_session"), false);
  assert.equal((await browser.get("/all")).body, "{}");
});

test("a form without scripts writes the session", async (t) => {
  const browser = await start(t);
  const page = await browser.page();
  const fields = {};
  for (const [, name, value] of page.body.matchAll(/<input type="hidden" name="(_flin_\w+)" value="([^"]*)">/g)) fields[name] = value.replaceAll("&quot;", '"');
  const answer = await request(`${browser.url}/_action`, {
    method: "POST",
    headers: { cookie: browser.header, origin: browser.url, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
  assert.equal(answer.status, 303);
  browser.take(answer);
  assert.match((await browser.page()).body, /<p><!--\[-->1<!--\]--><\/p>/);
});

test("an action that writes the session answers with the cookie, and its result comes on the socket", async (t) => {
  const browser = await start(t);
  const page = await browser.page();
  const socket = await browser.socket(t, page);
  const answer = await browser.post("/_action", { token: page.state.token, action: "call", id: 1, handler: 0 });
  assert.equal(answer.status, 204);
  assert.ok(browser.cookies.has("flin_session"));
  const result = await socket.receive();
  assert.equal(result.type, "result");
  assert.deepEqual(result.live, [["0", [["=", 1]]]]);
  assert.match(result.token, /^1\./);
  // A handler that only reads it comes by the socket, which was opened before.
  socket.send({ action: "call", id: 2, handler: 1, in: [] });
  const read = await socket.receive();
  assert.deepEqual(read.out, [[0, "1"]], JSON.stringify(read));
  assert.equal((await browser.get("/all")).body, '{"count":1}');
});

test("pages of a browser load themselves again when its user changes", async (t) => {
  const browser = await start(t);
  const socket = await browser.socket(t, await browser.page());
  const other = new Browser(browser.url);
  const stays = await other.socket(t, await other.page());
  const began = Date.now();
  await browser.post("/login", { name: "Bo" });
  assert.deepEqual(await socket.receive(), { type: "reload", reason: "session" });
  assert.ok(Date.now() - began < 30_000);
  stays.send({ action: "ping" });
  assert.deepEqual(await stays.receive(), { type: "pong" });
  await eventually(async () => (await browser.get("/me")).body === '"Bo"', "the user");
});
