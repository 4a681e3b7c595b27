// Calls of server-tier handlers (W 4.6): numbered, in order, at most once.

import { FlinError, Row, edit_clock } from "./kinds.js";
import { end_edits } from "./live.js";
import { shared_socket } from "./link.js";

// What only some handlers need; library/calls.js puts it in: `event(dom_event)` copies an event, `post(calls, call)` sends one by
// POST, `take(held, received)` replaces the contents of a list, map or entity.
export const call_hooks = {};

export class Calls {
  constructor(view) {
    this.view = view;
    this.waiting = new Map(); // id -> call without a result, in order
    this.last_id = 0;
    this.last_result = 0;
  }

  call(p, row, inputs, event) {
    const { in: types = [], out = [], post = false, event: uses_event } = p.module.calls[row], { codec } = this.view;
    const message = { action: "call", id: ++this.last_id, handler: row };
    if (types.length > 0) message.in = types.map((type, i) => codec(type).write(inputs[i] ?? null));
    if (p.path !== "") message.scope = p.path;
    if (uses_event && event) message.event = call_hooks.event(event);
    return new Promise((resolve, reject) => {
      this.waiting.set(message.id, { p, message, out, post, inputs, resolve, reject, sent: false, clock: edit_clock() });
      this.send_next();
    });
  }

  // Sends what may go now. A call that travels by POST waits for those before it, and those behind it wait for its result.
  send_next() {
    if (!this.view.adopted) return;
    let before = 0;
    for (const call of this.waiting.values()) {
      if (!call.sent) {
        if (call.post && before > 0) return;
        call.sent = true;
        if (call.post) call_hooks.post(this, call);
        else shared_socket().send(call.message);
      }
      if (call.post) return;
      before++;
    }
  }

  // After a reconnect: calls that were sent are asked for again.
  resume() {
    for (const call of this.waiting.values()) {
      if (!call.sent) continue;
      call.message.retry = true;
      call.sent = false;
    }
    this.send_next();
  }

  result(message) {
    const { view } = this, call = this.waiting.get(message.id);
    view.seq = Math.max(view.seq, message.seq ?? 0);
    if (call) this.end_call(call, message);
    view.apply_live(message.live ?? []);
    this.send_next();
  }

  end_call(call, { id, out = [], value, token, error }) {
    this.waiting.delete(id);
    this.last_result = Math.max(this.last_result, id);
    if (token) this.view.token = token;
    if (error) return call.reject(new FlinError(error.code, error.message, error.fields ?? null));
    for (const input of call.inputs) if (input instanceof Row) end_edits(input, call.clock, this.view.codec);
    for (const [i, json] of out) this.assign(call, call.out[i], json);
    call.resolve(value === undefined ? null : this.view.codec("any").read(value));
  }

  assign(call, [kind, name, type], json) {
    if (kind < 2) return this.view.assign_output(kind === 0 ? name : call.p.address(name), json, call.message.id);
    const held = kind === 2 ? call.p.prop(name)() : call.inputs[name];
    call_hooks.take(held, this.view.codec(type).read(json));
  }

  end() {
    this.waiting.clear();
  }
}
