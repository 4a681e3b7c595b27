// The peer of list.flin: node with ws. What is posted goes to every socket, as one buffer.
import http from "node:http";
import { WebSocketServer } from "ws";

const sockets = new WebSocketServer({ noServer: true });
const server = http.createServer((request, answer) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    if (request.method !== "POST") return answer.end();
    const data = Buffer.from(JSON.stringify({ type: "live", seq: 1, set: [["0", [["+", null, JSON.parse(body)]], 0]] }));
    for (const socket of sockets.clients) socket.send(data, { binary: false });
    answer.end("{}");
  });
});
server.on("upgrade", (request, socket, head) => sockets.handleUpgrade(request, socket, head, () => {}));
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
