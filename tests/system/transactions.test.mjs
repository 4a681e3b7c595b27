// `transaction { .. }` under requests that change the same row at once: a conflict runs the block again.
import assert from "node:assert/strict";
import http from "node:http";
import { test } from "node:test";

import { serve } from "../support/flin.mjs";
import { request } from "../support/http.mjs";

const program = `
entity Counter { n: int = 0 }
entity Step { to: int @unique }

route POST "/begin" { save Counter {} }
route POST "/step" {
    try {
        return transaction {
            c = Counter.find(1) ?? fail("no counter")
            c.n += 1
            save c
            save Step { to: c.n }
            { n: c.n }
        }
    } catch e { return error(409, "{e.code}") }
}
route GET "/state" { { n: Counter.find(1)?.n, steps: Step.count, last: Step.order("to desc").first?.to } }
`;

for (const store of ["memory", "sqlite"])
  test(`requests that count at once lose no step (${store})`, async (t) => {
    const { url } = await serve(t, { "steps.flin": program }, { args: [`--store=${store}`] });
    await request(new URL("begin", url), { method: "POST" });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
    t.after(() => agent.destroy());
    const post = () =>
      new Promise((resolve, reject) => {
        const sent = http.request(new URL("step", url), { method: "POST", agent }, (answer) => {
          let text = "";
          answer.on("data", (chunk) => (text += chunk));
          answer.on("end", () => resolve({ status: answer.statusCode, text }));
        });
        sent.on("error", reject);
        sent.end();
      });
    const answers = await Promise.all(Array.from({ length: 200 }, post));
    const done = answers.filter(({ status }) => status === 200);
    for (const { status, text } of answers) if (status !== 200) assert.match(`${status} ${text}`, /^409 .*R0103/);
    const numbers = done.map(({ text }) => JSON.parse(text).n);
    assert.equal(new Set(numbers).size, numbers.length, "each step once");
    assert.ok(done.length >= 50, `${done.length} of 200 came through`);
    const state = JSON.parse((await request(new URL("state", url))).body);
    assert.deepEqual(state, { n: done.length, steps: done.length, last: done.length });
  });
