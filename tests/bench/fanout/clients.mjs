// node clients.mjs JSON: opens sockets to a server, has it push changes, and prints what that cost as JSON. A process of its own,
// so that it may have as many descriptors as it needs.
import { readFileSync, readdirSync } from "node:fs";
import http from "node:http";
import net from "node:net";

import { frame } from "../../support/websocket.mjs";

const { url, pid, count, changes, pages } = JSON.parse(process.argv[2]);
const { hostname, port } = new URL(url);
const TITLE = "t".repeat(150);
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

// Nanoseconds of CPU time of all threads of the server.
const cpu = () =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, task) => sum + Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]), 0);
const rss = () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);

function request(method, path, body) {
  return new Promise((resolve, reject) => {
    const sent = http.request({ hostname, port, path, method, agent, headers: body ? { "content-type": "application/json" } : {} }, (answer) => {
      let text = "";
      answer.on("data", (chunk) => (text += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

let received = 0, wake = () => {};
// Counts whole frames and forgets them.
function counting(socket) {
  let rest = Buffer.alloc(0);
  socket.on("data", (chunk) => {
    let bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (;;) {
      if (bytes.length < 4) break;
      const short = bytes[1] & 127;
      const size = short < 126 ? short + 2 : bytes.readUInt16BE(2) + 4;
      if (bytes.length < size) break;
      bytes = bytes.subarray(size);
      received++;
    }
    rest = bytes;
    wake();
  });
}
const have = (n) =>
  new Promise((resolve) => {
    wake = () => received >= n && resolve();
    wake();
  });

function open(cookie) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(port), hostname);
    socket.setNoDelay();
    socket.on("error", reject);
    socket.write(`GET /_ws HTTP/1.1\r\nHost: ${hostname}:${port}\r\nOrigin: ${url}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${cookie ? `Cookie: ${cookie}\r\n` : ""}\r\n`);
    socket.once("data", (bytes) => {
      if (!bytes.toString("latin1").startsWith("HTTP/1.1 101")) return reject(new Error(bytes.toString()));
      counting(socket);
      resolve(socket);
    });
  });
}

// In groups, so that no backlog overflows.
async function each(list, fn, width = 50) {
  for (let i = 0; i < list.length; i += width) await Promise.all(list.slice(i, i + width).map((item, k) => fn(item, i + k)));
}

const push = (i) => request("POST", "/items", JSON.stringify({ title: `${i} ${TITLE}` }));
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

await request("GET", "/");
const views = [];
if (pages)
  await each(Array.from({ length: count }), async () => {
    const { text, headers } = await request("GET", "/");
    const state = JSON.parse(/id="flin-state">(.*?)<\/script>/s.exec(text)[1]);
    views.push({ state, cookie: headers["set-cookie"][0].split(";")[0] });
  });
const at_first = rss();
const sockets = [];
await each(Array.from({ length: count }), async (_, i) => (sockets[i] = await open(views[i]?.cookie)));
const with_sockets = rss();
if (pages) {
  await each(sockets, async (socket, i) => {
    const { token, build, seq } = views[i].state;
    socket.write(frame(JSON.stringify({ action: "page", token, build, seq, n: 0 })));
  });
  await have(count);
}
const with_pages = rss();

for (let i = 0; i < 3; i++) {
  const before = received;
  await push(i);
  await have(before + count); // warm
}
const cpu_before = cpu(), began = process.hrtime.bigint(), start = received, latencies = [];
for (let i = 0; i < changes; i++) {
  const at = process.hrtime.bigint(), answer = push(i);
  await have(start + count * (i + 1));
  latencies.push(Number(process.hrtime.bigint() - at) / 1e6);
  await answer;
}
const deliveries = received - start, used = cpu() - cpu_before;
console.log(JSON.stringify({
  cpu: used / deliveries / 1000, // µs per delivery
  rate: deliveries / (Number(process.hrtime.bigint() - began) / 1e9),
  latency: median(latencies), // ms from the request to the last frame
  socket: (with_sockets - at_first) / count, // KiB
  page: (with_pages - at_first) / count,
}));
process.exit(0);
