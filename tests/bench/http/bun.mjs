// Bun's own server with the hello route and the page of server.mjs.
import { page_of } from "./page.mjs";

const items = JSON.parse(process.argv[2]);
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request) {
    if (request.url.endsWith("/hello")) return new Response('"hello"', { headers: { "content-type": "application/json" } });
    return new Response(page_of(items), { headers: { "content-type": "text/html; charset=utf-8" } });
  },
});
console.log(`listening on http://127.0.0.1:${server.port}`);
