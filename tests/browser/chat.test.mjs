// examples/chat.flin in Chromium.
import assert from "node:assert/strict";
import { test } from "node:test";

import { example, serve } from "../support/flin.mjs";
import { becomes, launch, open, settled } from "./chromium.mjs";

async function chat(t, names) {
  const server = await serve(t, example("chat.flin"));
  const browser = await launch(t);
  const pages = [];
  for (const name of names) {
    const page = await open(t, browser, server.url, { viewport: { width: 640, height: 480 } });
    if (name !== "") await page.fill("#name", name);
    pages.push(page);
  }
  return { server, browser, pages };
}

async function say(page, text) {
  await page.fill("#draft", text);
  await page.press("#draft", "Enter");
  await becomes(() => page.inputValue("#draft"), "");
}

const said = (page) => () => page.$$eval("li:not(.none)", (items) => items.map((li) => `${li.querySelector("strong").textContent}: ${li.querySelector("p").textContent}`));
const own = (page) => () => page.$$eval("li", (items) => items.map((li) => li.className));
const below = (page) => page.$eval("[role=log]", (box) => Math.round(Math.abs(box.scrollTop))); // pixels of messages below what is seen

test("what one says is shown to all, with name and time, and to its author as their own", async (t) => {
  const { pages: [ann, bob] } = await chat(t, ["Ann", "Bob"]);
  assert.match(await ann.textContent("ol"), /Nobody has said anything yet/);
  await say(ann, "Hello <all>!");
  for (const page of [ann, bob]) await becomes(said(page), ["Ann: Hello <all>!"]);
  await say(bob, "Hi Ann");
  for (const page of [ann, bob]) await becomes(said(page), ["Ann: Hello <all>!", "Bob: Hi Ann"]);
  await becomes(own(ann), ["own", ""]);
  await becomes(own(bob), ["", "own"]);
  const [shown, exact] = await bob.$eval("li:last-child time", (time) => [time.textContent, time.dateTime]);
  assert.match(shown, /^([01]\d|2[0-3]):[0-5]\d$/);
  assert.ok(Math.abs(Date.parse(exact) - Date.now()) < 60_000, exact);
});

test("the newest message is in sight, also for who opens the page later", async (t) => {
  const { server, browser, pages: [ann, bob] } = await chat(t, ["Ann", "Bob"]);
  for (let i = 1; i <= 15; i++) await say(ann, `Message ${i}`);
  const late = await open(t, browser, server.url, { viewport: { width: 640, height: 480 } });
  for (const page of [ann, bob, late]) {
    await becomes(async () => (await said(page)()).length, 15);
    await settled(page);
    assert.equal(await below(page), 0);
    assert.equal(await page.isVisible("text=Message 15"), true);
    const [box, last] = [await page.locator("[role=log]").boundingBox(), await page.locator("li:last-child").boundingBox()];
    assert.ok(last.y + last.height <= box.y + box.height, "the last message is cut off");
  }
});

test("who reads back is not moved by a new message", async (t) => {
  const { pages: [ann, bob] } = await chat(t, ["Ann", "Bob"]);
  for (let i = 1; i <= 15; i++) await say(ann, `Message ${i}`);
  await becomes(async () => (await said(bob)()).length, 15);
  await bob.$eval("[role=log]", (box) => box.scrollBy(0, -10_000));
  await settled(bob);
  const before = await bob.locator("text=Message 1").first().boundingBox();
  await say(ann, "One more");
  await becomes(async () => (await said(bob)()).length, 16);
  await settled(bob);
  assert.deepEqual(await bob.locator("text=Message 1").first().boundingBox(), before);
});

test("a message that is being typed stays while others talk", async (t) => {
  const { pages: [ann, bob] } = await chat(t, ["Ann", "Bob"]);
  await bob.click("#draft");
  await bob.keyboard.type("I was ab");
  await say(ann, "Quick!");
  await becomes(said(bob), ["Ann: Quick!"]);
  await bob.keyboard.type("out to");
  assert.equal(await bob.inputValue("#draft"), "I was about to");
  assert.equal(await bob.evaluate(() => document.activeElement.id), "draft");
});

test("the keyboard is enough, and nothing is said without a name", async (t) => {
  const { pages: [page] } = await chat(t, [""]);
  const press = async (...keys) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press("Tab", "Tab", "Tab"); // the messages, the name, the message
  await page.keyboard.type("Anybody?");
  const sent = page.sent.length;
  await press("Enter"); // the browser asks for the name
  await settled(page);
  assert.equal(page.sent.length, sent);
  assert.equal(await page.evaluate(() => document.activeElement.id), "name");
  await page.keyboard.type("Ann");
  await press("Tab", "Tab", "Enter"); // the message, the button
  await becomes(said(page), ["Ann: Anybody?"]);
});

test("every control has a name", async (t) => {
  const { pages: [page] } = await chat(t, ["Ann"]);
  await say(page, "Hello");
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("input:not([type=hidden]), button, [tabindex]")]
      .filter((e) => !(e.getAttribute("aria-label") || e.labels?.length || e.textContent.trim()))
      .map((e) => e.outerHTML));
  assert.deepEqual(nameless, []);
});

test("without scripts the form says it", async (t) => {
  const { server, browser, pages: [ann] } = await chat(t, ["Ann"]);
  const plain = await open(t, browser, server.url, { scripts: false });
  await plain.fill("#name", "Zoe");
  await plain.fill("#draft", "No script & all");
  await plain.click("text=Send");
  await plain.waitForLoadState();
  await becomes(said(ann), ["Zoe: No script & all"]);
  assert.equal(await plain.textContent("li p"), "No script & all");
});
