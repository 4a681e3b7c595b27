// Pages, routes and assets over HTTP, and requests that are wrong.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { test } from "node:test";

import { example, folder, serve } from "../support/flin.mjs";
import { exchange, load_page, post_json, request } from "../support/http.mjs";

const app = (name) => fileURLToPath(new URL(`apps/${name}.flin`, import.meta.url));

test("a page is complete HTML with its state, a cookie and no inline script", async (t) => {
  const { url } = await serve(t, app("counter"));
  const { status, headers, body, state } = await load_page(url);
  assert.equal(status, 200);
  assert.equal(headers["content-type"], "text/html; charset=utf-8");
  assert.equal(headers["cache-control"], "private, no-cache");
  assert.match(headers["set-cookie"][0], /^flin_sid=[^;]+; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/);
  assert.match(body, /^<!doctype html><html lang="en"><head><meta charset="utf-8">/);
  assert.match(body, /<body><button data-flin-bind="count">0<\/button><script type="application\/json" id="flin-state">/);
  assert.deepEqual(state.cells, { count: 0 });
  assert.match(state.build, /^[0-9a-f]{8}$/);
});

test("a browser keeps its session cookie", async (t) => {
  const { url } = await serve(t, app("counter"));
  const { cookie } = await load_page(url);
  assert.equal((await load_page(url, { cookie })).headers["set-cookie"], undefined);
});

test("assets are named by their content and may be kept for ever", async (t) => {
  const { url } = await serve(t, example("counter.flin"));
  const { body } = await load_page(url);
  const paths = [...body.matchAll(/(?:src|href)="(\/_flin\/[^"]+)"/g)].map((found) => found[1]);
  assert.equal(paths.length, 3); // style sheet, runtime, page module
  for (const path of paths) {
    assert.match(path, /^\/_flin\/(runtime|page\/)\/?.*[0-9a-f]{8}\.(js|css)$/);
    const asset = await request(url + path);
    assert.equal(asset.status, 200, path);
    assert.equal(asset.headers["cache-control"], "public, max-age=31536000, immutable");
    assert.match(asset.headers["content-type"], path.endsWith(".css") ? /^text\/css/ : /^text\/javascript/);
    const packed = await request(url + path, { headers: { "accept-encoding": "gzip" } });
    assert.equal(packed.headers["content-encoding"], "gzip", path);
  }
  assert.equal((await request(`${url}/_flin/page/00000000.js`)).status, 404);
});

test("what a page module imports is served too", async (t) => {
  const { url } = await serve(t, example("todo.flin"));
  const { body } = await load_page(url);
  const module = /<script type="module" src="([^"]+)"/.exec(body)[1];
  const source = (await request(url + module)).body;
  const imports = [...source.matchAll(/from ?"([^"]+)"/g)].map((found) => found[1]);
  assert.ok(imports.length > 0);
  for (const path of imports) assert.equal((await request(url + path)).status, 200, path);
});

test("/_flin/health is there for loopback", async (t) => {
  const { url } = await serve(t, app("counter"));
  const { status } = await request(`${url}/_flin/health`);
  assert.equal(status, 200);
});

