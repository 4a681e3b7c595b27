// RFC 6455 and RFC 7692 from a server's side, rule by rule, on raw sockets. Each row names the section it tests.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { deflateRawSync, constants, inflateRawSync } from "node:zlib";

import { eventually, serve } from "../support/flin.mjs";
import { exchange, post_json } from "../support/http.mjs";
import { BINARY, CLOSE, PING, PONG, TEXT, WebSocketClient, close_frame, frame } from "../support/websocket.mjs";

const APP = 'entity Todo { title: text @required }\nroute POST "/todos" { save Todo { ...body } }\n<p>{Todo.all.count}</p>\n';
const CALL = '{"action":"ping"}', ANSWER = '{"type":"pong"}'; // the shortest talk there is
const CONTINUATION = 0;
const SYNC = { finishFlush: constants.Z_SYNC_FLUSH };
const deflate = (text) => deflateRawSync(text, SYNC).subarray(0, -4);
const inflate = (data) => inflateRawSync(Buffer.concat([data, Buffer.from([0, 0, 255, 255])]), SYNC).toString();
const hex = (text) => Buffer.from(text.replaceAll(" ", ""), "hex");
const part = (payload, opcode, fin, more) => frame(payload, { opcode, fin, ...more });

let server;
const ends = []; // what `serve` wants done at the end
before(async () => (server = await serve({ after: (end) => ends.push(end) }, { "app.flin": APP })));
after(async () => {
  for (const end of ends.reverse()) await end();
});
const memory = (pid = server.pid) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024; // MiB

// ---- The opening handshake

const GOOD = [
  ["Host", "flin"], ["Upgrade", "websocket"], ["Connection", "Upgrade"],
  ["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="], ["Sec-WebSocket-Version", "13"],
];
const without = (name) => GOOD.filter(([key]) => key !== name);
const having = (...fields) => [...GOOD.filter(([key]) => !fields.some(([name]) => name === key)), ...fields];
const adding = (...fields) => [...GOOD, ...fields];

// The answer's head for a request: {status, headers}; names in lower case.
async function shake(fields, { method = "GET", version = "1.1", target = "/_ws", behind = "" } = {}) {
  const request = `${method} ${target} HTTP/${version}\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${behind}`;
  const text = await exchange(server.port, Buffer.from(request, "latin1"), (seen) => seen.includes("\r\n\r\n"));
  const [first, ...lines] = text.split("\r\n\r\n")[0].split("\r\n");
  const headers = Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]));
  return { status: Number(first.split(" ")[1]), headers };
}

