// What programs ask of other machines and of files (plugin async; L 12.5, 24.7, 24.8).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as create_secure } from "node:https";
import { createServer as create_raw } from "node:net";
import { join } from "node:path";
import { test } from "node:test";

import { folder, run, serve } from "../support/flin.mjs";

const listen = (t, server, host = "127.0.0.1") =>
  new Promise((resolve) =>
    server.listen(0, host, () => {
      t.after(() => (server.closeAllConnections?.(), server.close()));
      resolve(server.address().port);
    }),
  );

// A server that notes what it is asked; `answer(request, response, body)`.
async function upstream(t, answer) {
  const asked = [];
  const port = await listen(t, createServer((request, response) => {
    let body = "";
    request.on("data", (bytes) => (body += bytes)).on("end", () => {
      asked.push({ method: request.method, url: request.url, headers: request.headers, body });
      answer(request, response, body);
    });
  }));
  return { asked, port, url: `http://127.0.0.1:${port}` };
}
const raw = (t, text, then = (socket) => socket.end()) =>
  listen(t, create_raw((socket) => socket.on("error", () => {}).once("data", () => socket.write(text, () => then(socket)))));

// Runs a script; `{url}` in it is replaced. Gives its lines, or the error it ended with.
async function script(t, source, { args = ["--async.allow_hosts=127.0.0.1,localhost"], files = {}, env, cwd = folder(t, files) } = {}) {
  writeFileSync(join(cwd, "a.flin"), source);
  const { code, out, err } = await run([...args, "a.flin"], { cwd, env });
  const error = /runtime error\[(R\d{4})\]: (.*)/.exec(err);
  assert.equal(code, error ? 1 : 0, err);
  return { lines: out.trimEnd().split("\n"), error: error && `${error[1]} ${error[2]}`, cwd };
}

test("an answer has status, ok, headers, body and json", async (t) => {
  const { url, asked } = await upstream(t, (_, response) => response.writeHead(201, { "Content-Type": "application/json", "X-A": "b" }).end('{"n":[1,2.5,null,"é"]}'));
  const { lines } = await script(t, `r = http_get("${url}/x?a=1#z", { query: { q: "a b&c", n: 2, on: true, no: none }, headers: { "X-Mine": "yes" } })
print(r.status, r.ok, r.headers["x-a"], r.body)
print(r.json.n)`);
  assert.deepEqual(lines, ['201 true b {"n":[1,2.5,null,"é"]}', '[1, 2.5, none, "é"]']);
  assert.equal(asked[0].method, "GET");
  assert.equal(asked[0].url, "/x?a=1&q=a%20b%26c&n=2&on=true");
  assert.equal(asked[0].headers["x-mine"], "yes");
  assert.equal(asked[0].headers.host, new URL(url).host);
});

test("every method sends what it is given", async (t) => {
  const { url, asked } = await upstream(t, (_, response) => response.end("ok"));
  await script(t, `http_post("${url}", { json: { a: [1, none], t: "x" } })
http_put("${url}", { body: "plain" })
http_patch("${url}", { form: { a: "1 2", b: "ü" } })
http_delete("${url}")
fetch("${url}", { method: "POST" })
http_request("PURGE", "${url}", { body: "<a/>", headers: { "Content-Type": "text/xml" } })`);
  assert.deepEqual(asked.map(({ method, headers, body }) => [method, headers["content-type"], body]), [
    ["POST", "application/json", '{"a":[1,null],"t":"x"}'],
    ["PUT", "text/plain; charset=utf-8", "plain"],
    ["PATCH", "application/x-www-form-urlencoded", "a=1%202&b=%C3%BC"],
    ["DELETE", undefined, ""],
    ["POST", undefined, ""],
    ["PURGE", "text/xml", "<a/>"],
  ]);
});

test("json of a failed answer is R0203, of a bad body R0021; the rest can be read", async (t) => {
  const { url } = await upstream(t, (request, response) => response.writeHead(request.url === "/404" ? 404 : 200).end('{"a":\n tru}'));
  const { lines, error } = await script(t, `r = http_get("${url}/404")
print(r.status, r.ok)
try {
    print(r.json)
} catch e {
    print(e.code, e.message)
}
b = http_get("${url}/bad")
print(b.body.len)
print(b.json)`);
  assert.deepEqual(lines, ["404 false", "R0203 HTTP 404", "11"]);
  assert.match(error ?? "", /^R0021 bad JSON at 2:\d+$/);
});