test("/_flin/ready and /_flin/metrics tell operators how it goes", async (t) => {
  const { url } = await serve(t, app("web"));
  assert.deepEqual(JSON.parse((await request(`${url}/_flin/ready`)).body), { status: "ready" });
  for (let i = 0; i < 3; i++) await request(`${url}/hello`);
  await request(`${url}/gone`);
  const { body, headers } = await request(`${url}/_flin/metrics`);
  assert.match(headers["content-type"], /^text\/plain; version=0\.0\.4/);
  assert.match(body, /^# TYPE flin_http_requests_total counter$/m);
  assert.match(body, /^flin_http_requests_total\{class="2xx"\} 4$/m);
  assert.match(body, /^flin_http_requests_total\{class="4xx"\} 1$/m);
  assert.match(body, /^flin_http_request_seconds_count 5$/m);
  assert.match(body, /^flin_http_requests_in_flight 1$/m); // this one
});

test("a text answers as JSON, as any value does", async (t) => {
  const { url } = await serve(t, app("web"));
  const { status, body, headers } = await request(`${url}/hello`);
  assert.deepEqual([status, body], [200, '"hello"']);
  assert.match(headers["content-type"], /^application\/json/);
});

test("path parameters and the query reach a route", async (t) => {
  const { url, port } = await serve(t, app("web"));
  assert.equal((await request(`${url}/sum/40/2`)).body, '{"sum":42}');
  assert.equal((await request(`${url}/search?q=a%20b%26c`)).body, `{"q":"a b&c","host":"127.0.0.1:${port}"}`);
});

test("none answers 204", async (t) => {
  const { url } = await serve(t, app("web"));
  assert.equal((await request(`${url}/nothing`)).status, 204);
});

test("a posted entity is stored, answered and read again", async (t) => {
  const { url } = await serve(t, app("web"));
  const made = await post_json(`${url}/notes`, { text: "Milk", stars: 2, other: 1 });
  assert.equal(made.status, 200);
  const note = JSON.parse(made.body);
  assert.deepEqual([note.id, note.text, note.stars, note.other], [1, "Milk", 2, undefined]);
  assert.deepEqual(JSON.parse((await request(`${url}/notes/1`)).body), note);
  assert.match((await load_page(url)).body, /<li[^>]*>Milk<\/li>/);
});

test("errors of routes have their status and a JSON body", async (t) => {
  const { url } = await serve(t, app("web"));
  const missing = await request(`${url}/notes/9`);
  assert.deepEqual([missing.status, JSON.parse(missing.body)], [404, { error: "no such note", status: 404 }]);
  const invalid = await post_json(`${url}/notes`, { text: " " });
  assert.equal(invalid.status, 422);
  assert.match(JSON.parse(invalid.body).error, /text is required/);
  assert.equal((await request(`${url}/notes`, { method: "POST", headers: { "content-type": "application/json" }, body: "{" })).status, 400);
});

test("a path without a route is 404, a method without one 405 with Allow", async (t) => {
  const { url } = await serve(t, app("web"));
  assert.equal((await request(`${url}/gone`)).status, 404);
  const wrong = await request(`${url}/hello`, { method: "DELETE" });
  assert.equal(wrong.status, 405);
  assert.match(wrong.headers.allow, /GET/);
  assert.equal((await request(`${url}/hello`, { method: "HEAD" })).status, 200);
});

test("static files come from public/ and from nowhere else", async (t) => {
  const cwd = folder(t, { "app.flin": "<p>hi</p>\n", "public/a.txt": "in", "secret.txt": "out" });
  const { url, port } = await serve(t, "app.flin", { cwd });
  assert.equal((await request(`${url}/a.txt`)).body, "in");
  for (const path of ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "//secret.txt", "/secret.txt"]) {
    const answer = await exchange(port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
    assert.match(answer, /^HTTP\/1\.1 40[04] /, path);
    assert.ok(!answer.includes("out"), path);
  }
});

test("two Content-Lengths are 400 and end the connection", async (t) => {
  const { port } = await serve(t, app("web"));
  const answer = await exchange(
    port,
    "POST /notes HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbodyGET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
  );
  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.equal(answer.match(/HTTP\/1\.1 /g).length, 1);
});

for (const [what, head] of [
  ["a length beside chunks", "POST /notes HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"],
  ["a blank before the colon", "GET /hello HTTP/1.1\r\nHost : a\r\n\r\n"],
  ["a missing Host", "GET /hello HTTP/1.1\r\n\r\n"],
  ["two Hosts", "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"],
  ["a folded header", "GET /hello HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n"],
  ["a line that ends in LF alone", "GET /hello HTTP/1.1\nHost: a\n\n"],
])
  test(`${what} is 400 and ends the connection`, async (t) => {
    const { port } = await serve(t, app("web"));
    assert.match(await exchange(port, head), /^HTTP\/1\.1 400 /);
  });

test("a header of 10 MB is 431, and the server goes on", async (t) => {
  const { url, port } = await serve(t, app("web"));
  const answer = await exchange(port, `GET /hello HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(10 << 20)}\r\n\r\n`);
  assert.match(answer, /^HTTP\/1\.1 431 /);
  assert.equal((await request(`${url}/hello`)).status, 200);
});

test("an address above 8 KiB is 414, a body above 1 MiB 413", async (t) => {
  const { url, port } = await serve(t, app("web"));
  assert.match(await exchange(port, `GET /${"a".repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`), /^HTTP\/1\.1 414 /);
  assert.match(await exchange(port, "POST /notes HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n"), /^HTTP\/1\.1 413 /);
  assert.equal((await request(`${url}/hello`)).status, 200);
});

test("pipelined requests are answered in order", async (t) => {
  const { port } = await serve(t, app("web"));
  const get = (path, more = "") => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
  const answer = await exchange(port, get("/sum/1/1") + get("/sum/2/2") + get("/sum/3/3", "Connection: close\r\n"));
  assert.deepEqual(answer.match(/"sum":\d/g), ['"sum":2', '"sum":4', '"sum":6']);
});