const upgraded = { upgrade: "websocket", connection: "Upgrade", "sec-websocket-accept": "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" };
const EXTENSION = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
const offering = (value) => adding(["Sec-WebSocket-Extensions", value]);
const HANDSHAKES = [
  // [section, rule, fields, status, headers of the answer (null: not there), how]
  ["6455 1.3, 4.2.2", "a good request is answered by 101 and the key's hash", GOOD, 101, upgraded],
  ["6455 4.2.2", "no extension and no protocol is answered that was not asked for", GOOD, 101, { "sec-websocket-extensions": null, "sec-websocket-protocol": null }],
  ["6455 4.2.1", "names of headers and the token 'websocket' know no case", having(["Upgrade", "WebSocket"], ["Connection", "keep-alive, UPGRADE"]).map(([k, v]) => [k.toUpperCase(), v]), 101, upgraded],
  ["6455 4.2.1 1", "a method other than GET is refused", [...GOOD, ["Content-Length", "0"]], 400, {}, { method: "POST" }],
  ["6455 4.2.1 1", "HTTP/1.0 is not upgraded", GOOD, 426, { upgrade: "websocket" }, { version: "1.0" }],
  ["6455 4.2.1 2", "a request without Host is refused", without("Host"), 400, {}],
  ["6455 4.2.1 3", "without Upgrade it is no handshake", without("Upgrade"), 426, { upgrade: "websocket" }],
  ["6455 4.2.1 3", "an Upgrade to something else is no handshake", having(["Upgrade", "h2c"]), 426, { upgrade: "websocket" }],
  ["6455 4.2.1 4", "without Connection it is no handshake", without("Connection"), 426, { upgrade: "websocket" }],
  ["6455 4.2.1 4", "a Connection without 'upgrade' is no handshake", having(["Connection", "keep-alive"]), 426, { upgrade: "websocket" }],
  ["6455 4.2.1 5", "a request without a key is refused", without("Sec-WebSocket-Key"), 400, {}],
  ["6455 4.2.1 5", "an empty key is refused", having(["Sec-WebSocket-Key", ""]), 400, {}],
  ["6455 4.2.1 5", "a key of 15 bytes is refused", having(["Sec-WebSocket-Key", "AAECAwQFBgcICQoLDA0O"]), 400, {}],
  ["6455 4.2.1 5", "a key of 17 bytes is refused", having(["Sec-WebSocket-Key", "AAECAwQFBgcICQoLDA0ODxA="]), 400, {}],
  ["6455 4.2.1 5", "a key that is not base64 is refused", having(["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZ!=="]), 400, {}],
  ["6455 11.3.1", "a key that comes twice is refused", adding(["Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="]), 400, {}],
  ["6455 4.2.1 6, 4.4", "a request without a version gets 426 and the version spoken here", without("Sec-WebSocket-Version"), 426, { "sec-websocket-version": "13" }],
  ["6455 4.2.2, 4.4", "another version gets 426 and the version spoken here", having(["Sec-WebSocket-Version", "8"]), 426, { "sec-websocket-version": "13", upgrade: "websocket" }],
  ["6455 4.4", "a list of versions is no version", having(["Sec-WebSocket-Version", "13, 8"]), 426, { "sec-websocket-version": "13" }],
  ["6455 4.4", "a version with a leading zero is another one", having(["Sec-WebSocket-Version", "013"]), 426, { "sec-websocket-version": "13" }],
  ["6455 11.3.5", "a version that comes twice is refused", adding(["Sec-WebSocket-Version", "13"]), 400, {}],
  ["6455 4.2.2, 10.2", "a page of this host may connect", adding(["Origin", "http://flin"], ["Cookie", "a=b"]), 101, upgraded],
  ["6455 4.2.2, 10.2", "a foreign page gets 403", adding(["Origin", "http://evil.example"]), 403, {}],
  ["6455 4.2.2, 10.2", "a page without an origin gets 403", adding(["Origin", "null"]), 403, {}],
  ["6455 10.1", "a client that is no browser may connect", GOOD, 101, {}],
  ["6455 4.2.2", "protocols that are not spoken here are not answered", adding(["Sec-WebSocket-Protocol", "chat, superchat"]), 101, { "sec-websocket-protocol": null }],
  ["6455 11.3.4", "protocols may stand in several headers", adding(["Sec-WebSocket-Protocol", "chat"], ["Sec-WebSocket-Protocol", "superchat"]), 101, { "sec-websocket-protocol": null }],
  ["6455 4.1 10", "a protocol named twice is malformed", adding(["Sec-WebSocket-Protocol", "chat, chat"]), 400, {}],
  ["6455 4.3", "an empty protocol header is malformed", adding(["Sec-WebSocket-Protocol", ""]), 400, {}],
  ["6455 4.3", "a protocol is a token", adding(["Sec-WebSocket-Protocol", "a b"]), 400, {}],
  ["6455 9.1", "extensions that are not known are passed over", offering("x-mystery; a=1; b, y"), 101, { "sec-websocket-extensions": null }],
  ["6455 9.1", "a malformed extension header fails the handshake", offering("a;"), 400, {}],
  ["6455 9.1", "a quoted value that is no token is malformed", offering('a; b="1 2"'), 400, {}],
  ["6455 4.2.2", "the path decides what is spoken", GOOD, 404, {}, { target: "/_flin/none" }],
  ["7692 5.1, 7.1", "permessage-deflate is agreed, without context takeover", offering("permessage-deflate"), 101, { "sec-websocket-extensions": EXTENSION }],
  ["7692 7.1.1.1", "server_no_context_takeover is accepted", offering("permessage-deflate; server_no_context_takeover"), 101, { "sec-websocket-extensions": EXTENSION }],
  ["7692 7.1.1.2", "client_no_context_takeover is accepted", offering("permessage-deflate; client_no_context_takeover"), 101, { "sec-websocket-extensions": EXTENSION }],
  ["7692 7.1.1", "server_no_context_takeover has no value", offering("permessage-deflate; server_no_context_takeover=1"), 101, { "sec-websocket-extensions": null }],
  ["7692 7.1.1", "client_no_context_takeover has no value", offering("permessage-deflate; client_no_context_takeover=1"), 101, { "sec-websocket-extensions": null }],
  ...[9, 10, 11, 12, 13, 14, 15].map((bits) => ["7692 7.1.2.1", `server_max_window_bits=${bits} is kept`, offering(`permessage-deflate; server_max_window_bits=${bits}`), 101, { "sec-websocket-extensions": `${EXTENSION}; server_max_window_bits=${bits}` }]),
  ["7692 7.1.2.1", "server_max_window_bits=8, which zlib has not, is declined", offering("permessage-deflate; server_max_window_bits=8"), 101, { "sec-websocket-extensions": null }],
  ...["7", "16", "09", "", "x", "-9", '"16"'].map((bits) => ["7692 7.1.2", `server_max_window_bits=${bits} is declined or malformed`, offering(`permessage-deflate; server_max_window_bits=${bits}`), bits === "" ? 400 : 101, { "sec-websocket-extensions": null }]),
  ["7692 7.1.2.1", "server_max_window_bits without a value is declined", offering("permessage-deflate; server_max_window_bits"), 101, { "sec-websocket-extensions": null }],
  ["7692 7.1.2.2", "client_max_window_bits may have no value", offering("permessage-deflate; client_max_window_bits"), 101, { "sec-websocket-extensions": EXTENSION }],
  ["7692 7.1.2.2", "client_max_window_bits may have a value", offering("permessage-deflate; client_max_window_bits=8"), 101, { "sec-websocket-extensions": EXTENSION }],
  ["7692 7.1.2.2", "client_max_window_bits=16 is declined", offering("permessage-deflate; client_max_window_bits=16"), 101, { "sec-websocket-extensions": null }],
  ["7692 7.1.2.2", "client_max_window_bits is not answered where it was not offered", offering("permessage-deflate; server_max_window_bits=12"), 101, { "sec-websocket-extensions": `${EXTENSION}; server_max_window_bits=12` }],
  ["7692 7", "an unknown parameter declines the offer", offering("permessage-deflate; zstd"), 101, { "sec-websocket-extensions": null }],
  ["7692 7", "a parameter given twice declines the offer", offering("permessage-deflate; server_max_window_bits=10; server_max_window_bits=10"), 101, { "sec-websocket-extensions": null }],
  ["7692 5.1", "the first offer that can be met is taken", offering("permessage-deflate; server_max_window_bits=8, permessage-deflate; server_max_window_bits=9, permessage-deflate"), 101, { "sec-websocket-extensions": `${EXTENSION}; server_max_window_bits=9` }],
  ["7692 5.1", "offers may stand in several headers", adding(["Sec-WebSocket-Extensions", "x"], ["Sec-WebSocket-Extensions", "permessage-deflate"]), 101, { "sec-websocket-extensions": EXTENSION }],
  ["7692 7", "a quoted value is the same as a plain one", offering('permessage-deflate; server_max_window_bits="10"'), 101, { "sec-websocket-extensions": `${EXTENSION}; server_max_window_bits=10` }],
];