for (const [what, source, error] of [
  ["an address of the machine itself", `http_get("http://127.0.0.1:1/")`, /^R0014 invalid argument: the address 127\.0\.0\.1 of '127\.0\.0\.1' is loopback, private or reserved; the setting async\.allow_hosts can allow the host$/],
  ["its name", `http_get("http://localhost:1/")`, /^R0014 invalid argument: the address (127\.0\.0\.1|::1) of 'localhost'/],
  ["IPv6 loopback", `http_get("http://[::1]:1/")`, /^R0014 invalid argument: the address ::1 of/],
  ["an address in disguise", `http_get("http://2130706433:1/")`, /^R0014 invalid argument: the address 127\.0\.0\.1/],
  ["another disguise", `http_get("http://0x7f.1:1/")`, /^R0014 invalid argument: the address 127\.0\.0\.1/],
  ["a mapped address", `http_get("http://[::ffff:127.0.0.1]:1/")`, /^R0014 invalid argument: the address ::ffff:127\.0\.0\.1/],
  ["the metadata of a cloud", `http_get("http://169.254.169.254/latest")`, /^R0014 invalid argument: the address 169\.254\.169\.254/],
  ["a private network", `http_get("http://10.1.2.3/")`, /^R0014 invalid argument: the address 10\.1\.2\.3/],
  ["another scheme", `http_get("file:///etc/passwd")`, /^R0014 invalid argument: 'file:\/\/\/etc\/passwd' is no URL that begins with http:\/\/ or https:\/\/$/],
  ["a user in the URL", `http_get("http://a:b@example.com/")`, /^R0014 invalid argument: the URL holds a user name; give it in the header Authorization$/],
  ["no URL", `http_get("::")`, /^R0014 invalid argument: '::' is no URL/],
  ["a line end in a header", `http_get("http://example.com/", { headers: { "A": "b\\r\\nC: d" } })`, /^R0014 invalid argument: the header A holds a control character$/],
  ["a bad name of a header", `http_get("http://example.com/", { headers: { "A B": "c" } })`, /^R0014 invalid argument: 'A B' is no name of a header$/],
  ["a header of ours", `http_get("http://example.com/", { headers: { "Host": "c" } })`, /^R0014 invalid argument: the header Host is written by flin$/],
  ["an unknown option", `http_get("http://example.com/", { timeuot: 1 })`, /^R0014 invalid argument: there is no option 'timeuot'; known are json body form headers query timeout retries$/],
  ["two bodies", `http_post("http://example.com/", { json: 1, body: "a" })`, /^R0014 invalid argument: only one of json, body and form can be given$/],
  ["a bad timeout", `http_get("http://example.com/", { timeout: "soon" })`, /^R0014 invalid argument: timeout needs a duration$/],
  ["no time at all", `http_get("http://example.com/", timeout: 0.seconds)`, /^R0014 invalid argument: timeout has to be above 0$/],
  ["too many retries", `http_get("http://example.com/", { retries: 11 })`, /^R0014 invalid argument: retries needs an int from 0 to 10$/],
  ["a bad method", `http_request("G T", "http://example.com/")`, /^R0014 invalid argument: 'G T' is no method$/],
])
  test(`${what} is refused before anything is sent`, async (t) => {
    const { error: found } = await script(t, source, { args: [] });
    assert.match(found ?? "nothing", error);
  });

test("an allowed host cannot lead to one that is not", async (t) => {
  const { url } = await upstream(t, (_, response) => response.writeHead(302, { Location: "http://169.254.169.254/latest" }).end());
  const { error } = await script(t, `http_get("${url}")`);
  assert.match(error, /^R0014 invalid argument: the address 169\.254\.169\.254/);
});

