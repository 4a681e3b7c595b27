// The same two answers by node: text templates over objects in memory, one thread.
import http from "node:http";

const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => escapes[c]);
const items = JSON.parse(process.argv[2]);

function page() {
  const rows = items.map(
    ({ title, price, sold }) =>
      `<tr class="${sold ? "sold" : "free"}"><td>${escape(title)}</td><td>${price} EUR</td><td>${sold ? "sold" : "for sale"}</td></tr>`,
  );
  const free = items.filter((item) => !item.sold).length;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>hello</title></head><body><h1>Items</h1><table><tr><th>Title</th><th>Price</th><th>State</th></tr>${rows.join("")}</table><p>${free} for sale</p></body></html>`;
}

const server = http.createServer((request, response) => {
  const [type, body] = request.url === "/hello" ? ["application/json", '"hello"'] : ["text/html; charset=utf-8", page()];
  response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