describe("the opening handshake", () => {
  for (const [section, rule, fields, status, headers, how] of HANDSHAKES)
    test(`${section}: ${rule}`, async () => {
      const answer = await shake(fields, how);
      assert.equal(answer.status, status);
      for (const [name, value] of Object.entries(headers)) assert.equal(answer.headers[name], value ?? undefined, name);
    });
});

// ---- Frames, messages and closing

// Sends `bytes`, and a close frame behind them unless `open`; gives what came until the server closed.
async function talk(bytes, { packed = false, open = false, headers = {} } = {}) {
  const offer = packed ? { "Sec-WebSocket-Extensions": "permessage-deflate" } : {};
  const client = await WebSocketClient.connect(server.url, { headers: { ...offer, ...headers } });
  const heard = [];
  try {
    for (const piece of Array.isArray(bytes) ? bytes : [bytes]) client.write(piece);
    if (!open) client.write(close_frame(1000));
    for (let found; (found = await client.next()) !== null; ) {
      assert.equal(found.masked, false); // 5.1: a server masks nothing
      assert.equal(found.fin, true);
      assert.equal(found.reserved & (packed ? 0x30 : 0x70), 0);
      if (found.opcode === CLOSE) heard.push(found.data.length >= 2 ? `close ${found.data.readUInt16BE(0)}` : "close");
      else if (found.opcode === PONG) heard.push(`pong ${found.data}`);
      else heard.push(found.data.toString());
      if (found.opcode === CLOSE) client.socket.end();
    }
  } finally {
    client.destroy();
  }
  return heard;
}

