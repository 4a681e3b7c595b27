// /_flin/events: changes of entities as Server-Sent Events, as curl or an EventSource sees them.
import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";

import { serve } from "../support/flin.mjs";
import { post_json, request } from "../support/http.mjs";

const APP = `
entity Todo { title: text @required }
entity User { name: text @required; secret: text = "s" @hidden }
route POST "/todos" { save Todo { ...body } }
route POST "/users" { save User { ...body } }
route POST "/both" { transaction { save Todo { title: "one" }; save Todo { title: "two" } }; "saved" }
<p>{Todo.all.count}</p>
`;

// An open stream; `next()` gives {id, data} of the next event with data.
async function stream(t, url, query, headers = {}) {
  const answer = await new Promise((resolve, reject) => {
    const sent = http.get(`${url}/_flin/events?${query}`, { headers, agent: false }, resolve);
    sent.on("error", reject);
    t.after(() => sent.destroy());
  });
  answer.setEncoding("utf8");
  let text = "", id = headers["Last-Event-ID"] ?? "", ended = false, wake = () => {};
  answer.on("data", (chunk) => ((text += chunk), wake()));
  answer.on("close", () => ((ended = true), wake()));
  answer.on("error", () => {});
  const next = async () => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end < 0) {
        if (ended) return null;
        await new Promise((resolve) => (wake = resolve));
        continue;
      }
      const lines = text.slice(0, end).split("\n").map((line) => line.split(/: (.*)/s));
      text = text.slice(end + 2);
      id = lines.find(([name]) => name === "id")?.[1] ?? id;
      const data = lines.filter(([name]) => name === "data").map(([, value]) => value).join("\n");
      if (data !== "") return { id, data: JSON.parse(data) };
    }
  };
  return { answer, next, last_id: () => id };
}

test("a stream tells of what is saved, with visible fields alone", async (t) => {
  const { url } = await serve(t, { "app.flin": APP });
  const { answer, next } = await stream(t, url, "subscribe=Todo,User");
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.headers["content-type"], "text/event-stream");
  const { data: { seq, ...first } } = await next();
  assert.deepEqual(first, { type: "subscribed", entity_type: "Todo", recovered: true });
  assert.deepEqual((await next()).data, { type: "subscribed", entity_type: "User", seq, recovered: true });
  await post_json(`${url}/todos`, { title: "Bread" });
  assert.deepEqual(await next(), { id: String(seq + 1), data: { type: "entity_change", entity_type: "Todo", change: "create", entity: { id: 1, title: "Bread" }, seq: seq + 1 } });
  assert.equal((await post_json(`${url}/users`, { name: "Ann" })).status, 200);
  const { data } = await next();
  assert.deepEqual([data.entity_type, data.entity], ["User", { id: 1, name: "Ann" }]);
});

test("a stream that breaks goes on where it was, also after the server was killed", async (t) => {
  const first = await serve(t, { "app.flin": APP });
  const before = await stream(t, first.url, "subscribe=Todo");
  await before.next();
  for (const title of ["a", "b"]) await post_json(`${first.url}/todos`, { title });
  assert.equal((await before.next()).data.entity.title, "a");
  await first.stop("SIGKILL");
  const again = await serve(t, "app.flin", { cwd: first.folder });
  await post_json(`${again.url}/todos`, { title: "c" });
  const after = await stream(t, again.url, "subscribe=Todo", { "Last-Event-ID": before.last_id() });
  const { data } = await after.next();
  assert.deepEqual([data.type, data.recovered], ["subscribed", true]);
  for (const title of ["b", "c"]) assert.equal((await after.next()).data.entity.title, title);
});

test("a stream that breaks inside a commit gets the rest of it", async (t) => {
  const { url } = await serve(t, { "app.flin": APP });
  const before = await stream(t, url, "subscribe=Todo");
  const { data: { seq } } = await before.next();
  await post_json(`${url}/both`, {});
  const one = await before.next();
  assert.deepEqual([one.data.entity.title, one.data.seq], ["one", seq + 1]);
  const after = await stream(t, url, "subscribe=Todo", { "Last-Event-ID": one.id });
  assert.equal((await after.next()).data.recovered, true);
  const two = await after.next();
  assert.deepEqual([two.data.entity.title, two.data.seq], ["two", seq + 1]);
});

test("a stream ends when the server stops", async (t) => {
  const server = await serve(t, { "app.flin": APP });
  const { next } = await stream(t, server.url, "subscribe=Todo");
  await next();
  const [{ code }, end] = await Promise.all([server.stop(), next()]);
  assert.deepEqual([code, end], [0, null]);
});

for (const [what, query, headers, status, message] of [
  ["nothing", "", {}, 400, "'subscribe' names the entities of an event stream, as in ?subscribe=Todo,User."],
  ["an unknown entity", "subscribe=Tod", {}, 404, "There is no entity 'Tod'. Did you mean 'Todo'?"],
  ["a time that is none", "subscribe=Todo&since=now", {}, 400, "'since' of an event stream is a whole number."],
  ["a foreign page's request", "subscribe=Todo", { Origin: "http://evil.example" }, 403, "events are for pages of this host"],
])
  test(`a stream of ${what} is ${status}`, async (t) => {
    const { url } = await serve(t, { "app.flin": APP });
    const answer = await request(`${url}/_flin/events?${query}`, { headers });
    assert.equal(answer.status, status);
    assert.deepEqual(JSON.parse(answer.body), { error: message, status });
  });
