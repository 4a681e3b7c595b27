// flin dev in Chromium (L 8.7): pages load themselves again and keep what people have put into them.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { serve } from "../support/flin.mjs";
import { becomes, launch, open, settled } from "./chromium.mjs";

const COUNTER = `count = 0
<button id="more" click={count++}>{count}</button>
`;

async function develop(t, source) {
  const server = await serve(t, { "app.flin": source }, { args: ["dev"] });
  const page = await open(t, await launch(t), server.url);
  return { server, page, save: (text) => writeFileSync(join(server.folder, "app.flin"), text) };
}

test("rule 154: a counter clicked to 3 still shows 3 when the file gets another button", async (t) => {
  const { page, save } = await develop(t, COUNTER);
  for (let i = 0; i < 3; i++) await page.click("#more");
  await becomes(() => page.textContent("#more"), "3");
  save(`${COUNTER}<button id="reset" click={count = 0}>Reset</button>\n`);
  await page.waitForSelector("#reset");
  assert.equal(await page.textContent("#more"), "3");
  await page.click("#more");
  await becomes(() => page.textContent("#more"), "4");
  await page.click("#reset");
  await becomes(() => page.textContent("#more"), "0");
});

test("a variable of another type starts anew", async (t) => {
  const { page, save } = await develop(t, COUNTER);
  await page.click("#more");
  await becomes(() => page.textContent("#more"), "1");
  save(`count = "none"\n<button id="more" click={count += "!"}>{count}</button>\n`);
  await becomes(() => page.textContent("#more"), "none");
});

test("a compile error is shown over the page, Escape hides it, and it goes when it is right", async (t) => {
  const { page, save } = await develop(t, COUNTER);
  await page.click("#more");
  save(COUNTER.replace("count++", "cuont++"));
  await page.waitForSelector("#flin-diagnostics");
  const shown = await page.textContent("#flin-diagnostics pre");
  assert.match(shown, /error\[E0001\]/);
  assert.match(shown, /2 \| <button id="more" click=\{cuont\+\+\}>/);
  assert.match(shown, /\^+/);
  await page.keyboard.press("Escape");
  await becomes(() => page.isVisible("#flin-diagnostics"), false);
  await page.click("#more"); // the program before goes on
  await becomes(() => page.textContent("#more"), "2");

  const late = await open(t, page.context().browser(), page.url()); // opened while it is broken
  await late.waitForSelector("#flin-diagnostics");
  assert.equal(await late.textContent("#more"), "0");

  save(COUNTER.replace("{count}<", "n = {count}<"));
  await becomes(() => late.isVisible("#flin-diagnostics"), false);
  await becomes(() => page.textContent("#more"), "n = 2");
  await becomes(() => late.textContent("#more"), "n = 0");
});

const FORM = `name = ""
<main style="height: 3000px">
    <h1>One</h1>
    <input id="bound" bind={name}>
    <input type="checkbox">
    <textarea placeholder="free"></textarea>
    <select><option>a</option><option>b</option></select>
    <p>{name}</p>
</main>
`;

test("typed text, ticks, choices, focus, selection and scroll stay", async (t) => {
  const { page, save } = await develop(t, FORM);
  await page.fill("#bound", "Ada");
  await page.check("[type=checkbox]");
  await page.selectOption("select", "b");
  await page.fill("textarea", "not saved");
  await page.evaluate(() => {
    document.querySelector("textarea").setSelectionRange(4, 9);
    scrollTo(0, 321);
  });
  await settled(page);
  save(FORM.replace("One", "Two").replace("<h1>", "<button>new</button><h1>"));
  await becomes(() => page.textContent("h1"), "Two");
  await settled(page);
  assert.deepEqual(
    await page.evaluate(() => {
      const area = document.querySelector("textarea"), one = (css) => document.querySelector(css);
      return {
        bound: one("#bound").value, shown: one("p").textContent, ticked: one("[type=checkbox]").checked, chosen: one("select").value, free: area.value,
        has_focus: document.activeElement === area, selection: [area.selectionStart, area.selectionEnd], scroll: scrollY,
      };
    }),
    { bound: "Ada", shown: "Ada", ticked: true, chosen: "b", free: "not saved", has_focus: true, selection: [4, 9], scroll: 321 },
  );
});

test("style sheets follow, and the page is at no time without them", async (t) => {
  const styled = (color) => `<p>text</p>\n<style>\n    p { color: ${color}; }\n</style>\n`;
  const { page, save } = await develop(t, styled("rgb(1, 2, 3)"));
  const color = () => page.evaluate(() => getComputedStyle(document.querySelector("p")).color);
  assert.equal(await color(), "rgb(1, 2, 3)");
  await page.evaluate(() => {
    globalThis.seen = new Set();
    const look = () => {
      globalThis.seen.add(getComputedStyle(document.querySelector("p")).color);
      requestAnimationFrame(look);
    };
    look();
  });
  save(styled("rgb(4, 5, 6)"));
  await becomes(color, "rgb(4, 5, 6)");
  assert.deepEqual(await page.evaluate(() => [...globalThis.seen]), ["rgb(1, 2, 3)", "rgb(4, 5, 6)"]);
});

test("a page with scripts of its own is loaded by the browser, and keeps its variables", async (t) => {
  const scripted = (word) => `${COUNTER}<p>${word}</p>\n<script>\n    document.title = "run " + ((window.runs = (window.runs ?? 0) + 1));\n</script>\n`;
  const { page, save } = await develop(t, scripted("one"));
  await page.click("#more");
  await becomes(() => page.textContent("#more"), "1");
  save(scripted("two"));
  await becomes(() => page.textContent("p").catch(() => ""), "two");
  await becomes(() => page.textContent("#more"), "1");
  assert.equal(await page.title(), "run 1");
});

test("many saves in a row are followed to the last", async (t) => {
  const { page, save } = await develop(t, COUNTER);
  await page.click("#more");
  await becomes(() => page.textContent("#more"), "1");
  for (let i = 1; i <= 20; i++) {
    save(COUNTER.replace("{count}<", `save ${i}: {count}<`));
    await settled(page);
  }
  await becomes(() => page.textContent("#more"), "save 20: 1");
  assert.equal(await page.getAttribute("html", "data-flin-connection"), "connected");
});
