// Page views: adoption and repair (W 2), blocks, live operations and races (W 4.5), calls (W 4.6), reloads (W 4.7).
import assert from "node:assert/strict";
import { test } from "node:test";

import { open_page } from "./browser.mjs";

const CORE = `import { page, el, text, when, each } from "/_flin/runtime.js";\n`;
const LIBRARY = `import { b_push, html, use, component, slot, safe_url, _x } from "/_flin/library.js";\n`.replace(", safe_url, _x", "");

const names = { cells: { n: "int", names: "[text]", open: "bool" }, view: `p => { const n = p.cell("n"), names = p.cell("names"), open = p.cell("open"); globalThis.t = { n, names, open }; return NODES; }` };
const module_of = (nodes, more = "") => `${CORE}export default page({ build: "b", cells: ${JSON.stringify(names.cells)}, ${more} view: ${names.view.replace("NODES", nodes)} });`;

test("a document that differs is repaired in its innermost block", async () => {
  const nodes = `[el("p", [], "a"), when([[() => open(), () => [el("b", [], text(() => n()))]]])]`;
  await open_page({ html: "<p>a</p><!--[--><i>7</i><!--]-->", state: { cells: { n: 7, open: true } }, module: module_of(nodes) }, (browser) => {
    assert.equal(browser.body(), "<p>a</p><!--[--><b>7</b><!--]-->");
    globalThis.t.n.set(8);
    browser.frame();
    assert.equal(browser.find("b").textContent, "8");
  });
});

test("without a block the body is built anew", async () => {
  await open_page({ html: "<i>x</i>", state: { cells: { n: 7 } }, module: module_of(`[el("p", [], "n is ", text(() => n()))]`) }, (browser) => {
    assert.equal(browser.body(), "<p>n is <!--,-->7</p>");
  });
});

test("a text binding that shows nothing gets its Text node", async () => {
  await open_page({ html: "<p><!--,-->!</p>", state: { cells: { names: [] } }, module: module_of(`[el("p", [], text(() => names()[0] ?? null), "!")]`) }, (browser) => {
    globalThis.t.names.set(["hi"]);
    browser.frame();
    assert.equal(browser.find("p").textContent, "hi!");
  });
});

test("a text that differs is set, its node kept", async () => {
  await open_page({ html: "<p>1</p>", state: { cells: { n: 2 } }, module: module_of(`[el("p", [], text(() => n()))]`), before: (b) => (b.node = b.find("p").firstChild) }, (browser) => {
    assert.equal(browser.find("p").firstChild, browser.node);
    assert.equal(browser.node.data, "2");
  });
});

test("what was typed before adoption wins over the cell", async () => {
  const module = module_of(`[el("input", [["bind", "q", () => names()[0], v => names.set([v])]]), el("p", [], text(() => names()[0]))]`);
  await open_page({ html: '<input data-flin-bind="q" value=""><p></p>', state: { cells: { names: [""] } }, module, before: (b) => (b.find("input").value = "typed") }, (browser) => {
    assert.equal(browser.find("p").textContent, "typed");
    assert.equal(browser.find("input").value, "typed");
  });
});

test("a branch goes with its effects and comes anew", async () => {
  const nodes = `[when([[() => open(), () => [el("b", [], text(() => (globalThis.runs++, n())))]], [null, () => ["closed"]]])]`;
  globalThis.runs = 0;
  await open_page({ html: "<!--[-->closed<!--]-->", state: { cells: { n: 1, open: false } }, module: module_of(nodes) }, (browser) => {
    const { n, open } = globalThis.t;
    open.set(true);
    browser.frame();
    assert.equal(browser.body(), "<!--[--><b>1</b><!--]-->");
    open.set(false);
    n.set(2);
    browser.frame();
    assert.equal(browser.body(), "<!--[-->closed<!--]-->");
    assert.equal(globalThis.runs, 1, "a binding in a closed branch does not run");
  });
});

const LIST = `[el("ul", [], each(1, names, t => t, (t, i) => [el("li", [], text(() => t()))], () => [el("li", [], "none")]))]`;
const items = (browser) => [...browser.document.querySelectorAll("li")];