const NO_JSON = '{"type":"error","code":"bad_message","message":"A message is a JSON object."}';
const text = (size) => `{"action":"ping","x":"${"x".repeat(size - CALL.length - 7)}"}`;
const closes = (code) => [`close ${code}`];
const FINE = [ANSWER, "close 1000"], BAD_JSON = [NO_JSON, "close 1000"];
const e_acute = Buffer.from("é");
const LIMIT = 1 << 20;

const FRAMES = [
  // [section, rule, bytes, what is heard, how]
  ["6455 5.2, 5.6", "a text message in one frame", frame(CALL), FINE],
  ["6455 5.2", "an empty text message", frame(""), BAD_JSON],
  ["6455 5.2", "a length of 125 is one byte", frame(text(125)), FINE],
  ["6455 5.2", "a length of 126 is two bytes more", frame(text(126)), FINE],
  ["6455 5.2", "a length of 65535 is two bytes more", frame(text(65535)), FINE],
  ["6455 5.2", "a length of 65536 is eight bytes more", frame(text(65536)), FINE],
  ["6455 5.2", "125 in two bytes is not as short as can be", frame(text(125), { length: 2 }), closes(1002)],
  ["6455 5.2", "0 in eight bytes is not as short as can be", frame("", { length: 8 }), closes(1002)],
  ["6455 5.2", "65535 in eight bytes is not as short as can be", frame("", { size: 65535, length: 8 }), closes(1002), { open: true }],
  ["6455 5.2", "the highest bit of an eight byte length is 0", frame("", { size: 1n << 63n, length: 8 }), closes(1002), { open: true }],
  ["6455 5.2, 10.4", "a length that no message may have closes before its payload comes", frame("", { size: 1n << 62n, length: 8 }), closes(1009), { open: true }],
  ...[0x40, 0x20, 0x10, 0x70].map((reserved) => ["6455 5.2", `reserved bits 0x${reserved.toString(16)} are 0 unless an extension is agreed`, frame(CALL, { reserved }), closes(1002)]),
  ["6455 5.2", "reserved bits of control frames are 0", frame("", { opcode: PING, reserved: 0x40 }), closes(1002)],
  ...[3, 4, 5, 6, 7].map((opcode) => ["6455 5.2, 11.8", `data opcode ${opcode} is reserved`, frame(CALL, { opcode }), closes(1002)]),
  ...[11, 12, 13, 14, 15].map((opcode) => ["6455 5.2, 11.8", `control opcode ${opcode} is reserved`, frame("", { opcode }), closes(1002)]),
  ["6455 5.1", "an unmasked text frame closes", frame(CALL, { masked: false }), closes(1002)],
  ["6455 5.1", "an unmasked control frame closes", frame("", { opcode: PING, masked: false }), closes(1002)],
  ["6455 5.3", "a mask of zeros is a mask", frame(CALL, { mask: Buffer.alloc(4) }), FINE],
  ["6455 5.3", "each frame has its own mask", [frame(CALL, { mask: hex("01020304") }), frame(CALL, { mask: hex("fffefdfc") })], [ANSWER, ...FINE]],
  ["6455 5.3", "the mask goes on where a frame is cut by the network", [...frame(CALL)].map((byte) => Buffer.from([byte])), FINE],
  ["6455 5.4", "a message in two fragments", [part('{"action":', TEXT, false), part('"ping"}', CONTINUATION, true)], FINE],
  ["6455 5.4", "a message in one fragment per byte", [...CALL].map((c, i) => part(c, i ? CONTINUATION : TEXT, i === CALL.length - 1)), FINE],
  ["6455 5.4", "fragments may be empty", [part("", TEXT, false), part("", CONTINUATION, false), part(CALL, CONTINUATION, false), part("", CONTINUATION, true)], FINE],
  ["6455 5.4", "control frames may stand between fragments", [part('{"action":', TEXT, false), frame("one", { opcode: PING }), frame("", { opcode: PONG }), part('"ping"}', CONTINUATION, true)], ["pong one", ...FINE]],
  ["6455 5.4", "a close between fragments ends the message too", [part('{"action":', TEXT, false), close_frame(1001), part('"ping"}', CONTINUATION, true)], closes(1001), { open: true }],
  ["6455 5.4", "control frames are not fragmented", frame("", { opcode: PING, fin: false }), closes(1002)],
  ["6455 5.4", "a close frame is not fragmented", frame("", { opcode: CLOSE, fin: false }), closes(1002)],
  ["6455 5.4", "a continuation needs a beginning", frame(CALL, { opcode: CONTINUATION }), closes(1002)],
  ["6455 5.4", "a continuation that is not final needs a beginning", frame(CALL, { opcode: CONTINUATION, fin: false }), closes(1002)],
  ["6455 5.4", "nothing continues a message that was whole", [frame(CALL), frame(CALL, { opcode: CONTINUATION })], [ANSWER, "close 1002"]],
  ["6455 5.4", "messages do not stand inside each other", [part(CALL, TEXT, false), frame(CALL)], closes(1002)],
  ["6455 5.4", "a message may follow a fragmented one", [part('{"action":', TEXT, false), part('"ping"}', CONTINUATION, true), frame(CALL)], [ANSWER, ...FINE]],
  ["6455 5.5", "control frames have 125 bytes at most", frame("x".repeat(126), { opcode: PING }), closes(1002)],
  ["6455 5.5", "a close frame has 125 bytes at most", close_frame(1000, "x".repeat(124)), closes(1002)],
  ["6455 5.5.2, 5.5.3", "a ping is answered by a pong of the same bytes", frame("hello", { opcode: PING }), ["pong hello", "close 1000"]],
  ["6455 5.5.2", "a ping may be empty", frame("", { opcode: PING }), ["pong ", "close 1000"]],
  ["6455 5.5.2", "a ping may have 125 bytes", frame("p".repeat(125), { opcode: PING }), [`pong ${"p".repeat(125)}`, "close 1000"]],
  ["6455 5.5.2", "a ping need not be text", frame(hex("00ffc3"), { opcode: PING }), [`pong ${hex("00ffc3")}`, "close 1000"]],
  ["6455 5.5.3", "a pong that nobody asked for is no matter", [frame("x", { opcode: PONG }), frame(CALL)], FINE],
  ["6455 5.6", "a binary message closes with 1003", frame("{}", { opcode: BINARY }), closes(1003)],
  ["6455 5.6, 8.1", "a text message is UTF-8", frame(hex("22ff22")), closes(1007)],
  ["6455 8.1", "a code point may be cut by fragments", [part('{"action":"ping","x":"', TEXT, false), part(e_acute.subarray(0, 1), CONTINUATION, false), part(e_acute.subarray(1), CONTINUATION, false), part('"}', CONTINUATION, true)], FINE],
  ["6455 8.1", "a control frame may stand inside a code point", [part('{"action":"ping","x":"', TEXT, false), part(e_acute.subarray(0, 1), CONTINUATION, false), frame("", { opcode: PING }), part(e_acute.subarray(1), CONTINUATION, false), part('"}', CONTINUATION, true)], ["pong ", ...FINE]],
  ["6455 8.1", "a code point cut off by the message's end", frame(hex("22c3")), closes(1007)],
  ["6455 8.1", "a code point cut off by the last fragment", [part(hex("22c3"), TEXT, false), part("", CONTINUATION, true)], closes(1007)],
  ["6455 8.1", "a code point that fragments break", [part(hex("22c3"), TEXT, false), part(hex("2222"), CONTINUATION, true)], closes(1007)],
  ["6455 8.1", "UTF-8 that is wrong fails before its frame is whole", frame(Buffer.concat([hex("ff"), Buffer.alloc(9)]), { size: 1000 }), closes(1007), { open: true }],
  ["6455 8.1", "UTF-8 that is wrong fails before its message is whole", part(hex("2222ff"), TEXT, false), closes(1007), { open: true }],
  ...[["overlong", "c0af"], ["a surrogate", "eda080"], ["above U+10FFFF", "f4908080"], ["a lone continuation", "80"], ["five bytes", "f8888080 80"], ["0xfe", "fe"]].map(([what, bytes]) => ["6455 8.1, RFC 3629", `${what} is no UTF-8`, frame(hex(bytes)), closes(1007)]),
  ...[["U+0000", "00"], ["U+D7FF", "ed9fbf"], ["U+E000", "ee8080"], ["U+FFFF", "efbfbf"], ["U+10FFFF", "f48fbfbf"]].map(([what, bytes]) => ["6455 8.1, RFC 3629", `${what} is UTF-8`, frame(hex(bytes)), BAD_JSON]),
  ["6455 5.5.1, 7.1.5", "a close without a code is answered", close_frame(), ["close"], { open: true }],
  ["6455 5.5.1", "half a code is no code", frame("x", { opcode: CLOSE }), closes(1002), { open: true }],
  ["6455 5.5.1", "a close with a reason is answered with its code", close_frame(1000, "bye"), closes(1000), { open: true }],
  ["6455 5.5.1", "a reason may have 123 bytes", close_frame(1000, "r".repeat(123)), closes(1000), { open: true }],
  ["6455 5.5.1, 7.1.6", "a reason is UTF-8", close_frame(1000, hex("ff")), closes(1007), { open: true }],
  ["6455 5.5.1, 7.1.6", "a reason is not cut inside a code point", close_frame(1000, hex("61c3")), closes(1007), { open: true }],
  ["6455 5.5.1", "nothing is looked at behind a close", [close_frame(1000), frame(CALL), frame("", { masked: false })], closes(1000), { open: true }],
  ...[1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999].map((code) => ["6455 7.4", `close code ${code} is answered`, close_frame(code), closes(code), { open: true }]),
  ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535].map((code) => ["6455 7.4.1, 7.4.2", `close code ${code} may not be sent`, close_frame(code), closes(1002), { open: true }]),
  ["6455 7.1.7", "after an error nothing more is looked at", [frame("", { masked: false }), frame(CALL)], closes(1002), { open: true }],
  ["6455 10.4", "a message at the limit is read", frame(text(LIMIT)), FINE],
  ["6455 10.4", "a message above the limit closes with 1009", frame("x".repeat(LIMIT + 1)), closes(1009)],
  ["6455 10.4", "fragments above the limit close with 1009", [part("x".repeat(LIMIT), TEXT, false), part("x", CONTINUATION, true)], closes(1009)],
  ["6455 10.4", "a fragment is refused by what its head says", [part("x".repeat(LIMIT), TEXT, false), frame("", { opcode: CONTINUATION, fin: false, size: 1 })], closes(1009), { open: true }],
  ["6455 10.4", "1,024 fragments are read", Array.from({ length: 1024 }, (_, i) => part(i === 0 ? CALL : "", i ? CONTINUATION : TEXT, i === 1023)), FINE],
  ["6455 10.4", "1,025 fragments close with 1009", Array.from({ length: 1025 }, (_, i) => part("", i ? CONTINUATION : TEXT, i === 1024)), closes(1009)],
  ["6455 5.5.2", "ten pings in a row are answered", Array.from({ length: 10 }, () => frame("", { opcode: PING })), [...Array(10).fill("pong "), "close 1000"]],

  ["7692 6.2", "a compressed message is read", frame(deflate(CALL), { reserved: 0x40 }), FINE, { packed: true }],
  ["7692 5, 6", "plain and compressed messages mix", [frame(CALL), frame(deflate(CALL), { reserved: 0x40 }), frame(CALL)], [ANSWER, ANSWER, ...FINE], { packed: true }],
  ["7692 6.2", "a compressed message may be fragmented", [part(deflate(CALL).subarray(0, 4), TEXT, false, { reserved: 0x40 }), part(deflate(CALL).subarray(4), CONTINUATION, true)], FINE, { packed: true }],
  ["7692 6.2", "control frames between compressed fragments are plain", [part(deflate(CALL).subarray(0, 4), TEXT, false, { reserved: 0x40 }), frame("p", { opcode: PING }), part(deflate(CALL).subarray(4), CONTINUATION, true)], ["pong p", ...FINE], { packed: true }],
  ["7692 6.1", "a continuation has no RSV1", [part(deflate(CALL).subarray(0, 4), TEXT, false, { reserved: 0x40 }), part(deflate(CALL).subarray(4), CONTINUATION, true, { reserved: 0x40 })], closes(1002), { packed: true }],
  ["7692 6.1", "a control frame has no RSV1", frame("", { opcode: PING, reserved: 0x40 }), closes(1002), { packed: true }],
  ["7692 6.1", "RSV2 and RSV3 stay reserved", frame(deflate(CALL), { reserved: 0x60 }), closes(1002), { packed: true }],
  ["7692 6", "RSV1 without the extension closes", frame(deflate(CALL), { reserved: 0x40 }), closes(1002)],
  ["7692 7.2.2", "the sender takes the last four bytes off", frame(deflateRawSync(CALL, SYNC).subarray(0, -4), { reserved: 0x40 }), FINE, { packed: true }],
  ["7692 7.2.3.1", "one compressed block", frame(hex("f248cdc9c90700"), { reserved: 0x40 }), BAD_JSON, { packed: true }],
  ["7692 7.2.3.3", "a block without compression", frame(hex("000500faff48656c6c6f00"), { reserved: 0x40 }), BAD_JSON, { packed: true }],
  ["7692 7.2.3.4", "a block with BFINAL set", frame(hex("f348cdc9c9070000"), { reserved: 0x40 }), BAD_JSON, { packed: true }],
  ["7692 7.2.3.5", "two blocks in one message", frame(hex("f248050000 00ffffcac9c90700"), { reserved: 0x40 }), BAD_JSON, { packed: true }],
  ["7692 7.2.3.6", "an empty message is one empty block", frame(hex("00"), { reserved: 0x40 }), BAD_JSON, { packed: true }],
  ["7692 7.1.1.2, 7.2.3.2", "a message that needs the one before closes, as agreed", [frame(hex("f248cdc9c90700"), { reserved: 0x40 }), frame(hex("f200110000"), { reserved: 0x40 })], [NO_JSON, "close 1007"], { packed: true }],
  ["7692 7.2.2", "what is no DEFLATE data closes", frame(hex("ffffff"), { reserved: 0x40 }), closes(1007), { packed: true }],
  ["7692 7.2.2", "DEFLATE data that is cut closes", frame(deflate(CALL).subarray(0, 5), { reserved: 0x40 }), closes(1007), { packed: true }],
  ["7692 6.2, 6455 8.1", "an inflated message is UTF-8", frame(deflate(hex("22ff22")), { reserved: 0x40 }), closes(1007), { packed: true }],
  ["7692 8, 6455 10.4", "an inflated message at the limit is read", frame(deflate(text(LIMIT)), { reserved: 0x40 }), FINE, { packed: true }],
  ["7692 8, 6455 10.4", "an inflated message above the limit closes with 1009", frame(deflate("x".repeat(LIMIT + 1)), { reserved: 0x40 }), closes(1009), { packed: true }],
  ["7692 6.2", "a compressed binary message closes with 1003", frame(deflate("{}"), { opcode: BINARY, reserved: 0x40 }), closes(1003), { packed: true }],
];

