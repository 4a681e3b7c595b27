// Attributes (L 10.6, L 10.10), events (L 10.8) and bind (L 10.9) in a document.
import assert from "node:assert/strict";
import { test } from "node:test";

import { attribute_text, safe_url } from "../src/attributes.js";
import { FlinMap } from "../src/library/kinds.js";
import "../src/library/markup.js";
import { open_page } from "./browser.mjs";

const urls = [
  ["href", "/a?b#c", true], ["href", "https://x.org", true], ["href", "mailto:a@b.c", true], ["href", "tel:+1", true], ["href", "sms:1", true], ["href", "blob:x", true],
  ["href", "HTTP://x", true], ["href", "a/b:c", true], ["href", "?a:b", true], ["href", "", true], ["href", "//x.org", true],
  ["href", "javascript:alert(1)", false], ["href", " java\nscript:alert(1)", false], ["href", "\u0001javascript:x", false], ["href", "JaVaScRiPt:x", false], ["href", "vbscript:x", false],
  ["href", "data:text/html,x", false], ["href", "data:image/png;base64,AA", false], ["src", "data:image/png;base64,AA", true], ["src", "data:image/svg+xml,x", false], ["poster", "data:image/webp,x", true], ["href", "file:///x", false],
];
for (const [name, url, passes] of urls)
  test(`${name}=${JSON.stringify(url)} ${passes ? "passes" : "is blocked"}`, () => assert.equal(safe_url(name, url), passes ? url.replace(/\s/g, "") : "about:blank#blocked"));

const shown = [
  ["disabled", true, ""], ["disabled", false, null], ["title", null, null], ["title", 5, "5"], ["title", "", ""], ["aria-busy", true, "true"], ["aria-busy", false, "false"], ["data-x", false, "false"], ["data-x", null, null],
  ["class", "a b", "a b"], ["class", ["a", null, false, "b"], "a b"], ["class", new FlinMap([["a", true], ["b", 0], ["c", "x"]]), "a c"],
  ["style", "color: red; top: 0", "color: red; top: 0"], ["style", new FlinMap([["color", "red"], ["top", 0]]), "color: red; top: 0"],
  ["srcset", "/a.png 1x, javascript:x 2x", "/a.png 1x, about:blank#blocked 2x"],
];
for (const [name, value, text] of shown) test(`${name} shows ${String(value)} as ${text}`, () => assert.equal(attribute_text(name, value), text));

for (const bad of ["<x", "a{b", "a}b", "a\\b", "URL(x)", "expression(1)", "@import x"])
  test(`style leaves out ${bad}`, () => {
    const warn = console.warn;
    let said = 0;
    console.warn = () => said++;
    assert.equal(attribute_text("style", bad), "");
    console.warn = warn;
    assert.equal(said, 1);
  });

const page_of = (nodes, cells = { a: "text", b: "bool", n: "int", xs: "[text]" }) => `import { page, el, text } from "/_flin/runtime.js";
import "/_flin/library.js";
export default page({ build: "b", cells: ${JSON.stringify(cells)}, view: p => { const a = p.cell("a"), b = p.cell("b"), n = p.cell("n"), xs = p.cell("xs"), ran = []; globalThis.t = { a, b, n, xs, ran }; return ${nodes}; } });`;
const cells = { a: "x", b: false, n: 1, xs: ["p"] };
const open = (html, nodes, then) => open_page({ html, module: page_of(nodes), state: { cells } }, then);

test("an attribute binding follows its value, and its property too", () =>
  open('<input type="checkbox"><p title="x"></p>', `[el("input", [["type", "checkbox"], ["checked", () => b()]]), el("p", [["title", () => a()], ["hidden", () => b()]])]`, (browser) => {
    globalThis.t.b.set(true);
    globalThis.t.a.set("y");
    browser.frame();
    assert.equal(browser.find("input").checked, true);
    assert.equal(browser.find("p").title, "y");
    assert.equal(browser.find("p").getAttribute("hidden"), "");
  }));

for (const [modifier, key, more] of [["enter", "Enter"], ["escape", "Escape"], ["space", " "], ["up", "ArrowUp"], ["delete", "Delete"], ["tab", "Tab"], ["ctrl", "x", { ctrlKey: true }], ["shift", "x", { shiftKey: true }]])
  test(`.${modifier} lets only its key through`, () =>
    open("<input>", `[el("input", [["on", "keydown", ["${modifier}"], e => ran.push(e.key)]])]`, (browser) => {
      browser.fire(browser.find("input"), "keydown", { key: "q" });
      browser.fire(browser.find("input"), "keydown", { key, ...more });
      assert.deepEqual(globalThis.t.ran, [key]);
    }));

