// Calls with an event, by POST, with chosen files, and outputs that are contents (W 4.6, W 6).

import { call_hooks } from "../calls.js";
import { Row } from "../kinds.js";
import { batch, touch } from "../signals.js";
import { FlinFile } from "./kinds.js";

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

// Chosen files go beside the JSON, as parts f0, f1 ..
function body_of(message) {
  const files = [];
  const json = JSON.stringify(message, (key, value) => (value?.$f instanceof FlinFile ? { $f: files.push(value.$f.blob) - 1 } : value));
  if (files.length === 0) return json;
  const form = new FormData();
  form.append("call", json);
  files.forEach((file, i) => form.append(`f${i}`, file));
  return form;
}

async function post(calls, call) {
  const body = body_of({ token: calls.view.token, ...call.message });
  const headers = typeof body === "string" ? { "content-type": "application/json" } : {};
  try {
    const answer = await fetch("/_action", { method: "POST", headers, body });
    if (answer.status === 204) return;
    const result = await answer.json();
    batch(() => calls.result(result));
  } catch {
    call.sent = false; // the next connection asks again
    call.message.retry = true;
  }
}

Object.assign(call_hooks, { event: event_copy, take: take_contents, post });