describe("frames, messages and closing", () => {
  for (const [section, rule, bytes, heard, how] of FRAMES)
    test(`${section}: ${rule}`, async () => assert.deepEqual(await talk(bytes, how), heard));

  test("6455 5.5.1, 7.1.1: after the close frames the server ends the connection", async () => {
    const client = await WebSocketClient.connect(server.url);
    client.write(close_frame(1000));
    assert.equal((await client.next()).opcode, CLOSE);
    assert.equal(await client.next(), null);
  });

  test("6455 5.5.1: a client that never answers a close is cut off", async (t) => {
    const own = await serve(t, { "app.flin": APP });
    const client = await WebSocketClient.connect(own.url);
    t.after(() => client.destroy());
    client.write(frame("", { masked: false }));
    assert.equal((await client.next()).opcode, CLOSE);
    client.socket.on("end", () => {}); // it says nothing, but sees the end
    assert.equal(await client.next(), null);
  });

  test("7692 6.1, 7.2.1: large messages come compressed and short ones plain, each by itself", async (t) => {
    const client = await WebSocketClient.connect(server.url, { headers: { "Sec-WebSocket-Extensions": "permessage-deflate" } });
    t.after(() => client.destroy());
    client.send({ action: "subscribe", type: "Todo" });
    const subscribed = await client.next();
    assert.equal(subscribed.reserved, 0);
    for (let i = 0; i < 3; i++) {
      const title = `${i} ${"compress me ".repeat(500)}`;
      await post_json(`${server.url}/todos`, { title });
      const { reserved, data } = await client.next();
      assert.equal(reserved, 0x40);
      assert.ok(data.length < 500, `${data.length} bytes`);
      assert.equal(JSON.parse(inflate(data)).entity.title, title);
    }
  });
});