test("a list keeps its elements by key, however they move", async () => {
  await open_page({ html: "<ul><!--[--><li>a</li><li>b</li><li>c</li><li>d</li><!--]--></ul>", state: { cells: { names: ["a", "b", "c", "d"] } }, module: module_of(LIST) }, (browser) => {
    const before = Object.fromEntries(items(browser).map((li) => [li.textContent, li]));
    for (const order of ["bcda", "dabc", "acbd", "dcba", "b", "abcd", "xaby", "", "c"]) {
      globalThis.t.names.set([...order]);
      browser.frame();
      assert.deepEqual(items(browser).map((li) => li.textContent), order === "" ? ["none"] : [...order]);
      if (order.length === 4 && /^[abcd]+$/.test(order) && order !== "abcd") for (const li of items(browser)) assert.equal(li, before[li.textContent]);
    }
  });
});

test("a list changed in place is shown", async () => {
  const module = LIBRARY + module_of(LIST);
  await open_page({ html: "<ul><!--[--><li>a</li><!--]--></ul>", state: { cells: { names: ["a"] } }, module: module.replace("globalThis.t = {", "globalThis.t = { b_push,") }, (browser) => {
    globalThis.t.b_push(globalThis.t.names(), "b");
    browser.frame();
    assert.deepEqual(items(browser).map((li) => li.textContent), ["a", "b"]);
  });
});

test("repeated keys are kept by position and logged", async () => {
  const warn = console.warn, said = [];
  console.warn = (...words) => said.push(words.join(" "));
  try {
    await open_page({ html: "<ul><!--[--><li>a</li><!--]--></ul>", state: { cells: { names: ["a"] } }, module: module_of(LIST) }, (browser) => {
      globalThis.t.names.set(["a", "a"]);
      browser.frame();
      assert.deepEqual(items(browser).map((li) => li.textContent), ["a", "a"]);
    });
  } finally {
    console.warn = warn;
  }
  assert.match(said[0], /key given twice: a/);
});

test("writes of one handler are one update, in the next frame", async () => {
  const nodes = `[el("button", [["on", "click", [], () => { n.set(1); n.set(2); open.set(true); }]], text(() => (globalThis.runs++, n())))]`;
  globalThis.runs = 0;
  await open_page({ html: "<button>0</button>", state: { cells: { n: 0, open: false } }, module: module_of(nodes) }, (browser) => {
    globalThis.runs = 0;
    browser.find("button").click();
    assert.equal(browser.find("button").textContent, "0");
    browser.frame();
    assert.equal(browser.find("button").textContent, "2");
    assert.equal(globalThis.runs, 1);
  });
});

test("updates that do not end are R0019", async () => {
  await open_page({ html: "", state: { cells: { n: 0 } }, module: module_of("[]", "setup: p => p.update(() => { const n = p.cell('n'); if (n() > 0) n.set(n() + 1); }),") }, (browser) => {
    globalThis.t.n.set(1);
    browser.frame();
    assert.deepEqual(browser.errors.map((e) => e.code), ["R0019"]);
  });
});

test("a failing handler is reported and leaves the page working", async () => {
  const nodes = `[el("button", [["on", "click", [], () => { n.set(5); names().nothing.x; }]], text(() => n()))]`;
  await open_page({ html: "<button>0</button>", state: { cells: { n: 0, names: [] } }, module: module_of(nodes) }, (browser) => {
    browser.find("button").click();
    browser.frame();
    assert.equal(browser.errors.length, 1);
    assert.equal(browser.find("button").textContent, "5");
  });
});

// Live values.

