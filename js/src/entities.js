// The one socket of the document and the entity subscriptions of plain scripts on it (W 3, W 5).

import { Socket } from "./socket.js";

let socket = null;
let page_of = () => null;
const subscribed = new Map(); // type -> newest number seen, or null
const listeners = new Map(); // type -> functions

// Tells who the current page view is; set once by main.js, which knows both.
export function serve_page(current) {
  page_of = current;
}

export function shared_socket(dev = false) {
  return (socket ??= new Socket({ open: opened, message: received, close: () => page_of()?.lost() }, dev));
}

function subscribe_message(type) {
  const since = subscribed.get(type);
  return { action: "subscribe", type, ...(since !== null && { since }) };
}

function opened() {
  page_of()?.adopt();
  for (const type of subscribed.keys()) socket.send(subscribe_message(type));
}

function received(message) {
  const { type, entity_type, seq } = message;
  if (type === "subscribed" && subscribed.has(entity_type)) {
    if (subscribed.get(entity_type) === null || !message.recovered) subscribed.set(entity_type, seq);
  } else if (type === "unsubscribed") subscribed.delete(entity_type);
  else if (type === "entity_change") entity_changed(message);
  else page_of()?.receive(message);
}

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
  socket.send(subscribe_message(type));
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