test("redirects are followed as browsers do, up to the limit", async (t) => {
  const { url, asked } = await upstream(t, (request, response) => {
    const [, status, to] = request.url.split("/");
    if (status === "end") return response.end("end");
    response.writeHead(Number(status), { Location: to === "loop" ? request.url : "/end" }).end();
  });
  const { lines, error } = await script(t, `print(http_post("${url}/303", { body: "a", headers: { "Authorization": "x" } }).body)
print(http_post("${url}/307", { body: "b" }).body)
print(http_post("${url}/302", { body: "c" }).body)
http_get("${url}/302/loop")`);
  assert.deepEqual(lines, ["end", "end", "end"]);
  const ends = asked.filter(({ url: path }) => path === "/end").map(({ method, body, headers }) => [method, body, headers.authorization]);
  assert.deepEqual(ends, [["GET", "", "x"], ["POST", "b", undefined], ["GET", "", undefined]]);
  assert.equal(error, "R0202 network failed: more than 5 redirects (setting async.redirects)");
});

test("what names a person stays with its site over redirects", async (t) => {
  const other = await upstream(t, (_, response) => response.end("end"));
  const { url } = await upstream(t, (_, response) => response.writeHead(302, { Location: other.url }).end());
  await script(t, `http_get("${url}", { headers: { "Authorization": "x", "Cookie": "a=b", "X-Other": "y" } })`);
  const { authorization, cookie, "x-other": more } = other.asked[0].headers;
  assert.deepEqual([authorization, cookie, more], [undefined, undefined, "y"]);
});

test("a machine that does not answer in time is R0201", async (t) => {
  const port = await raw(t, "", () => {});
  const began = Date.now();
  const { error } = await script(t, `http_get("http://127.0.0.1:${port}", timeout: 300.ms)`);
  assert.equal(error, "R0201 timed out after 300 ms");
  assert.ok(Date.now() - began < 5000);
});

test("one that drips bytes is R0201 too", async (t) => {
  const port = await raw(t, "HTTP/1.1 200 OK\r\n", (socket) => {
    const drip = setInterval(() => socket.write("A: b\r\n"), 50);
    socket.on("close", () => clearInterval(drip));
  });
  const { error } = await script(t, `http_get("http://127.0.0.1:${port}", { timeout: 1.seconds })`);
  assert.equal(error, "R0201 timed out after 1 s");
});

for (const [what, text, error] of [
  ["half an answer", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", "the connection ended before the answer was whole"],
  ["half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "the connection ended before the answer was whole"],
  ["no HTTP", "SSH-2.0-OpenSSH\r\n", "the answer is no HTTP/1.1"],
  ["nothing", "", "the connection ended before an answer came"],
  ["10 GB", "HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n", "the answer is larger than 16777216 bytes (setting async.answer_bytes)"],
])
  test(`${what} is R0202`, async (t) => {
    const port = await raw(t, text);
    assert.equal((await script(t, `http_get("http://127.0.0.1:${port}")`)).error, `R0202 network failed: ${error}`);
  });

test("nobody at the address is R0202, an unknown name too", async (t) => {
  const server = createServer(), port = await listen(t, server);
  server.close();
  assert.equal((await script(t, `http_get("http://127.0.0.1:${port}")`)).error, `R0202 network failed: 127.0.0.1:${port}: Connection refused`);
  assert.equal((await script(t, `http_get("http://nowhere.invalid")`)).error, "R0202 network failed: the host 'nowhere.invalid' is not known");
});

test("retries ask again after a pause, and only as often as they may", async (t) => {
  let left = 2;
  const { url, asked } = await upstream(t, (_, response) => (left-- > 0 ? response.writeHead(503).end() : response.end("at last")));
  const { lines } = await script(t, `print(http_get("${url}", { retries: 3 }).body)`);
  assert.deepEqual(lines, ["at last"]);
  assert.equal(asked.length, 3);
  left = 9;
  const again = await script(t, `print(http_get("${url}", { retries: 1 }).status)`);
  assert.deepEqual(again.lines, ["503"]);
  assert.equal(asked.length, 5);
});

test("TLS wants a certificate of an authority it knows, and the right name", async (t) => {
  const place = folder(t), key = join(place, "key.pem"), cert = join(place, "cert.pem");
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"], { stdio: "ignore" });
  const port = await listen(t, create_secure({ key: readFileSync(key), cert: readFileSync(cert) }, (_, response) => response.end("secret")));
  const unknown = await script(t, `http_get("https://localhost:${port}")`);
  assert.match(unknown.error ?? "", /^R0202 network failed: TLS with localhost: /);
  const env = { SSL_CERT_FILE: cert };
  const known = await script(t, `print(http_get("https://localhost:${port}").body)`, { env });
  assert.deepEqual(known.lines, ["secret"]);
  const other = await script(t, `http_get("https://127.0.0.1:${port}")`, { env });
  assert.match(other.error ?? "", /^R0202 network failed: TLS with 127\.0\.0\.1: /);
});

test("many requests to a slow machine hold no loop thread and no more threads than they may", async (t) => {
  const waiting = [];
  const slow = await upstream(t, (_, response) => waiting.push(response));
  const server = await serve(t, { "app.flin": `route GET "/slow" { http_get("${slow.url}").body }\nroute GET "/fast" { "fast" }\n` }, { args: ["--async.allow_hosts=127.0.0.1", "--async.threads=4"] });
  const answers = Array.from({ length: 60 }, () => fetch(`${server.url}/slow`).then((answer) => answer.json()));
  while (waiting.length < 4) await new Promise((resolve) => setTimeout(resolve, 10));
  for (let i = 0; i < 20; i++) assert.equal(await (await fetch(`${server.url}/fast`)).json(), "fast");
  assert.equal(waiting.length, 4);
  const threads = Number(/Threads:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))[1]);
  assert.ok(threads < 30, `${threads} threads`);
  const letting_go = setInterval(() => waiting.splice(0).forEach((response) => response.end("done")), 5);
  assert.deepEqual(new Set(await Promise.all(answers)), new Set(["done"]));
  clearInterval(letting_go);
});

