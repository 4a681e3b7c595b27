// flin ends in order when it is asked to.
import assert from "node:assert/strict";
import { test } from "node:test";

import { example, serve } from "../support/flin.mjs";
import { load_page } from "../support/http.mjs";
import { WebSocketClient } from "../support/websocket.mjs";

for (const signal of ["SIGTERM", "SIGINT"])
  test(`${signal} stops the server with status 0`, async (t) => {
    const server = await serve(t, example("counter.flin"));
    assert.equal((await load_page(server.url)).status, 200);
    const { code, signal: killed } = await server.stop(signal);
    assert.equal(killed, null);
    assert.equal(code, 0);
  });

test("open sockets are closed with 1001, so that browsers come back", async (t) => {
  const server = await serve(t, example("counter.flin"));
  const { cookie } = await load_page(server.url);
  const socket = await WebSocketClient.connect(server.url, { headers: { Cookie: cookie } });
  const [code, end] = await Promise.all([socket.close_code(), server.stop()]);
  assert.equal(code, 1001);
  assert.equal(end.code, 0);
});
