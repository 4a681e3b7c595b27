// Plugins of third parties in a whole flin: tests/sdk/words_plugin beside the standard set.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { build, folder, run, serve } from "../support/flin.mjs";
import { load_page, post_form } from "../support/http.mjs";

const plugins = [`--plugin-dir=${join(build, "tests/sdk/plugins")}`];

async function run_script(t, source, ids = "store,words") {
  const cwd = folder(t, { "app.flin": source });
  return run([...plugins, `--plugins=${ids}`, "app.flin"], { cwd });
}

test("a script's save that a plugin's validator refuses is R0101 with its message and argument", async (t) => {
  const { code, out } = await run_script(
    t,
    `entity Note { body: text @required @max_words(3) }
save Note { body: "one two three" }
try { save Note { body: "one two three four" } } catch e { print(e.code, e.message) }
print(Note.all.count)
`,
  );
  assert.equal(out, "R0101 validation failed: body must have at most 3 words\n1\n");
  assert.equal(code, 0);
});

test("a form whose value a plugin's validator refuses answers 422 with its message", async (t) => {
  const app = `entity Note { body: text @max_words(2) }
draft = ""
<form submit={save Note { body: draft }}><input bind={draft}><button>Add</button></form>
<p>{Note.all.count} notes</p>
`;
  const { url } = await serve(t, { "app.flin": app }, { args: plugins, plugins: "http,ws,store,words" });
  const send = async (draft) => {
    const page = await load_page(url);
    const hidden = {};
    for (const [, name, value] of page.body.matchAll(/<input type="hidden" name="(_flin_\w+)" value="([^"]*)">/g)) hidden[name] = value.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
    return post_form(`${url}/_action`, { ...hidden, draft }, { cookie: page.cookie, origin: url });
  };
  const refused = await send("one two three");
  assert.equal(refused.status, 422);
  assert.match(refused.body, /must have at most 2 words/);
  assert.equal((await send("one two")).status, 303);
  assert.match((await load_page(url)).body, /<p>1<!--,--> notes<\/p>/);
});

for (const [what, field, expected] of [
  ["another type", "n: int @max_words(3)", /error\[E0402\]: @max_words does not fit type int/],
  ["too few arguments", "t: text @max_words", /error\[E0303\]: '@max_words' takes 1 argument, got 0[^]*help: @max_words\(n: int\)/],
  ["an argument of another type", 't: text @max_words("3")', /error\[E0304\]: argument 'n' of '@max_words': expected int, found text/],
  ["an argument that is no literal", "t: text @max_words(1 + 2)", /error\[E0304\]: argument 'n' of '@max_words': expected a literal, found 1 \+ 2/],
])
  test(`a plugin's validator with ${what} is an error when compiled`, async (t) => {
    const { code, err } = await run_script(t, `entity Note { ${field} }\n`);
    assert.match(err, expected);
    assert.equal(code, 1);
  });

test("a plugin's built-in raises the plugin's own event, and hooks see it and the end", async (t) => {
  const { code, out, err } = await run_script(t, 'print(word_count("a bc  d"))\nprint(word_count(""))\n', "words");
  assert.equal(out, "3\n0\n");
  assert.match(err, /words +counted 3  \(app #\w+\)\n.*words +counted 0  \(app #\w+\)\n.*words +2 texts were counted\n/);
  assert.equal(code, 0);
});

test("a plugin is told of agents that fail", async (t) => {
  const { code, err } = await run_script(t, "print(1)\nx = 0\nprint(1 % x)\n", "words");
  assert.match(err, /words +app failed: modulo by zero|words +app failed: division by zero/);
  assert.equal(code, 1);
});

// What the plugin gate logged, without times and agents: "gate  guard 'tall' ..  (app #1)" is "guard 'tall' ..".
async function run_gate(t, source) {
  const { code, err } = await run_script(t, source, "gate");
  const lines = err.split("\n").filter((line) => / gate {2}/.test(line)).map((line) => line.replace(/^.* gate {2}/, "").replace(/ {2}\(\S+ #\w+\)$/, ""));
  return { code, err, lines };
}

test("a third party's decl ops are run at link with operands and functions, which it can start", async (t) => {
  const { code, lines, err } = await run_gate(
    t,
    `guard tall(90, "cm") else "small"
guards { tall: [200, "cm"] }
middleware { "between" }
layout none
ws "/chat" {
  guard tall(101, "cm")
  on connect { socket }
  on message(data) { data + "!" }
}
`,
  );
  assert.deepEqual(lines, [
    "guard 'tall' '' 418 fn fn",
    "guard 'tall' '' 418 fn none",
    "middleware '/' fn",
    "layout none",
    "guard 'tall' 'ws /chat' 418 fn none",
    "ws '/chat' fn fn none",
    "row guard tall  418 fn fn line 1",
    "row guard tall  418 fn none line 2",
    "row middleware / line 3",
    "row layout none line 4",
    "row guard tall ws /chat 418 fn none line 6",
    "row ws /chat fn fn none line 5",
    "guard 3 gave false",
    "guard 4 gave small",
    "guard 3 gave true",
    "middleware 1 gave between",
    "guard 3 gave true",
    "ws 1 gave a socket",
    "ws 2 gave hello!",
  ], err);
  assert.equal(code, 0);
});

for (const [what, source, expected] of [
  ["a guard that nobody has", "guard tal(1)\n", /error\[E0903\]: unknown guard 'tal'[^]*help: did you mean 'tall'/],
  ["a guard with too few arguments", "guard tall(90)\n", /error\[E0303\]: 'tall' takes 2 arguments, got 1/],
  ["a guard with an argument of another type", 'guard tall("a", "b")\n', /error\[E0304\]: argument 'height' of 'tall': expected int, found text/],
  ["a guard inside a function", "middleware { 1 }\nfn f() { guard tall(1, \"m\") }\n", /error\[E0216\]: 'guard' is not allowed here/],
  ["a socket outside ws", "middleware { socket }\n", /error\[E0001\]: [^]*socket/],
  ["a name that is not there", "ws { on message(d) { e } }\n", /error\[E0001\]/],
])
  test(`${what} is an error when compiled`, async (t) => {
    const { code, err } = await run_gate(t, source);
    assert.match(err, expected);
    assert.equal(code, 1);
  });
