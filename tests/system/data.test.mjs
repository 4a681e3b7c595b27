// The database of a program as its operator meets it: where it lies, what keeps flin from opening it, what
// `flin migrate --plan` says.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { folder, run, serve } from "../support/flin.mjs";

const script = `
entity Todo { title: text, done: bool = false }
save Todo { title: "a" }
print(Todo.count)
`;
const plugins = "--plugins=store";
const write = (place, name, text) => writeFileSync(join(place, name), text);

// One line on standard error and status 78.
function refused({ code, out, err }, message) {
  assert.equal(err, `flin: P113: plugin 'store' did not start: ${message}\n`);
  assert.equal(out, "");
  assert.equal(code, 78);
}

test("a program's entities are in .flin beside it, and there again at the next start", async (t) => {
  const cwd = folder(t, { "todo.flin": script });
  assert.equal((await run([plugins, "todo.flin"], { cwd })).out, "1\n");
  assert.equal((await run([plugins, join(cwd, "todo.flin")])).out, "2\n");
  assert.ok(existsSync(join(cwd, ".flin/todo.db")));
});

test("flin.json, the environment and the command line choose another place, or memory", async (t) => {
  const cwd = folder(t, { "todo.flin": script, "flin.json": '{"store": {"path": "one.db"}}' });
  await run([plugins, "todo.flin"], { cwd });
  await run([plugins, "todo.flin"], { cwd, env: { FLIN_STORE: "sqlite:data/two.db" } });
  await run([plugins, "--store=sqlite:three.db", "todo.flin"], { cwd });
  for (const file of ["one.db", "data/two.db", "three.db"]) assert.ok(existsSync(join(cwd, file)), file);
  for (let i = 0; i < 2; i++) assert.equal((await run([plugins, "--store=memory", "todo.flin"], { cwd })).out, "1\n");
  assert.ok(!existsSync(join(cwd, ".flin")));
});

test("a program without entities leaves no file behind", async (t) => {
  const cwd = folder(t, { "hello.flin": 'print("hello")\n' });
  assert.equal((await run([plugins, "hello.flin"], { cwd })).out, "hello\n");
  assert.ok(!existsSync(join(cwd, ".flin")));
});

test("a place that cannot be written is told with what to do", async (t) => {
  const cwd = folder(t, { "todo.flin": script, ".flin": "a file where the folder should be" });
  refused(
    await run([plugins, "todo.flin"], { cwd }),
    `the store cannot write the folder ${cwd}/.flin: Not a directory; let this user write there, or take another place with --store=sqlite:PATH or --store=memory`,
  );
});

test("a database that another flin has open is told with its process", async (t) => {
  const server = await serve(t, { "todo.flin": "entity Todo { title: text }\n<p>{Todo.count}</p>\n" });
  refused(
    await run([plugins, "todo.flin"], { cwd: server.folder }),
    `the database ${server.folder}/.flin/todo.db is in use by another flin (process ${server.pid}); stop it, or take another file with --store=sqlite:PATH`,
  );
});

test("a file that is no database, and a damaged one, are told with what to do", async (t) => {
  const cwd = folder(t, { "todo.flin": script });
  mkdirSync(join(cwd, ".flin"));
  write(cwd, ".flin/todo.db", "x".repeat(5000));
  const path = `${cwd}/.flin/todo.db`;
  refused(await run([plugins, "todo.flin"], { cwd }), `the file ${path} is not an SQLite database; move it away, or name another file with --store=sqlite:PATH`);
  await run([plugins, "--store=sqlite:good.db", "todo.flin"], { cwd });
  const bytes = readFileSync(join(cwd, "good.db"));
  bytes.fill(0x5a, 4096, 16384);
  writeFileSync(join(cwd, "bad.db"), bytes);
  const { code, err } = await run([plugins, "--store=sqlite:bad.db", "todo.flin"], { cwd });
  assert.match(err, /^flin: P113: plugin 'store' did not start: the database .*bad\.db is damaged \(.+\); put a copy of it back, or save what can be read: sqlite3 '.*bad\.db' \.recover \| sqlite3 rescued\.db, then --store=sqlite:rescued\.db\n$/);
  assert.equal(code, 78);
});