// ---- What strangers may send without end

describe("floods", () => {
  const PATIENT = ["--ws.fragments=2000000", "--ws.pings=10000000", "--ws.queue_bytes=100000"];
  const SLACK = 12; // MiB that a server may grow by, whatever is sent

  async function flooded(t, args, flood) {
    const own = await serve(t, { "app.flin": APP }, { args });
    const offer = { "Sec-WebSocket-Extensions": "permessage-deflate" };
    const connect = async () => {
      const client = await WebSocketClient.connect(own.url, { headers: offer });
      t.after(() => client.destroy());
      client.socket.on("error", () => {}); // a reset is as good an end as any
      return client;
    };
    await talk_once(await connect());
    const before = memory(own.pid);
    await flood(connect, own);
    await talk_once(await connect()); // it still serves
    const grown = memory(own.pid) - before;
    assert.ok(grown < SLACK, `the server grew by ${grown.toFixed(1)} MiB`);
  }
  async function talk_once(client) {
    client.write(frame(CALL));
    assert.equal((await client.next()).data.toString(), ANSWER);
  }
  const written = (client, bytes) => new Promise((resolve) => client.socket.write(bytes, resolve));
  const EMPTY = Buffer.concat(Array.from({ length: 10000 }, () => part("", CONTINUATION, false, { mask: Buffer.alloc(4) })));

  test("1,000,000 empty fragments close with 1009", (t) =>
    flooded(t, [], async (connect) => {
      const client = await connect();
      client.write(part("", TEXT, false));
      for (let i = 0; i < 100; i++) void written(client, EMPTY);
      assert.equal(await client.close_code(), 1009);
    }));

  test("1,000,000 empty fragments that are allowed cost nothing", (t) =>
    flooded(t, PATIENT, async (connect) => {
      const client = await connect();
      client.write(part(CALL, TEXT, false));
      for (let i = 0; i < 100; i++) await written(client, EMPTY);
      client.write(part("", CONTINUATION, true));
      assert.equal((await client.next()).data.toString(), ANSWER);
    }));

  test("pings above ten a second close with 1008", (t) =>
    flooded(t, [], async (connect) => {
      const client = await connect();
      void written(client, Buffer.concat(Array.from({ length: 100000 }, () => frame("x".repeat(100), { opcode: PING, mask: Buffer.alloc(4) }))));
      assert.equal(await client.close_code(), 1008);
    }));

  test("pings of a client that reads no pong close with 1013", (t) =>
    flooded(t, PATIENT, async (connect) => {
      const client = await connect();
      client.socket.pause();
      const pings = Buffer.concat(Array.from({ length: 10000 }, () => frame("x".repeat(125), { opcode: PING, mask: Buffer.alloc(4) })));
      let ended = false;
      client.socket.on("close", () => (ended = true));
      for (let i = 0; i < 100 && !ended; i++) await Promise.race([written(client, pings), new Promise((resolve) => client.socket.once("close", resolve))]);
      client.socket.resume();
      const code = await client.close_code();
      assert.ok(code === 1013 || code === null, `closed with ${code}`); // null: the end was cut off, too
    }));

  test("compressed bombs close with 1009", (t) =>
    flooded(t, [], async (connect) => {
      const bomb = frame(deflate(Buffer.alloc(256 << 20, 0x20)), { reserved: 0x40 });
      for (let i = 0; i < 10; i++) {
        const client = await connect();
        void written(client, bomb);
        assert.equal(await client.close_code(), 1009);
      }
    }));

  test("compressed bombs in 1,000 fragments close with 1009", (t) =>
    flooded(t, [], async (connect) => {
      const bytes = deflate(Buffer.alloc(256 << 20, 0x20)), step = Math.ceil(bytes.length / 1000);
      const client = await connect();
      for (let at = 0; at < bytes.length; at += step)
        client.write(part(bytes.subarray(at, at + step), at ? CONTINUATION : TEXT, at + step >= bytes.length, { reserved: at ? 0 : 0x40 }));
      assert.equal(await client.close_code(), 1009);
    }));

  test("200 half messages cost what was sent", (t) =>
    flooded(t, ["--http.connections_per_address=1000"], async (connect) => {
      const clients = await Promise.all(Array.from({ length: 200 }, connect));
      for (const client of clients) client.write(part(deflate(`{"x":"${"y".repeat(900000)}`), TEXT, false, { reserved: 0x40 }));
      await Promise.all(clients.map((client) => eventually(() => client.socket.writableLength === 0)));
      for (const client of clients) client.destroy();
    }));
});
