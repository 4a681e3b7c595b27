// One program, two tiers: what the VM writes into the HTML, JavaScript must write too (ARCHITECTURE 5.7). A page is loaded with its
// body taken away; the page module then builds it all from its template, and the two are compared.
import assert from "node:assert/strict";
import { test } from "node:test";

import { example, serve } from "../../support/flin.mjs";
import { load_page, post_form } from "../../support/http.mjs";
import { launch, open, settled } from "../chromium.mjs";
import { VARIABLES, expressions } from "./expressions.mjs";

const BATCHES = Number(process.env.FLIN_SEEDS ?? 8), SIZE = 30; // FLIN_SEEDS=100 looks further
const BODY = /<body>(.*)(?=<script type="application\/json" id="flin-state">)/s;

// Lets the page arrive without its body, so that the browser has to make it.
async function open_bare(t, browser, url) {
  const context = await browser.newContext();
  const probe = await context.newPage();
  let html;
  await context.route(url + "/", async (route) => {
    const answer = await route.fetch();
    html = await answer.text();
    await route.fulfill({ response: answer, body: html.replace(BODY, "<body>") });
  });
  await probe.goto(url + "/");
  await probe.waitForFunction(() => document.body.firstElementChild?.id !== "flin-state");
  await settled(probe);
  return { page: probe, html };
}

// The body as the browser would write it: without the state, and without what only the server puts into forms (W 2).
const normal = (html) =>
  html
    .replace(/<script type="application\/json" id="flin-state">.*?<\/script>/s, "")
    .replace(/<input type="hidden" name="_flin_\w+" value="[^"]*">/g, "");

// The server's HTML, read and written again by the same browser.
const rewritten = (page, html) => page.evaluate((text) => new DOMParser().parseFromString(text, "text/html").body.innerHTML, html);

for (let batch = 0; batch < BATCHES; batch++)
  test(`expressions of seed ${batch} give the same text in the VM and in JavaScript`, async (t) => {
    const list = expressions(batch, SIZE);
    const lines = list.map((expression) => `<p>{${expression}}</p>`);
    const { url } = await serve(t, { "app.flin": `${VARIABLES}\n${lines.join("\n")}\n` });
    const { page, html } = await open_bare(t, await launch(t), url);
    const read = (root) => [...root.querySelectorAll("p")].map((p) => p.textContent);
    const javascript = await page.evaluate(`(${read})(document)`);
    const vm = await page.evaluate(`(${read})(new DOMParser().parseFromString(${JSON.stringify(html)}, "text/html"))`);
    for (const [k, expression] of list.entries()) await t.test(expression, () => assert.equal(javascript[k], vm[k]));
  });

test("expressions are the same for the same seed", () => {
  assert.deepEqual(expressions(3, 50), expressions(3, 50));
  assert.notDeepEqual(expressions(3, 50), expressions(4, 50));
});

async function compare(t, url, browser) {
  const { page, html } = await open_bare(t, browser, url);
  assert.equal(normal(await page.evaluate(() => document.body.innerHTML)), normal(await rewritten(page, html)));
}

test("counter has the same HTML from both", async (t) => {
  const { url } = await serve(t, example("counter.flin"));
  await compare(t, url, await launch(t));
});

test("todo has the same HTML from both, empty and filled", async (t) => {
  const { url } = await serve(t, example("todo.flin"));
  const browser = await launch(t);
  await compare(t, url, browser);
  for (const title of ["Milk", '<i> & "quotes"']) {
    const { body, cookie } = await load_page(url);
    const hidden = [...body.matchAll(/name="(_flin_\w+)" value="([^"]*)"/g)].slice(0, 3).map(([, name, value]) => [name, value.replaceAll("&quot;", '"')]);
    const answer = await post_form(`${url}/_action`, { ...Object.fromEntries(hidden), draft: title }, { cookie, origin: url });
    assert.equal(answer.status, 303);
  }
  await compare(t, url, browser);
});
