// Calls of server-tier handlers (W 4.6): numbered, in order, at most once.

import { FlinError, Row } from "./kinds.js";
import { edit_clock, end_edits } from "./live.js";
import { batch, touch } from "./signals.js";
import { shared_socket } from "./entities.js";

// The copy of a DOM event that travels with a call (L 6.8).
function event_copy(event) {
  const target = event.target ?? {}, form = event.currentTarget?.localName === "form" ? event.currentTarget : target.form;
  const of = { id: target.id ?? "", name: target.name ?? "", value: target.value ?? "", checked: !!target.checked };
  const fields = form ? Array.from(new FormData(form)).filter(([name, v]) => typeof v === "string" && !name.startsWith("_flin_")) : [];
  return { type: event.type, value: of.value, checked: of.checked, key: event.key ?? null, x: event.clientX ?? 0, y: event.clientY ?? 0, form: fields, target: of };
}

// Replaces the contents of what the browser holds by those of a received value.
function take_contents(held, received) {
  if (Array.isArray(held)) {
    held.splice(0, held.length, ...received);
    touch(held);
  } else if (held?.flin_items) held.assign(received);
  else if (held instanceof Row) {
    held.$edits.clear();
    held.$version = received.$version;
    for (const field in received.$values) {
      held.$values[field] = received.$values[field];
      touch(held, field);
    }
  }
}

// Makes the body of a call that travels by POST; library/files.js puts chosen files beside it.
export const hooks_of_calls = { body: (message) => JSON.stringify(message) };

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
    if (uses_event && event) message.event = event_copy(event);
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
        if (call.post) this.post(call);
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

  async post(call) {
    const body = hooks_of_calls.body({ token: this.view.token, ...call.message });
    const headers = typeof body === "string" ? { "content-type": "application/json" } : {};
    try {
      const answer = await fetch("/_action", { method: "POST", headers, body });
      if (answer.status === 204) return;
      const result = await answer.json();
      batch(() => this.result(result));
    } catch {
      call.sent = false; // the next connection asks again
      call.message.retry = true;
    }
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
    take_contents(held, this.view.codec(type).read(json));
  }

  end() {
    this.waiting.clear();
  }
}
