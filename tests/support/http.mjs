// HTTP for tests: requests whose cookies are kept, and bytes as they are.
import http from "node:http";
import net from "node:net";

// One request on a connection of its own: {status, headers, body}.
export function request(url, { method = "GET", headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const options = { method, headers, agent: false, host: target.hostname, port: target.port, path: target.pathname + target.search };
    const sent = http.request(options, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks).toString() }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

export const post_json = (url, value, headers = {}) =>
  request(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(value) });

export const post_form = (url, fields, headers = {}) =>
  request(url, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(fields).toString(),
  });

// A page as loaded: {status, headers, body, cookie, state}; `state` is the JSON of #flin-state (W 2).
export async function load_page(url, headers = {}) {
  const page = await request(url, { headers });
  const found = /<script type="application\/json" id="flin-state">(.*?)<\/script>/s.exec(page.body);
  const cookie = page.headers["set-cookie"]?.map((line) => line.split(";")[0]).join("; ") ?? headers.cookie;
  return { ...page, cookie, state: found ? JSON.parse(found[1]) : null };
}

// Sends bytes and gives all that comes until the server closes or `enough(text)` holds.
export function exchange(port, bytes, enough = () => false) {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = net.connect(port, "127.0.0.1");
    const done = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text);
    };
    const timer = setTimeout(() => reject(new Error(`no end of the answer: ${text.slice(0, 500)}`)), 30_000);
    socket.on("connect", () => socket.write(bytes));
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      if (enough(text)) done();
    });
    socket.on("close", done);
    socket.on("error", (error) => (text === "" ? reject(error) : done())); // a reset behind an answer
  });
}