const TODO = { id: "int", version: "int", title: "text", done: "bool" };
const row = (id, title, done = false, version = 1) => ({ id, version, title, done });
const live_module = `${CORE}export default page({
  build: "b", types: { Todo: ${JSON.stringify(TODO)} }, cells: { q: "text", m: "int" },
  live: { 0: { type: "[Todo]", in: ["q"] }, 1: { type: "int" } },
  calls: { 0: { in: ["Todo"], out: [[3, 0, "Todo"]] }, 1: { in: ["text"], out: [[0, "q", "text"], [0, "m", "int"]] }, 2: { post: true, in: ["int"] } },
  view: p => {
    const q = p.cell("q"), m = p.cell("m"), todos = p.live(0), count = p.live(1);
    globalThis.t = { p, q, m, todos, count };
    return [el("ul", [], each(4, todos, t => t.id, t => [el("li", [], text(() => (globalThis.runs++, t().title)))])), el("p", [], text(() => count()))];
  },
});`;
const live_page = (then, more = {}) =>
  open_page(
    {
      html: "<ul><!--[--><li>a</li><li>b</li><!--]--></ul><p>2</p>",
      state: { cells: { q: "", m: 0 }, live: { 0: [row(1, "a"), row(2, "b")], 1: 2 } },
      module: live_module,
      ...more,
    },
    then,
  );
const show_list = (browser) => items(browser).map((li) => li.textContent).join("");
const send = (browser, ...set) => {
  browser.serve({ type: "live", seq: 6, set });
  browser.frame();
};

test("each live operation does what W 4.5 says and keeps the elements", () =>
  live_page((browser) => {
    const [a, b] = items(browser);
    send(browser, ["0", [["+", null, row(3, "c")], ["+", 2, row(4, "d")]], 0], ["1", [["=", 4]]]);
    assert.equal(show_list(browser), "cabd");
    send(browser, ["0", [[">", 3, 4], ["~", 1, { version: 2, title: "A" }], ["-", 4]], 0]);
    assert.equal(show_list(browser), "Abc");
    send(browser, ["0", [["=", [row(2, "B"), row(1, "A"), row(9, "n")]]], 0]);
    assert.equal(show_list(browser), "BAn");
    assert.deepEqual(items(browser).slice(0, 2), [b, a]);
    assert.equal(browser.find("p").textContent, "4");
  }));

test("a change of one field runs only the bindings that read it", () =>
  live_page((browser) => {
    globalThis.runs = 0;
    send(browser, ["0", [["~", 1, { version: 2, done: true }]], 0]);
    assert.equal(globalThis.runs, 0);
    send(browser, ["0", [["~", 1, { version: 3, title: "x" }]], 0]);
    assert.equal(globalThis.runs, 1);
  }));

test("an answer to an older input is dropped", () =>
  live_page((browser) => {
    const { q } = globalThis.t;
    q.set("a");
    browser.frame();
    q.set("ab");
    browser.frame();
    assert.deepEqual(browser.take().map((m) => [m.n, m.set.q]), [[1, "a"], [2, "ab"]]);
    send(browser, ["0", [["=", []]], 1]);
    assert.equal(show_list(browser), "ab");
    send(browser, ["0", [["=", [row(2, "b")]]], 2]);
    assert.equal(show_list(browser), "b");
  }));

test("inputs changed in one frame are one message; those that come back to their value send nothing", () =>
  live_page((browser) => {
    const { q, m } = globalThis.t;
    q.set("x");
    q.set("");
    m.set(3);
    browser.frame();
    assert.deepEqual(browser.take(), []);
  }));

test("a field edited here is not overwritten until the server has it", () =>
  live_page((browser) => {
    const [todo] = globalThis.t.todos();
    todo.title = "mine";
    send(browser, ["0", [["~", 1, { version: 2, title: "theirs", done: true }]], 0]);
    assert.equal(show_list(browser), "mineb");
    assert.equal(todo.done, true);
    globalThis.t.p.call(0, [todo]);
    assert.deepEqual(browser.take()[0].in, [{ $e: "Todo", id: 1, v: 1, set: { title: "mine" } }], "with the version at the first edit");
    send(browser, ["0", [["~", 1, { version: 3, title: "mine" }]], 0]);
    send(browser, ["0", [["~", 1, { version: 4, title: "later" }]], 0]);
    assert.equal(show_list(browser), "laterb");
  }));

