// The same two answers by node, one thread.
import http from "node:http";

import { page_of } from "./page.mjs";

const items = JSON.parse(process.argv[2]);
const server = http.createServer((request, response) => {
  const [type, body] = request.url === "/hello" ? ["application/json", '"hello"'] : ["text/html; charset=utf-8", page_of(items)];
  response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
