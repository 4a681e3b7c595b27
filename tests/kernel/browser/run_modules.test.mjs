// Runs the kept modules on the runtime of js/: what they show, and what they show after clicks. A module without a row here is
// only loaded. The body is empty at first, so everything is built from the template.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import { open_page } from "../../../js/test/browser.mjs";

const folder = new URL("modules/", import.meta.url);

const todo = (id, title, done, owner) => ({ id, title, done, owner });
const click = (n) => (browser) => browser.fire(browser.document.querySelectorAll("button")[n], "click");
const press = (selector, type = "click", more = {}) => (browser) => browser.fire(browser.find(selector), type, more);

// name -> {state, see: {selector: text}, then: [[step, {selector: text}]..]}
const runs = {
  attributes: { state: { cells: { on: true, url: "javascript:x" } }, see: { a: "go" }, then: [[click(0), { "a.link": "go" }]] },
  bindings: { state: { cells: { name: "n", agree: false, color: "blue", note: "long" } }, see: { p: "n", textarea: "long" } },
  components: { state: { cells: { n: 4, "c1.open": true, "c3.open": true } }, see: { body: "Ainside 4no footBfoot" }, then: [[press("h2"), { body: "Ano footBfoot" }]] },
  counting: { state: { cells: { n: 3 } }, see: { p: "0,1,2," }, then: [[click(0), { p: "0,1,2,3," }]] },
  derived: { state: { cells: { n: 2 } }, see: { button: "4", p: "6" }, then: [[click(0), { button: "6", p: "9" }]] },
  for_blocks: { state: { cells: { names: ["a", "b"] } }, see: { ul: "0: a1: b" }, then: [[click(0), { p: "abc", ul: "0: a1: b2: c" }]] },
  head: { state: { cells: { name: "x" } }, see: { h1: "x" } },
  hooks: { state: { cells: { seen: 0 } }, see: { p: "1" } },
  if_blocks: { state: { cells: { n: 0 } }, see: { p: "none" }, then: [[click(0), { p: "one" }], [click(0), { p: "2 of them" }]] },
  match_view: { state: { cells: { s: "Idle" } }, see: { p: "idle" }, then: [[click(0), { p: "busy with x" }]] },
  tables: { state: { cells: { rows: [1, 2] } }, see: { tbody: "12", pre: "\ntext" } },
  names: {
    state: { cells: { class: "a", text: "b", window_2: 1, p: 2, page: "c" } },
    see: { p: "a b 2 c 1 b2" },
    then: [[click(0), { p: "a t 3 c 1 t3" }]],
  },
  calls: { state: { cells: { n: 2 } }, see: { body: "2x3cm 2x4cm 2x3m 1x2cm2 7 3more" }, then: [[click(0), { "p + p": "120 10 6" }]] },
  loops: { state: { cells: { n: 5 } }, see: { p: "12 1 2 middle 0,1,4,9,16" }, then: [[click(0), { p: "18 1 2 middle 0,1,4,9,16,25" }]] },
  patterns: {
    state: { cells: { shape: "Dot", n: 3 } },
    see: { p: "0 some 3 and 2 empty one k3" },
    then: [[click(0), { p: "12 few 1 and 2 empty one x" }]],
  },
  texts: {
    state: { cells: { a: "x", i: 7, f: 0.5, xs: [1, 2, 3], m: [["one", 1]] } },
    see: { p: 'x1 x0.5 3.5 3 -7 8 123 ["one": 1] 3 x 23 false true x', "p + p": "x-7`$ true true true x true 1 46 1" },
    then: [[click(0), { p: 'x1 x1.5 7 2 -14 8 923 ["one": 2, "two": 2] 3 x 23 false false x' }]],
  },
  failures: {
    state: { cells: { kind: "none" } },
    see: { p: "none nobody" },
    then: [[click(0), { p: "caught broken nobody" }], [click(1), { p: "some Ann" }]],
  },
  maps: {
    state: { cells: { ages: [["Ann", 30], ["Bo", 20]], pair: [1, "a"] } },
    see: { ul: "Ann: 30Bo: 20", p: "0,1,2,", "button + p": "1 a" },
    then: [[click(0), { ul: "Ann: 31Bo: 20Cy: 5" }], [click(1), { "button + p": "2 a2" }]],
  },
  groups: { state: { cells: { xs: [1, 2, 3] } }, see: { p: "6 2 small", i: "2/1" }, then: [[click(0), { p: "16 4 big", i: "2/2" }]] },
  fields: {
    state: { cells: { show: "all", said: "" }, live: { 0: [todo(1, "Bread", false, "me"), todo(2, "Tea", true, "you")] } },
    see: { ul: "me tellyou tell" },
    then: [[click(1), { "ul + button + p": "Tea" }], [press("ul + button"), { ul: "you tell" }]],
  },
  server: {
    state: { cells: { name: "", last: "l" }, live: { 0: [2], 1: [{ id: 1, version: 1, name: "Nut", price: 1.5 }] } },
    see: { p: "0: Nut 1.5+x", "p:last-of-type": "l 2" },
    then: [[click(0), { p: "0: Nut 1.5+x" }]],
    sent: [{ action: "call", id: 1, handler: 1, in: [{ $e: "Item", id: 1, v: 1, set: {} }] }],
  },
  markup: { state: { cells: { name: "<Ann>", bold: true } }, see: { p: "<Ann>", i: "<Ann>", u: "raw" }, then: [[click(0), { p: "Bo" }]] },
  slots: {
    state: { cells: { n: 1, "c1/c0.hits": 0, "c3/c0.hits": 0 } },
    see: { body: "no headn1!10no headnone!01 no bmore" },
    then: [[press("section button"), { section: "no headn1!11" }], [press("#more"), { section: "no headn2!21", i: "2 no b" }]],
  },
  forms: {
    state: { cells: { age: 3, tags: ["a"], size: "m", files_of: "" } },
    see: { p: " 4" },
    then: [[press("form", "submit"), { p: "sent 3 [\"a\"] m 4" }]],
  },
  live_if: {
    state: { cells: { open: 1 }, live: { 0: [1, 2].map((id) => ({ id, title: `t${id}`, author: { id: 9, name: "Ann" } })) } },
    see: { article: "t1Ann wrote", "article + article": "t2" },
    then: [[click(0), { article: "t1", "article + article": "t2Ann wrote" }]],
  },
  later: {
    state: { cells: { shown: false, note: { id: 0, version: 0, text: "one", done: false, $set: ["text", "done"] } } },
    see: { p: "one false" },
    then: [
      [press("#show"), { b: "36" }],
      [press("b button"), { b: "48" }],
      [press("#name"), { p: "one! true" }],
      [press("#new"), { p: "new false" }],
    ],
  },
  jumps: { state: { cells: { n: 1 } }, see: { p: "20 3 7" }, then: [[click(0), { p: "-1 3 -2" }]] },
  lets: {
    state: { cells: { box: "Empty", picked: "" } },
    see: { p: "empty", i: "none" },
    then: [[press("#fill"), { ul: "7;0;pick8;1;pick" }], [press("li + li button"), { i: "8@1" }]],
  },
  events: {
    state: { cells: { key: "", x: 1 } },
    see: { "#b": "2 odd" },
    then: [
      [press("#a", "keydown", { key: "k" }), { "#a": "k" }],
      [press("#b", "keydown", { key: "l" }), { "#a": "l!" }],
      [press("button"), { "#b": "2 1" }],
      [press("button"), { "#b": "2 odd" }],
    ],
  },
  time: { state: { cells: { wait: 90000, price: [45000, "USD"] } }, see: { p: "1m 30s 3m 450.00 USD 451.00 USD" }, then: [[click(0), { p: "1h 1m 30s 2h 3m 900.00 USD 901.00 USD" }]] },
  chooser: { state: { cells: { n: 0, step: 1 } }, see: { p: "0" }, then: [[press("#up"), { p: "1" }], [press("#five"), { p: "6" }], [press("#both"), { p: "0" }]] },
};

function check(browser, see) {
  for (const selector in see) {
    const shown = selector === "body" ? browser.document.body.cloneNode(true) : browser.find(selector);
    shown.querySelector("#flin-state")?.remove();
    assert.equal(shown.textContent, see[selector], selector);
  }
}

for (const file of readdirSync(folder).filter((name) => name.endsWith(".js"))) {
  const name = file.slice(0, -3), { state = {}, see = {}, then = [], sent } = runs[name] ?? {};
  const module = readFileSync(new URL(file, folder), "utf8");
  test(`the module of ${name} runs`, async () => {
    if (name === "native") return void assert.ok(module.includes("window.innerWidth"));
    await open_page({ state, module }, async (browser) => {
      check(browser, see);
      browser.take();
      for (const [step, after] of then) {
        step(browser);
        browser.frame();
        check(browser, after);
      }
      if (sent) assert.deepEqual(browser.take(), sent);
      assert.deepEqual(browser.errors.map(String), []);
    });
  });
}