test("an edit ends with the result of the call that carried it, unless it was edited again", () =>
  live_page((browser) => {
    const [a, b] = globalThis.t.todos();
    a.title = "A";
    b.title = "B";
    globalThis.t.p.call(0, [a]);
    globalThis.t.p.call(0, [b]);
    b.title = "BB";
    browser.serve({ type: "result", id: 1, seq: 6, live: [["0", [["~", 1, { version: 2, title: "done" }]], 0]] });
    browser.serve({ type: "result", id: 2, seq: 7, live: [["0", [["~", 2, { version: 2, title: "done" }]], 0]] });
    browser.frame();
    assert.equal(show_list(browser), "doneBB");
  }));

// Calls.

test("outputs are assigned in the same update; an input that came by out is not sent back", () =>
  live_page((browser) => {
    globalThis.t.p.call(1, ["x"]);
    browser.take();
    browser.serve({ type: "result", id: 1, seq: 6, out: [[0, "new"], [1, 5]] });
    browser.frame();
    assert.equal(globalThis.t.q(), "new");
    assert.equal(globalThis.t.m(), 5);
    assert.deepEqual(browser.take(), []);
  }));

test("an input that was sent after the call and then came by out is sent as it is now", () =>
  live_page((browser) => {
    globalThis.t.p.call(1, ["x"]);
    globalThis.t.q.set("typed");
    browser.frame();
    browser.take();
    browser.serve({ type: "result", id: 1, seq: 6, out: [[0, "new"]] });
    browser.frame();
    assert.deepEqual(browser.take(), [{ action: "cells", n: 2, set: { q: "new" } }]);
  }));

test("calls made offline wait, calls without a result are asked for again", () =>
  live_page(async (browser) => {
    globalThis.t.p.call(1, ["first"]);
    browser.take();
    browser.lose();
    globalThis.t.p.call(1, ["second"]);
    assert.deepEqual(browser.take(), []);
    browser.connect();
    assert.deepEqual(browser.take(), [{ action: "page", token: "T", build: "b", seq: 5, n: 0, last: 0, cells: { q: "" } }]);
    browser.serve({ type: "page", recovered: true, seq: 5 });
    assert.deepEqual(browser.take(), [
      { action: "call", id: 1, handler: 1, in: ["first"], retry: true },
      { action: "call", id: 2, handler: 1, in: ["second"] },
    ]);
  }));

test("a value awaited for changed inputs leaves seq out of page", () =>
  live_page((browser) => {
    browser.lose();
    globalThis.t.q.set("x");
    browser.frame();
    browser.connect();
    assert.deepEqual(browser.take(), [{ action: "page", token: "T", build: "b", n: 1, last: 0, cells: { q: "x" } }]);
    browser.serve({ type: "page", recovered: false, seq: 9, n: 1, live: { 0: [row(2, "b")], 1: 1 } });
    browser.frame();
    assert.equal(show_list(browser), "b");
  }));

test("the value of a function is what its caller awaits, an error its failure", () =>
  live_page(
    async (browser) => {
      const good = globalThis.t.p.call(1, ["a"]), bad = globalThis.t.p.call(1, ["b"]);
      browser.serve({ type: "result", id: 1, seq: 6, value: [1, "x"] });
      browser.serve({ type: "result", id: 2, seq: 6, error: { code: "R0403", message: "action not allowed" } });
      assert.deepEqual(await good, [1, "x"]);
      await assert.rejects(bad, { code: "R0403", message: "action not allowed" });
    },
    { module: LIBRARY + live_module },
  ));

test("a new token goes with the next page message", () =>
  live_page((browser) => {
    globalThis.t.p.call(1, ["a"]);
    browser.serve({ type: "result", id: 1, seq: 6, token: "T9" });
    browser.take();
    browser.lose();
    browser.connect();
    assert.equal(browser.take()[0].token, "T9");
  }));

const settled = () => new Promise(setImmediate);

test("a handler that may write the session goes by POST, in order with the others", () =>
  live_page(
    async (browser) => {
      browser.answer = () => ({ status: 200, body: { type: "result", id: 2, seq: 8 } });
      globalThis.t.p.call(1, ["a"]);
      globalThis.t.p.call(2, [7]);
      globalThis.t.p.call(1, ["b"]);
      assert.deepEqual(browser.take().map((m) => m.id), [1]);
      assert.equal(browser.posts.length, 0);
      browser.serve({ type: "result", id: 1, seq: 6 });
      assert.equal(browser.posts[0][0], "/_action");
      assert.equal(browser.posts[0][1].body, '{"token":"T","action":"call","id":2,"handler":2,"in":[7]}');
      await settled();
      assert.deepEqual(browser.take().map((m) => m.id), [3]);
    },
    { module: LIBRARY + live_module },
  ));

