// flin dev (L 8.7): changes of the file are announced, errors are shown, what was served before goes on.
import assert from "node:assert/strict";
import { appendFileSync, closeSync, openSync, readFileSync, renameSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { eventually, folder, run, serve } from "../support/flin.mjs";
import { load_page } from "../support/http.mjs";
import { WebSocketClient } from "../support/websocket.mjs";

const ONE = `count = 0\n<button click={count++}>one {count}</button>\n`;
const TWO = ONE.replace("one", "two");
const BROKEN = `count = )\n<button click={count++}>one {count}</button>\n`;

async function develop(t, source, options = {}) {
  const server = await serve(t, { "app.flin": source }, { ...options, args: ["dev", ...(options.args ?? [])] });
  const file = join(server.folder, "app.flin");
  const lines = (what) => server.output.err.split("\n").filter((line) => line.includes(what)).length;
  return { ...server, file, lines, save: (text) => writeFileSync(file, text), html: async () => (await fetch(server.url)).text() };
}

// A page that is open: what it was sent last.
async function open(t, server) {
  const page = await load_page(server.url), socket = await WebSocketClient.connect(server.url, { headers: { Cookie: page.cookie } });
  t.after(() => socket.destroy());
  const { token, build, seq } = page.state;
  socket.send({ action: "page", token, build, seq, n: 0 });
  assert.equal((await socket.receive()).type, "page");
  return { page, socket };
}

test("a change is announced to open pages, and new ones are made by it", async (t) => {
  const server = await develop(t, ONE), { page, socket } = await open(t, server);
  assert.equal(page.state.dev, true);
  server.save(TWO);
  const message = await socket.receive();
  assert.deepEqual([message.type, message.reason], ["reload", "build"]);
  assert.notEqual(message.build, page.state.build);
  const next = await load_page(server.url);
  assert.equal(next.state.build, message.build);
  assert.match(await server.html(), /two/);
  assert.match(server.output.err, /dev {2}app\.flin is served anew after \d+(\.\d)? ms/);
});

test("a page of the build before still finds its module", async (t) => {
  const server = await develop(t, ONE);
  const [module] = /\/_flin\/page\/\w+\.js/.exec(await server.html());
  server.save(TWO);
  await eventually(async () => (await server.html()).includes("two"), "the other build");
  assert.equal((await fetch(server.url + module)).status, 200);
});

test("errors are shown in open pages and in the terminal, the program before goes on, and they go when it is right", async (t) => {
  const server = await develop(t, ONE), { socket } = await open(t, server);
  server.save(BROKEN);
  const shown = await socket.receive();
  assert.equal(shown.type, "diagnostics");
  assert.match(shown.text, /^error\[E\d{4}\]: .*\n --> app\.flin:1:9/);
  assert.match(shown.text, /\n {2}\| +\^/);
  await eventually(() => server.lines("is refused after"), "the line in the terminal");
  assert.ok(server.output.err.includes(shown.text));
  assert.match(await server.html(), /one/);

  const late = await open(t, server); // opened while it is broken: the page of before beneath
  assert.deepEqual(await late.socket.receive(), shown);

  server.save(TWO);
  for (const one of [socket, late.socket]) {
    assert.deepEqual(await one.receive(), { type: "diagnostics", text: "" });
    assert.equal((await one.receive()).type, "reload");
  }
});

test("errors that are taken back leave the page as it is", async (t) => {
  const server = await develop(t, ONE), { socket } = await open(t, server);
  server.save(BROKEN);
  assert.equal((await socket.receive()).type, "diagnostics");
  server.save(`${ONE}// the same\n`);
  assert.deepEqual(await socket.receive(), { type: "diagnostics", text: "" });
  await eventually(() => server.lines("means the same as before"), "the line in the terminal");
  socket.send({ action: "ping" });
  assert.deepEqual(await socket.receive(), { type: "pong" });
});

test("a declaration that is refused is shown like an error", async (t) => {
  const server = await develop(t, `route GET "/a" { "a" }\n`);
  server.save(`route GET "/a" { "a" }\nroute GET "/a" { "b" }\n`);
  await eventually(() => server.lines("is refused after"), "the refusal");
  assert.match(server.output.err, /E0901/);
  assert.equal(await (await fetch(`${server.url}/a`)).json(), "a");
});

test("routes come and go with the program", async (t) => {
  const server = await develop(t, `route GET "/a" { "a" }\n`);
  server.save(`route GET "/b" { "b" }\n`);
  await eventually(async () => (await fetch(`${server.url}/b`)).status === 200, "the new route");
  assert.equal((await fetch(`${server.url}/a`)).status, 404);
});

test("a program that serves nothing any more is refused", async (t) => {
  const server = await develop(t, ONE);
  server.save(`print("x")\n`);
  await eventually(() => server.lines("is refused after"), "the refusal");
  assert.match(server.output.err, /error: app\.flin has no pages and no routes any more: nothing to serve/);
  assert.match(await server.html(), /one/);
});

const TODO = `entity Todo {
    title: text
}
route GET "/add" {
    save Todo { title: "tea" }
    return "added"
}
route GET "/all" { Todo.all.map(t => t.title).join(",") }
`;

test("entities may gain types and fields; the rows stay", async (t) => {
  const server = await develop(t, TODO, { args: ["--store=memory"] });
  await fetch(`${server.url}/add`);
  server.save(`entity First {\n    x: int?\n}\n${TODO.replace("title: text", "done: bool = false\n    title: text")}route GET "/new" { Todo.where(done == false).count }\n`);
  await eventually(async () => (await fetch(`${server.url}/new`)).status === 200, "the new program");
  assert.equal(await (await fetch(`${server.url}/new`)).text(), "1");
  assert.equal(await (await fetch(`${server.url}/all`)).json(), "tea");
});

test("any other change of a stored type is shown, and the program before goes on", async (t) => {
  const server = await develop(t, TODO, { args: ["--store=memory"] });
  await fetch(`${server.url}/add`);
  server.save(TODO.replace("title: text", "title: int").replace('title: "tea"', "title: 1").replace("t.title)", "text(t.title))"));
  await eventually(() => server.lines("is refused after"), "the refusal");
  assert.match(server.output.err, /error\[R0106\]: the stored data does not fit the program: .*Todo/);
  await fetch(`${server.url}/add`);
  assert.equal(await (await fetch(`${server.url}/all`)).json(), "tea,tea");
});

for (const [how, write] of [
  ["renames a new file over it", (file, text) => (writeFileSync(`${file}.new`, text), renameSync(`${file}.new`, file))],
  ["renames it away and writes it anew", (file, text) => (renameSync(file, `${file}~`), writeFileSync(file, text))],
  ["removes it first", (file, text) => (rmSync(file), writeFileSync(file, text))],
  ["writes it in pieces", (file, text) => {
    const out = openSync(file, "w");
    for (const piece of text.match(/[^]{1,7}/g)) writeSync(out, piece);
    closeSync(out);
  }],
  ["empties it first", (file, text) => (writeFileSync(file, ""), writeFileSync(file, text))],
  ["writes it piece by piece, opening it anew", (file, text) => {
    writeFileSync(file, "");
    for (const line of text.split(/(?<=\n)/)) appendFileSync(file, line);
  }],
])
  test(`an editor that ${how} is understood`, async (t) => {
    const server = await develop(t, ONE);
    write(server.file, TWO);
    await eventually(async () => (await server.html()).includes("two"), "the change");
    assert.equal(server.lines("is refused after"), 0, server.output.err);
    assert.equal(readFileSync(server.file, "utf8"), TWO);
  });

test("the last of many quick saves is what is served", async (t) => {
  const server = await develop(t, ONE);
  for (let i = 0; i < 50; i++) server.save(ONE.replace("one", `save ${i} of`));
  await eventually(async () => (await server.html()).includes("save 49 of"), "the last save");
});

test("a watcher that looks through folders understands changes too", async (t) => {
  const server = await develop(t, ONE, { args: ["--async.watcher=scan"] });
  server.save(TWO);
  await eventually(async () => (await server.html()).includes("two"), "the change");
});

test("a program that is wrong from the start is served when it is right", async (t) => {
  const place = folder(t, { "app.flin": BROKEN });
  setTimeout(() => writeFileSync(join(place, "app.flin"), ONE), 300); // flin is to find the errors first, but need not
  const server = await serve(t, join(place, "app.flin"), { args: ["dev"], cwd: place });
  assert.match(await (await fetch(server.url)).text(), /one/);
});

test("SIGTERM ends it", async (t) => {
  const server = await develop(t, ONE);
  server.save(TWO);
  const { code, signal } = await server.stop();
  assert.deepEqual([code, signal], [0, null]);
});

test("a script is told how to run it", async (t) => {
  const { code, err } = await run(["dev", "a.flin"], { cwd: folder(t, { "a.flin": 'print("x")\n' }) });
  assert.equal(code, 2);
  assert.equal(err, "flin: a.flin has no pages and no routes. flin dev is for programs that are served; run this one with flin a.flin\n");
});

test("without a plugin that watches files it says which one does", async (t) => {
  const { code, err } = await run(["--plugins=http", "dev", "a.flin"], { cwd: folder(t, { "a.flin": ONE }) });
  assert.equal(code, 78);
  assert.equal(err, "flin: P111: flin dev needs flin.host.IWatcher/1, which no loaded plugin offers. Add a plugin that offers it to --plugins, such as async.\n");
});