test("a database of a newer FLIN, and one of another program, are refused", async (t) => {
  const cwd = folder(t, { "todo.flin": script });
  await run([plugins, "todo.flin"], { cwd });
  const bytes = readFileSync(join(cwd, ".flin/todo.db"));
  const path = `${cwd}/.flin/todo.db`;
  bytes.writeUInt32BE(2, 60); // user_version
  writeFileSync(path, bytes);
  refused(
    await run([plugins, "todo.flin"], { cwd }),
    `the database ${path} was written by a newer FLIN (format 2, this one knows 1); run it with that FLIN, or put an older copy back`,
  );
  bytes.writeUInt32BE(7, 68); // application_id
  writeFileSync(path, bytes);
  refused(await run([plugins, "todo.flin"], { cwd }), `the file ${path} is a database of another program; name another file with --store=sqlite:PATH`);
});

test("what a program adds is made at its start; anything else stops it and names the field", async (t) => {
  const cwd = folder(t, { "todo.flin": script });
  await run([plugins, "todo.flin"], { cwd });
  write(cwd, "todo.flin", 'entity Tag { word: text }\nentity Todo { title: text, done: bool = false, note: text?, stars: int = 3 }\nprint(Todo.first?.stars, Todo.first?.note, Tag.count)\n');
  assert.equal((await run([plugins, "todo.flin"], { cwd })).out, "3 none 0\n");
  write(cwd, "todo.flin", "entity Todo { title: int, done: bool = false, note: text?, stars: int = 3 }\nprint(Todo.count)\n");
  refused(
    await run([plugins, "todo.flin"], { cwd }),
    "the stored data does not fit the program: field Todo.title was text and is now int; declare it as text again, or give the new field another name",
  );
});

const next = "entity Todo { title: int, done: bool = false, due: time, note: text? }\nprint(1)\n";

test("migrate --plan shows what would change, and changes nothing", async (t) => {
  const cwd = folder(t, { "todo.flin": script });
  const plan = (...args) => run(["migrate", "--plan", plugins, ...args, "todo.flin"], { cwd });
  assert.deepEqual(await plan(), { code: 0, signal: null, out: `${cwd}/.flin/todo.db\n  + new entity Todo\nmade at the next start\n`, err: "" });
  assert.ok(!existsSync(join(cwd, ".flin")));
  await run([plugins, "todo.flin"], { cwd });
  assert.equal((await plan()).out, `${cwd}/.flin/todo.db\nnothing changes\n`);
  write(cwd, "todo.flin", next);
  assert.deepEqual(await plan(), {
    code: 78,
    signal: null,
    out:
      `${cwd}/.flin/todo.db\n` +
      "  ! field Todo.title was text and is now int\n      declare it as text again, or give the new field another name\n" +
      "  ! field Todo.due is new, and the rows that are there have no value for it\n      give it a default (due: time = ..) or make it optional (due: time?)\n" +
      "  + new field Todo.note: text?\n" +
      "it would not start: 2 to be dealt with (!)\n",
    err: "",
  });
  const { out, code } = await plan("--json");
  assert.equal(code, 78);
  assert.deepEqual(JSON.parse(out), {
    place: `${cwd}/.flin/todo.db`,
    steps: [
      { subject: "Todo.title", what: "field Todo.title was text and is now int", refused: true, advice: "declare it as text again, or give the new field another name" },
      { subject: "Todo.due", what: "field Todo.due is new, and the rows that are there have no value for it", refused: true, advice: "give it a default (due: time = ..) or make it optional (due: time?)" },
      { subject: "Todo.note", what: "new field Todo.note: text?", refused: false },
    ],
    refused: 2,
  });
  write(cwd, "todo.flin", script);
  assert.equal((await run([plugins, "todo.flin"], { cwd })).out, "2\n");
});

test("migrate says what it needs", async (t) => {
  const cwd = folder(t, { "todo.flin": script });
  const say = async (args, code) => {
    const ran = await run(["migrate", ...args], { cwd });
    assert.equal(ran.code, code);
    return ran.err;
  };
  assert.equal(await say(["todo.flin"], 2), "flin: flin migrate needs --plan. See flin migrate --help.\n");
  assert.equal(await say(["--plan", "--plugins=", "todo.flin"], 1).then((text) => /E1001/.test(text)), true);
  assert.equal(
    await say(["--plan", plugins, "--store=memory", "todo.flin"], 78),
    "flin: the backend 'memory' has no file to compare the program with; this works for sqlite\n",
  );
});