// Reloads.

test("reload keeps the cells; the next module takes those of the same name and type", async () => {
  let stored;
  await live_page((browser) => {
    globalThis.t.q.set("typed");
    browser.serve({ type: "reload", reason: "token" });
    assert.equal(browser.reloads, 1);
    stored = browser.window.sessionStorage.getItem("flin:keep");
    assert.deepEqual(JSON.parse(stored), { build: "b", page: "/", cells: { q: ["text", "typed"], m: ["int", 0] } });
  });
  const changed = JSON.stringify({ ...JSON.parse(stored), cells: { q: ["text", "typed"], m: ["text", "x"] } });
  await live_page(
    (browser) => {
      assert.equal(globalThis.t.q(), "typed");
      assert.equal(globalThis.t.m(), 0);
      assert.equal(browser.window.sessionStorage.getItem("flin:keep"), null);
    },
    { stored: { "flin:keep": changed } },
  );
});

test("kept inputs that differ from the server's are awaited", async () => {
  const stored = { "flin:keep": JSON.stringify({ build: "a", page: "/", cells: { q: ["text", "typed"] } }) };
  await live_page(
    (browser) => {
      browser.connect();
      assert.deepEqual(browser.take(), [{ action: "page", token: "T", build: "b", n: 1, cells: { q: "typed" } }]);
    },
    { stored, connect: false },
  );
});

test("for session and guard nothing is kept, and the third reload in ten seconds stays offline", () =>
  live_page((browser) => {
    for (let i = 0; i < 3; i++) browser.serve({ type: "reload", reason: "session" });
    assert.equal(browser.reloads, 2);
    assert.equal(browser.window.sessionStorage.getItem("flin:keep"), null);
    assert.equal(browser.document.documentElement.getAttribute("data-flin-connection"), "offline");
  }));

test("a module of another build loads the page again", async () => {
  await open_page({ state: { build: "other" }, module: module_of("[]"), connect: false }, (browser) => assert.equal(browser.reloads, 1));
});

test("an error message of the server is reported", () =>
  live_page((browser) => {
    browser.serve({ type: "error", code: "R0401", message: "action refused", action: "cells", key: "0" });
    assert.deepEqual(browser.errors.map((e) => [e.code, e.message]), [["R0401", "action refused"]]);
  }));

// Components, head, async, diagnostics.

test("components have cells, props, slots and scopes of their own", async () => {
  const module = `${CORE}${LIBRARY}
const Row = component({
  cells: { open: "bool" }, props: { label: "text" }, live: { 3: { type: "int", in: ["open", "label"] } },
  init: p => p.cell("open").set(false),
  view: p => { const open = p.cell("open"), n = p.live(3); return [el("b", [["on", "click", [], () => open.set(!open())]], text(() => p.prop("label")()), text(() => n())), slot(0, "", () => [el("i", [], "default")])]; },
});
export default page({ build: "b", cells: { names: "[text]" }, live: {}, view: p => { const names = p.cell("names"); globalThis.t = { names };
  return [each(4, names, t => t, t => [use(7, Row, { label: () => t() }, t() === "a" ? { "": () => [el("u", [], "given")] } : {})])]; } });`;
  const html = "<!--[--><!--[--><b>a<!--,-->5</b><!--[--><u>given</u><!--]--><!--]--><!--]-->";
  const state = { cells: { names: ["a"], "b4:a/c7.open": false }, live: { "3@b4:a/c7": 5 } };
  await open_page({ html, state, module, connect: false }, (browser) => {
    assert.equal(browser.body(), html, "adopted");
    browser.connect();
    assert.deepEqual(browser.take()[0].open, { "b4:a/c7": { open: false, "props:label": "a" } });
    browser.serve({ type: "page", recovered: true, seq: 5 });
    browser.find("b").click();
    browser.frame();
    assert.deepEqual(browser.take(), [{ action: "cells", n: 1, set: { "b4:a/c7.open": true } }]);
    globalThis.t.names.set(["x y"]);
    browser.frame();
    assert.deepEqual(browser.take(), [{ action: "cells", n: 2, open: { "b4:x%20y/c7": { open: false, "props:label": "x y" } }, close: ["b4:a/c7"] }]);
    browser.serve({ type: "live", seq: 6, set: [["3@b4:x%20y/c7", [["=", 9]], 2]] });
    browser.frame();
    assert.equal(browser.find("b").textContent, "x y9");
    assert.equal(browser.find("i").textContent, "default");
  });
});

