// POST /_action (W 6): forms of browsers without scripts, calls as JSON, and what is refused.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { serve } from "../support/flin.mjs";
import { load_page, post_form, post_json } from "../support/http.mjs";

const app = (name) => fileURLToPath(new URL(`apps/${name}.flin`, import.meta.url));
const todo = (t) => serve(t, app("todo"));

// The hidden fields of the form in a page, as a browser would send them.
function hidden_fields(html) {
  const fields = {};
  for (const [, name, value] of html.matchAll(/<input type="hidden" name="(_flin_\w+)" value="([^"]*)">/g))
    fields[name] = value.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  return fields;
}

test("a form without scripts saves and answers 303 to the page", async (t) => {
  const { url } = await todo(t);
  const page = await load_page(url);
  const answer = await post_form(`${url}/_action`, { ...hidden_fields(page.body), draft: "Milk & <b>" }, { cookie: page.cookie, origin: url });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.location, "/");
  const again = await load_page(url, { cookie: page.cookie });
  assert.match(again.body, /<li><input type="checkbox">Milk &amp; &lt;b&gt;<\/li>/);
  assert.match(again.body, /<p>1<!--,--> open<\/p>/);
});

test("a form with an empty title answers 422 and stores nothing", async (t) => {
  const { url } = await todo(t);
  const page = await load_page(url);
  const answer = await post_form(`${url}/_action`, { ...hidden_fields(page.body), draft: " " }, { cookie: page.cookie, origin: url });
  assert.equal(answer.status, 422);
  assert.match(answer.headers["content-type"], /^text\/html/);
  assert.match((await load_page(url)).body, /Nothing here/);
});

test("a call as JSON without a socket gives its result", async (t) => {
  const { url } = await todo(t);
  const { cookie, state } = await load_page(url);
  const answer = await post_json(`${url}/_action`, { token: state.token, action: "call", id: 1, handler: 0, in: ["Milk"] }, { cookie, origin: url });
  assert.equal(answer.status, 200);
  const { type, id, out } = JSON.parse(answer.body);
  assert.deepEqual([type, id, out], ["result", 1, [[0, ""]]]);
  assert.match((await load_page(url)).body, /Milk/);
});

for (const [what, status, code, change] of [
  ["a wrongly typed cell", 400, "R0401", { in: [7] }],
  ["too few values", 400, "R0401", { in: [] }],
  ["a handler that does not exist", 403, "R0403", { handler: 99 }],
  ["an entity of another type", 400, "R0401", { handler: 1, in: [{ $e: "Note", id: 1, v: 1, set: {} }] }],
  ["an entity that does not exist", 404, "R0402", { handler: 1, in: [{ $e: "Todo", id: 77, v: 1, set: {} }] }],
  ["a token that was never given", 403, "R0403", { token: "1.AAAA" }],
])
  test(`${what} is ${status} with ${code}, and nothing runs`, async (t) => {
    const { url } = await todo(t);
    const { cookie, state } = await load_page(url);
    const call = { token: state.token, action: "call", id: 1, handler: 0, in: ["Milk"], ...change };
    const answer = await post_json(`${url}/_action`, call, { cookie, origin: url });
    assert.equal(answer.status, status);
    assert.equal(JSON.parse(answer.body).error.code, code);
    assert.match((await load_page(url)).body, /Nothing here/);
  });

test("the token of another session is 403", async (t) => {
  const { url } = await todo(t);
  const [mine, other] = [await load_page(url), await load_page(url)];
  const call = { token: other.state.token, action: "call", id: 1, handler: 0, in: ["Milk"] };
  const answer = await post_json(`${url}/_action`, call, { cookie: mine.cookie, origin: url });
  assert.equal(answer.status, 403);
  assert.match((await load_page(url)).body, /Nothing here/);
});

for (const [what, headers] of [
  ["from another origin", { origin: "http://evil.example" }],
  ["without a word on its origin", {}],
  ["that the browser calls cross-site", { "sec-fetch-site": "cross-site" }],
])
  test(`a post ${what} is 403`, async (t) => {
    const { url } = await todo(t);
    const page = await load_page(url);
    const answer = await post_form(`${url}/_action`, { ...hidden_fields(page.body), draft: "Milk" }, { cookie: page.cookie, ...headers });
    assert.equal(answer.status, 403);
    assert.match((await load_page(url)).body, /Nothing here/);
  });
