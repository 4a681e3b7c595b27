// A WebSocket client (RFC 6455) that does what a test tells it, also what is forbidden.
import { createHash, randomBytes } from "node:crypto";
import net from "node:net";

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const PATIENCE = 20_000;
export const TEXT = 1, BINARY = 2, CLOSE = 8, PING = 9, PONG = 10;

// Bytes of one frame. `reserved`: bits 0x40 (RSV1), 0x20, 0x10; `length`: bytes that the length takes (1, 2, 8) when not as
// few as can be; `size`: what the head says instead of the payload's size; `mask`: four bytes, random by default.
export function frame(payload, { opcode = TEXT, fin = true, masked = true, reserved = 0, length, size, mask = randomBytes(4) } = {}) {
  const data = Buffer.from(payload);
  const told = BigInt(size ?? data.length);
  const width = length ?? (told < 126n ? 1 : told < 65536n ? 2 : 8);
  const head = Buffer.alloc(1 + (width === 1 ? 1 : 1 + width));
  head[0] = (fin ? 128 : 0) | reserved | opcode;
  head[1] = (masked ? 128 : 0) | (width === 1 ? Number(told) : width === 2 ? 126 : 127);
  if (width === 2) head.writeUInt16BE(Number(told), 2);
  if (width === 8) head.writeBigUInt64BE(told, 2);
  if (!masked) return Buffer.concat([head, data]);
  const hidden = Buffer.from(data);
  for (let i = 0; i < hidden.length; i++) hidden[i] ^= mask[i & 3];
  return Buffer.concat([head, mask, hidden]);
}

// A close frame; no code: an empty one.
export function close_frame(code, reason = "") {
  if (code === undefined) return frame("", { opcode: CLOSE });
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return frame(Buffer.concat([head, Buffer.from(reason)]), { opcode: CLOSE });
}

// Splits whole frames off the front: [{fin, opcode, data}], rest.
function take_frames(bytes) {
  const frames = [];
  for (;;) {
    if (bytes.length < 2) break;
    let size = bytes[1] & 127, at = 2;
    if (size === 126) size = bytes.length < 4 ? Infinity : bytes.readUInt16BE(2), at = 4;
    else if (size === 127) size = bytes.length < 10 ? Infinity : Number(bytes.readBigUInt64BE(2)), at = 10;
    if (bytes.length < at + size) break;
    frames.push({ fin: bytes[0] >= 128, reserved: bytes[0] & 0x70, opcode: bytes[0] & 15, masked: bytes[1] >= 128, data: bytes.subarray(at, at + size) });
    bytes = bytes.subarray(at + size);
  }
  return [frames, bytes];
}

export class WebSocketClient {
  #rest = Buffer.alloc(0);
  #frames = [];
  #waiting = [];
  ended = false;

  // Opens `url` (http://..) and gives the client once the handshake is done; refused: throws with `.status`.
  static connect(url, { path = "/_ws", headers = {} } = {}) {
    const { host, hostname, port, origin } = new URL(url);
    const client = new WebSocketClient();
    const key = randomBytes(16).toString("base64");
    const lines = { Host: host, Upgrade: "websocket", Connection: "Upgrade", "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13", Origin: origin, ...headers };
    const head = [`GET ${path} HTTP/1.1`, ...Object.entries(lines).filter(([, v]) => v !== null).map(([k, v]) => `${k}: ${v}`)].join("\r\n");
    const socket = (client.socket = net.connect(Number(port), hostname));
    return new Promise((resolve, reject) => {
      let bytes = Buffer.alloc(0);
      const take = (chunk) => {
        bytes = Buffer.concat([bytes, chunk]);
        const end = bytes.indexOf("\r\n\r\n");
        if (end < 0) return;
        const answer = bytes.subarray(0, end).toString();
        const status = Number(answer.split(" ")[1]);
        const accept = createHash("sha1").update(key + GUID).digest("base64");
        if (status !== 101 || !answer.includes(accept)) {
          socket.destroy();
          return reject(Object.assign(new Error(`handshake refused: ${answer}`), { status, answer }));
        }
        client.answer = answer;
        socket.off("data", take);
        socket.on("data", (more) => client.#take(more));
        client.#take(bytes.subarray(end + 4));
        resolve(client);
      };
      socket.on("data", take);
      socket.on("connect", () => socket.write(`${head}\r\n\r\n`));
      socket.on("error", reject);
      socket.on("close", () => client.#end());
    });
  }

  #take(chunk) {
    const [frames, rest] = take_frames(Buffer.concat([this.#rest, chunk]));
    this.#rest = rest;
    for (const frame of frames) {
      if (frame.opcode === PING) this.write(frame_of_pong(frame.data));
      else this.#waiting.length > 0 ? this.#waiting.shift()(frame) : this.#frames.push(frame);
    }
  }

  #end() {
    this.ended = true;
    for (const give of this.#waiting.splice(0)) give(null);
  }

  write(bytes) {
    this.socket.write(bytes);
  }

  send(message) {
    this.write(frame(JSON.stringify(message)));
  }

  // The next frame; null when the server has closed the connection.
  next(patience = PATIENCE) {
    if (this.#frames.length > 0) return Promise.resolve(this.#frames.shift());
    if (this.ended) return Promise.resolve(null);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("no frame came")), patience);
      this.#waiting.push((frame) => {
        clearTimeout(timer);
        resolve(frame);
      });
    });
  }

  // The next message as a value.
  async receive() {
    const frame = await this.next();
    if (frame === null) throw new Error("the connection is closed");
    if (frame.opcode !== TEXT) throw new Error(`a frame with opcode ${frame.opcode} came: ${frame.data.toString("hex")}`);
    return JSON.parse(frame.data.toString());
  }

  // The code the server closes with, passing over messages; null: without a close frame.
  async close_code() {
    for (let frame = await this.next(); frame !== null; frame = await this.next())
      if (frame.opcode === CLOSE) return frame.data.length >= 2 ? frame.data.readUInt16BE(0) : 1005;
    return null;
  }

  // Loses the connection without a word, behind what was written.
  lose() {
    this.socket.end();
  }

  destroy() {
    this.socket.destroy();
  }
}

const frame_of_pong = (data) => frame(data, { opcode: PONG });