test(".prevent, .stop, .once and .self do what they say, from left to right", () =>
  open("<div><b>x</b></div>", `[el("div", [["on", "click", ["self"], () => ran.push("self")], ["on", "click", [], () => ran.push("outer")]], el("b", [["on", "click", ["once", "prevent", "stop"], () => ran.push("once")]], "x"))]`, (browser) => {
    const first = browser.fire(browser.find("b"), "click"), second = browser.fire(browser.find("b"), "click");
    assert.deepEqual(globalThis.t.ran, ["once", "outer"]);
    assert.deepEqual([first.defaultPrevented, second.defaultPrevented], [true, false], "once stops what stands behind it");
    browser.fire(browser.find("div"), "click");
    assert.deepEqual(globalThis.t.ran, ["once", "outer", "self", "outer"]);
  }));

test(".debounce(ms) runs the last event, and not after the element has gone", () =>
  open("<input>", `[el("input", [["on", "input", [["debounce", 50]], e => ran.push(e.target.value)]])]`, (browser) => {
    browser.type("input", "a");
    browser.type("input", "ab");
    browser.timers.pass(50);
    assert.deepEqual(globalThis.t.ran, ["ab"]);
  }));

test("a handler whose value is a function calls it with the event", () =>
  open("<b></b>", `[el("b", [["on", "click", [], () => e => ran.push(e.type)]])]`, (browser) => {
    browser.find("b").click();
    assert.deepEqual(globalThis.t.ran, ["click"]);
  }));

test("bind keeps a text field and its variable equal", () =>
  open('<input data-flin-bind="a" value="x">', `[el("input", [["bind", "a", a, a.set]])]`, (browser) => {
    browser.type("input", "typed");
    assert.equal(globalThis.t.a(), "typed");
    globalThis.t.a.set("set");
    browser.frame();
    assert.equal(browser.find("input").value, "set");
  }));

test("a number field leaves the variable as it was while the text does not parse", () =>
  open('<input data-flin-bind="n" value="1">', `[el("input", [["bind", "n", n, n.set, { as: "int" }]])]`, (browser) => {
    for (const [text, value] of [["12", 12], ["12x", 12], ["", 12], ["-3", -3], ["1.5", -3], ["99999999999999999999", -3], ["007", 7]]) {
      browser.type("input", text);
      browser.frame();
      assert.equal(globalThis.t.n(), value, text);
      assert.equal(browser.find("input").value, text, "what is typed is left alone");
    }
  }));

test("bind.lazy takes the value on change", () =>
  open('<input data-flin-bind="a" value="x">', `[el("input", [["bind", "a", a, a.set, { lazy: true }]])]`, (browser) => {
    browser.type("input", "y");
    assert.equal(globalThis.t.a(), "x");
    browser.fire(browser.find("input"), "change");
    assert.equal(globalThis.t.a(), "y");
  }));

test("checkboxes bind a bool or membership in a list", () =>
  open('<input type="checkbox" id="i"><input type="checkbox" value="q">', `[el("input", [["type", "checkbox"], ["id", "i"], ["bind", "b", b, b.set]]), el("input", [["type", "checkbox"], ["value", "q"], ["bind", "xs", xs, xs.set]])]`, (browser) => {
    browser.find("#i").click();
    browser.find("[value=q]").click();
    assert.equal(globalThis.t.b(), true);
    assert.deepEqual(globalThis.t.xs(), ["p", "q"]);
    browser.find("[value=q]").click();
    assert.deepEqual(globalThis.t.xs(), ["p"]);
  }));

test("select and radio bind their value", () =>
  open(
    '<select><option value="x" selected>X</option><option value="y">Y</option></select><input type="radio" name="r" value="x" checked><input type="radio" name="r" value="y">',
    `[el("select", [["bind", "a", a, a.set]], el("option", [["value", "x"]], "X"), el("option", [["value", "y"]], "Y")), el("input", [["type", "radio"], ["name", "r"], ["value", "x"], ["bind", "a", a, a.set]]), el("input", [["type", "radio"], ["name", "r"], ["value", "y"], ["bind", "a", a, a.set]])]`,
    (browser) => {
      browser.find("select").value = "y";
      browser.fire(browser.find("select"), "change");
      browser.frame();
      assert.equal(globalThis.t.a(), "y");
      assert.equal(browser.find("[type=radio][value=y]").checked, true);
      browser.find("[type=radio][value=x]").click();
      browser.frame();
      assert.equal(browser.find("select").value, "x");
    },
  ));

test("a spread leaves out events and follows its map", () =>
  open("<p></p>", `[el("p", [["...", () => (globalThis.m ??= new Map([["title", a()], ["onclick", "x"]]), [["title", a()], ["onclick", "x"]])]])]`, (browser) => {
    const warn = console.warn;
    console.warn = () => {};
    globalThis.t.a.set("z");
    browser.frame();
    console.warn = warn;
    assert.equal(browser.find("p").title, "z");
    assert.equal(browser.find("p").hasAttribute("onclick"), false);
  }));
