// Entity subscriptions of plain scripts (W 3, W 5) on the socket of the document.

import { parties, shared_socket } from "../link.js";

const subscribed = new Map(); // type -> newest number seen, or null
const listeners = new Map(); // type -> functions

function subscribe_message(type) {
  const since = subscribed.get(type);
  return { action: "subscribe", type, ...(since !== null && { since }) };
}

function renew() {
  for (const type of subscribed.keys()) shared_socket().send(subscribe_message(type));
}

function entity_message(message) {
  const { type, entity_type, seq } = message;
  if (type === "subscribed") {
    if (!subscribed.has(entity_type)) return true;
    if (subscribed.get(entity_type) === null || !message.recovered) subscribed.set(entity_type, seq);
  } else if (type === "unsubscribed") subscribed.delete(entity_type);
  else if (type === "entity_change") entity_changed(message);
  else return false;
  return true;
}

parties.push({ opened: renew, message: entity_message });

function entity_changed({ entity_type, change, entity, seq }) {
  subscribed.set(entity_type, seq);
  for (const fn of [...(listeners.get(entity_type) ?? [])]) fn({ type: change, change, entity_type, entity, seq });
}

export function ws_connect() {
  shared_socket().connect();
}

export function ws_subscribe(type) {
  ws_connect();
  if (subscribed.has(type)) return;
  subscribed.set(type, null);
  shared_socket().send(subscribe_message(type));
}

export function ws_unsubscribe(type) {
  if (subscribed.delete(type)) shared_socket().send({ action: "unsubscribe", type });
}

// Calls fn for each change of the type; gives the function that ends it.
export function on_entity_change(type, fn) {
  if (!listeners.has(type)) listeners.set(type, new Set());
  listeners.get(type).add(fn);
  ws_subscribe(type);
  return () => listeners.get(type).delete(fn);
}