test("head nodes follow their bindings", async () => {
  const module = LIBRARY + module_of("[]", `head: p => [el("title", [], text(() => "n is " + p.cell("n")()))],`);
  await open_page({ head: "<title>n is 1</title>", state: { cells: { n: 1 } }, module }, (browser) => {
    globalThis.t.n.set(2);
    browser.frame();
    assert.equal(browser.find("title").textContent, "n is 2");
  });
});

test("async cells of the server follow its messages", async () => {
  const module = `${CORE}import { is_loading, error_message, previous, retry } from "/_flin/library.js";
export default page({ build: "b", cells: { users: ["[text]", true] }, view: p => { const users = p.cell("users"); globalThis.t = { users, retry };
  return [el("p", [], text(() => is_loading(users) ? "loading" : error_message(users) || users().join("+")))]; } });`;
  await open_page({ html: "<p>loading</p>", state: { async: { users: ["loading"] } }, module, connect: false }, (browser) => {
    browser.connect();
    assert.deepEqual(browser.take()[0].pending, ["users"]);
    browser.serve({ type: "page", recovered: true, seq: 5, async: { users: ["success", ["a", "b"]] } });
    browser.frame();
    assert.equal(browser.find("p").textContent, "a+b");
    browser.serve({ type: "async", cell: "users", state: "error", code: "R0201", message: "timed out" });
    browser.frame();
    assert.equal(browser.find("p").textContent, "timed out");
    globalThis.t.retry(globalThis.t.users);
    assert.deepEqual(browser.take(), [{ action: "async", cell: "users", op: "retry" }]);
  });
});

test("diagnostics are shown over the page and taken away", async () => {
  await open_page({ html: "", module: LIBRARY + module_of("[]") }, (browser) => {
    browser.serve({ type: "diagnostics", text: "error[E0001]: <b>" });
    assert.equal(browser.find("#flin-diagnostics pre").textContent, "error[E0001]: <b>");
    browser.serve({ type: "diagnostics", text: "" });
    assert.equal(browser.find("#flin-diagnostics"), null);
    browser.serve({ type: "diagnostics", text: "error" });
    browser.fire(browser.document, "keydown", { key: "Enter" });
    assert.notEqual(browser.find("#flin-diagnostics"), null);
    browser.fire(browser.document, "keydown", { key: "Escape" });
    assert.equal(browser.find("#flin-diagnostics"), null);
  });
});

test("markup values are adopted as they are and replaced as a whole", async () => {
  const module = LIBRARY + module_of("[html(() => names())]");
  await open_page({ html: "<!--[-->a&lt;<!--]-->", state: { cells: { names: ["a<"] } }, module }, (browser) => {
    globalThis.t.names.set(["<b>", "&"]);
    browser.frame();
    assert.equal(browser.document.body.textContent.slice(0, 4), "<b>&");
  });
});

test("a signal for the browser runs its handler, one for the server sends its call", async () => {
  const module = LIBRARY + module_of("[]", `calls: { 2: {} }, signals: { 1: (p, x) => p.cell("n").set(x) },`);
  await open_page({ html: "", state: { cells: { n: 0 } }, module }, (browser) => {
    browser.serve({ type: "signal", handler: 1, args: [4] });
    assert.equal(globalThis.t.n(), 4);
    browser.serve({ type: "signal", handler: 2, args: [] });
    assert.deepEqual(browser.take(), [{ action: "call", id: 1, handler: 2 }]);
  });
});