test("a server that is asked to stop does not wait for a slow machine", async (t) => {
  const slow = await upstream(t, () => {});
  const server = await serve(t, { "app.flin": `route GET "/slow" { http_get("${slow.url}").body }\n` }, { args: ["--async.allow_hosts=127.0.0.1", "--deadline=300ms"] });
  const answer = fetch(`${server.url}/slow`).then((a) => a.status, () => "closed");
  while (slow.asked.length < 1) await new Promise((resolve) => setTimeout(resolve, 10));
  const began = Date.now(), { code } = await server.stop();
  assert.equal(code, 0);
  assert.ok(Date.now() - began < 5000);
  await answer;
});

test("files are written, read, listed and removed below the program's folder", async (t) => {
  const { lines, cwd } = await script(t, `write_file("a.txt", "one")
append_file("a.txt", "+é")
print(read_file("a.txt"), file_exists("a.txt"), file_exists("b.txt"))
print(list_dir("."))
remove_file("a.txt")
print(file_exists("a.txt"))
write_file("b.txt", "kept")`);
  assert.deepEqual(lines, ["one+é true false", '["a.flin", "a.txt"]', "false"]);
  assert.equal(readFileSync(join(cwd, "b.txt"), "utf8"), "kept");
});

test("no path leads out of the folder, or to what is FLIN's own", async (t) => {
  const place = folder(t, { "outside.txt": "secret", "app/.flin/secret": "secret" });
  symlinkSync(join(place, "outside.txt"), join(place, "app/link.txt"));
  for (const path of ["../outside.txt", "/etc/passwd", "link.txt"]) {
    const { error } = await script(t, `print(read_file("${path}"))`, { cwd: join(place, "app") });
    assert.equal(error, `R0014 invalid argument: '${path}' is outside the folder of the program`);
  }
  const { error } = await script(t, `print(read_file(".flin/secret"))`, { cwd: join(place, "app") });
  assert.equal(error, "R0014 invalid argument: '.flin/secret' belongs to FLIN");
  assert.equal((await script(t, `read_file("no.txt")`, { cwd: join(place, "app") })).error, "R0205 file error: no.txt: No such file or directory");
});

test("sleep waits as long as it says, and others go on", async (t) => {
  const server = await serve(t, { "app.flin": `route GET "/slow" { sleep(400.ms); "slow" }\nroute GET "/fast" { "fast" }\n` }, { args: ["--loops=1"] });
  const began = Date.now(), slow = fetch(`${server.url}/slow`).then(() => Date.now() - began);
  assert.equal(await (await fetch(`${server.url}/fast`)).json(), "fast");
  assert.ok((await slow) >= 400);
});
