// What a route may answer with (L 16.6).
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { folder, serve } from "../support/flin.mjs";
import { request } from "../support/http.mjs";

const program = `
route GET "/made" { response { status: 201, headers: { "X-Kind": "new" }, body: { a: 1 } } }
route GET "/go" { redirect("/made") }
route GET "/err" { error(404, "no such thing") }
route GET "/nothing" { none }
route GET "/html" { <b>{"<i>"}</b> }
route GET "/items/:id" { { id: params.id, q: query.q } }
`;

test("routes answer with responses, redirects, errors, nothing, markup and JSON", async (t) => {
  const { url } = await serve(t, join(folder(t, { "app.flin": program }), "app.flin"));
  const get = (path) => request(new URL(path, url));
  const made = await get("/made");
  assert.equal(made.status, 201);
  assert.equal(made.headers["x-kind"], "new");
  assert.equal(made.body, '{"a":1}');
  const go = await get("/go");
  assert.equal(go.status, 302);
  assert.equal(go.headers.location, "/made");
  const err = await get("/err");
  assert.equal(err.status, 404);
  assert.equal(err.body, '{"error":"no such thing","status":404}');
  assert.equal((await get("/nothing")).status, 204);
  const html = await get("/html");
  assert.equal(html.headers["content-type"], "text/html; charset=utf-8");
  assert.match(html.body, /<b>&lt;i&gt;<\/b>/);
  assert.equal((await get("/items/7?q=a%20b")).body, '{"id":"7","q":"a b"}');
});
