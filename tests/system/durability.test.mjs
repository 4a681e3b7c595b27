// Nothing that was acknowledged is lost and nothing is there by half: after kill -9, with a full disk, with a disk that
// fails. FLIN_SOAK=1 (./dev test --soak) runs many more rounds.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import http from "node:http";
import { join } from "node:path";
import { test } from "node:test";

import { build, folder, root, serve } from "../support/flin.mjs";

const app = readFileSync(join(root, "tests/system/apps/pairs.flin"), "utf8");
const soak = process.env.FLIN_SOAK === "1";
const ROUNDS = soak ? 200 : 6;
const SAVES = soak ? 20_000 : 600; // acknowledged in all rounds together, at least
const CLIENTS = 16;

// A number at random; FLIN_SEED repeats a run.
const seed = Number(process.env.FLIN_SEED ?? (Date.now() & 0xffffff));
let state = seed;
const random = (n) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state % n;
};

function send(agent, url, method, body) {
  return new Promise((resolve, reject) => {
    const sent = http.request(url, { method, agent, headers: body ? { "content-type": "application/json" } : {} }, (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, text }));
      answer.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

// All numbers of one side.
async function side(url, name) {
  const agent = new http.Agent({ keepAlive: true });
  const out = [];
  for (let from = 0; ; from = out.at(-1) + 1) {
    const { status, text } = await send(agent, new URL(`${name}/${from}`, url), "GET");
    assert.equal(status, 200, text);
    const part = JSON.parse(text);
    out.push(...part);
    if (part.length < 5000) break;
  }
  agent.destroy();
  return out;
}

// What is stored holds everything acknowledged, and nothing by half.
async function check(url, acknowledged, what) {
  const [left, right] = [await side(url, "left"), await side(url, "right")];
  assert.deepEqual(right, left, `${what}: half of a save is there`);
  const stored = new Set(left);
  assert.equal(stored.size, left.length, `${what}: a save is there twice`);
  const lost = [...acknowledged].filter((n) => !stored.has(n));
  assert.deepEqual(lost, [], `${what}: acknowledged and lost`);
}

let next = 1;
const pair = () => {
  const n = next++;
  return [n, JSON.stringify({ n, pad: "x".repeat(random(4000)) })];
};

test(`kill -9 loses nothing acknowledged (${ROUNDS} rounds, seed ${seed})`, async (t) => {
  const place = folder(t, { "pairs.flin": app });
  const acknowledged = new Set();
  for (let round = 0; round < ROUNDS || acknowledged.size < SAVES; round++) {
    const server = await serve(t, "pairs.flin", { cwd: place });
    // All of it now and then: it grows.
    if (round % 10 === 0) await check(server.url, acknowledged, `round ${round}`);
    const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
    const enough = acknowledged.size + 1 + random(2 * Math.ceil(SAVES / ROUNDS));
    let is_dead = false;
    const client = async () => {
      while (!is_dead) {
        const [n, body] = pair();
        const answer = await send(agent, new URL("pair", server.url), "POST", body).catch(() => null);
        if (answer === null) return assert.ok(is_dead, "the server answers until it is killed");
        assert.equal(answer.status, 200, answer.text);
        acknowledged.add(n);
        if (acknowledged.size >= enough && !is_dead) {
          is_dead = true;
          server.child.kill("SIGKILL");
        }
      }
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    await server.stop();
    agent.destroy();
  }
  const last = await serve(t, "pairs.flin", { cwd: place });
  await check(last.url, acknowledged, "at the end");
  t.diagnostic(`${acknowledged.size} saves acknowledged, 0 lost`);
});

const shim = join(build, "tests/system/failing_disk.so");

// Serves with a disk that fails as `disk(word)` says.
async function failing(t) {
  const place = folder(t, { "pairs.flin": app, disk: "" });
  const disk = (word) => writeFileSync(join(place, "disk"), word);
  const env = { LD_PRELOAD: shim, FLIN_TEST_DISK: join(place, "disk"), ASAN_OPTIONS: "verify_asan_link_order=0" };
  const server = await serve(t, "pairs.flin", { cwd: place, env });
  const agent = new http.Agent({ keepAlive: true, maxSockets: CLIENTS });
  t.after(() => agent.destroy());
  const acknowledged = new Set();
  // Saves at once; gives the answers that were no success.
  const save = async (count) => {
    const failed = [];
    const one = async () => {
      const [n, body] = pair();
      const answer = await send(agent, new URL("pair", server.url), "POST", body);
      if (answer.status === 200) acknowledged.add(n);
      else failed.push(answer);
    };
    await Promise.all(Array.from({ length: count }, one));
    return failed;
  };
  return { place, disk, server, save, acknowledged };
}

const options = { skip: existsSync(shim) ? false : "the library failing_disk is not built" };

test("a full disk is an error to the caller, loses nothing, and passes without a restart", options, async (t) => {
  const { place, disk, server, save, acknowledged } = await failing(t);
  assert.deepEqual(await save(20), []);
  for (let round = 0; round < (soak ? 40 : 6); round++) {
    disk(`full ${round === 0 ? 0 : random(60_000)}`); // somewhere in the middle of what is written
    const failed = await save(40);
    if (round === 0) assert.equal(failed.length, 40);
    for (const { status, text } of failed) {
      assert.equal(status, 503);
      assert.match(text, /R0106 store is not available: the disk is full \(.*pairs\.db\)/);
    }
    await check(server.url, acknowledged, `full, round ${round}`);
    disk("");
    assert.deepEqual(await save(20), [], "there is room again");
    await check(server.url, acknowledged, `room again, round ${round}`);
  }
  await server.stop("SIGKILL");
  const again = await serve(t, "pairs.flin", { cwd: place });
  await check(again.url, acknowledged, "after a restart");
});

test("a failing fsync is an error to the caller, loses nothing, and passes without a restart", options, async (t) => {
  const { place, disk, server, save, acknowledged } = await failing(t);
  assert.deepEqual(await save(20), []);
  for (let round = 0; round < (soak ? 20 : 3); round++) {
    disk(`fsync ${round}`);
    const failed = await save(20);
    assert.equal(failed.length, 20, "nothing is acknowledged that may not be on the disk");
    for (const { text } of failed) assert.match(text, /R0106 store is not available: the disk failed \(.*pairs\.db/);
    await check(server.url, acknowledged, `failing, round ${round}`);
    disk("");
    assert.deepEqual(await save(20), [], "the disk is well again");
    await check(server.url, acknowledged, `well again, round ${round}`);
  }
  await server.stop("SIGKILL");
  const again = await serve(t, "pairs.flin", { cwd: place });
  await check(again.url, acknowledged, "after a restart");
});
