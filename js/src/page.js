// The page view: adopts what the server has sent, keeps cells and live values, sends what the server must know and applies
// what it answers, each message as one update (W 2, W 4).

import { Calls } from "./calls.js";
import { fill, walk } from "./dom.js";
import { FlinError } from "./kinds.js";
import { Instance } from "./instance.js";
import { Live } from "./live.js";
import { run_in } from "./path.js";
import { batch, effect, flush, hooks, on_cleanup, scope, signal } from "./signals.js";
import { parties, shared_socket } from "./link.js";
import { make_codec } from "./values.js";

const KEEP = "flin:keep", RELOADS = "flin:reloads", RELOAD_TIME = 10000, RELOAD_LIMIT = 2;

let current = null;

// What only some pages need; the library puts it in (library/async.js, library/dev.js).
export const page_hooks = { messages: {}, adopt: [] };

// The page view that is shown, or null.
export function current_page() {
  return current;
}

const stored = (key) => JSON.parse(sessionStorage.getItem(key) ?? "[]");

function take_kept(path) {
  const kept = stored(KEEP);
  if (kept.page !== path) return {};
  sessionStorage.removeItem(KEEP);
  return kept.cells;
}

// Loads the page again, unless it has just done so twice.
function reload() {
  const now = Date.now(), times = stored(RELOADS).filter((time) => now - time < RELOAD_TIME);
  if (times.length >= RELOAD_LIMIT) return void shared_socket().end();
  sessionStorage.setItem(RELOADS, JSON.stringify([...times, now]));
  location.reload();
}

class PageView {
  constructor(module) {
    this.module = module;
    this.state = JSON.parse(document.getElementById("flin-state").textContent);
    this.token = this.state.token;
    this.seq = this.state.seq;
    this.codec = make_codec(module.types, module.functions);
    this.cells = new Map(); // address -> cell
    this.lives = new Map(); // key -> {live, scope, inputs, users}
    this.values = { ...this.state.live }; // values of live values that nothing has asked for yet
    this.watched = new Map(); // address of an input -> what was sent of it
    this.news = {}; // changed inputs for the next `cells` message: address -> what `watched` has of it
    this.n = 0;
    this.adopted = false;
    this.first = true; // no `page` was sent yet
    this.adopting = true;
    this.shown = []; // what runs after the next show
    this.calls = new Calls(this);
  }

  // Adoption.

  start() {
    this.kept = take_kept(this.state.page);
    const script = document.getElementById("flin-state"), p = (this.root = new Instance(this, this.module, ""));
    hooks.schedule = (run) => this.schedule(run);
    [, this.dispose] = scope(() =>
      batch(() =>
        run_in("", p, () => {
          page_hooks.head?.(this, p);
          fill(document.body, document.body.firstChild, script, true, (at) => walk(this.module.view(p), at));
          this.watch(p);
          this.module.setup?.(p);
        }),
      ),
    );
    this.adopting = false;
    flush();
    this.run_shown();
    if (Object.keys(this.news)[0]) this.send_news(); // inputs that differ from what the server rendered with
    shared_socket(this.state.dev).connect();
    return this;
  }

  after_show(fn) {
    this.shown.push(fn);
  }

  run_shown() {
    for (const fn of this.shown.splice(0)) fn();
  }

  // Updates: one per animation frame; a hidden page has no frames.
  schedule(run) {
    const update = () => {
      run();
      this.run_shown();
      this.send_news();
    };
    if (document.visibilityState === "hidden") setTimeout(update, 16);
    else requestAnimationFrame(update);
  }

  // Cells.

  cell(address, declared) {
    return this.cells.get(address) ?? this.make_cell(address, declared);
  }

  make_cell(address, declared) {
    const [type, server] = Array.isArray(declared) ? declared : [declared];
    const { cells = {} } = this.state, codec = this.codec(type), kept = this.kept[address];
    const json = kept?.[0] === type ? kept[1] : cells[address];
    const cell = signal(json === undefined ? null : codec.read(json, address));
    cell.type = type;
    this.cells.set(address, cell);
    if (!Array.isArray(declared)) return cell;
    page_hooks.async_cell(this, cell, address, server);
    return cell;
  }

  // Live values and their inputs.

  live(id, row, at, inputs) {
    const key = at === "" ? String(id) : `${id}@${at}`;
    let entry = this.lives.get(key);
    if (entry === undefined) {
      this.lives.set(key, (entry = new Live(row, this.codec, this.values[key])));
      this.wants = true;
      Object.assign(entry, { key, inputs, users: 0 });
      delete this.values[key];
    }
    entry.users++;
    on_cleanup(() => {
      if (--entry.users === 0) this.after_show(() => entry.users === 0 && this.lives.delete(key)); // it may be built anew at once
    });
    return entry;
  }

  // Notes changes of an instance's inputs for the next `cells` message.
  watch(p) {
    for (const { name, get, type } of p.inputs()) {
      const address = p.address(name), codec = this.codec(type), known = { sent: undefined, call: 0, get, codec };
      const before = (this.state.cells ?? {})[address];
      this.watched.set(address, known);
      effect(() => {
        known.json = codec.write_tracked(get());
        const now = JSON.stringify(known.json);
        if (known.sent === undefined) known.sent = before === undefined ? now : JSON.stringify(before);
        if (known.sent !== now) this.news[address] = known;
        else delete this.news[address];
      }, true);
      on_cleanup(() => {
        this.watched.delete(address);
        delete this.news[address];
      });
    }
  }

  inputs_of(p) {
    return Object.fromEntries(p.inputs().map(({ name, get, type }) => [name, this.codec(type).write(get())]));
  }

  // Sends what the server must know of the last update; offline it is kept for the next `page`.
  send_news() {
    const { news } = this, changed = Object.keys(news), message = { action: "cells", n: this.n + 1 };
    if (changed[0]) message.set = Object.fromEntries(changed.map((address) => [address, news[address].json]));
    if (this.wants) this.want(message);
    page_hooks.news?.(this, message);
    if (Object.keys(message).length === 2) return;
    this.n++;
    this.news = {};
    for (const address of changed) {
      news[address].sent = JSON.stringify(news[address].json);
      news[address].call = this.calls.last_id;
    }
    for (const entry of this.lives.values()) if (entry.inputs.some((address) => changed.includes(address))) entry.need = this.n;
    if (this.adopted) shared_socket().send(message);
  }

  // Asks for the values that this page shows and has not got.
  want(message) {
    this.wants = false;
    const want = [...this.lives.values()].filter((entry) => entry.held.peek() === undefined);
    if (want[0]) message.want = want.map(({ key }) => key);
  }

  // Messages.

  adopt() {
    const message = { action: "page", token: this.token, build: this.module.build };
    if (![...this.lives.values()].some((entry) => entry.have < entry.need)) message.seq = this.seq;
    message.n = this.n;
    if (!this.first) message.last = this.calls.last_result;
    this.first = false;
    const cells = this.inputs_of(this.root);
    if (Object.keys(cells)[0]) message.cells = cells;
    for (const add of page_hooks.adopt) add(this, message);
    this.want(message);
    shared_socket().send(message);
  }

  lost() {
    this.adopted = false;
  }

  receive(message) {
    const own = this[`on_${message.type}`], added = page_hooks.messages[message.type];
    batch(() => (own ? own.call(this, message) : added?.(this, message)));
    return own || added;
  }

  on_page(message) {
    const { recovered, seq, n = 0, live = {} } = message;
    this.adopted = true;
    this.seq = seq;
    if (!recovered) this.apply_live(Object.entries(live).map(([key, value]) => [key, [["=", value]], n]));
    page_hooks.page?.(this, message);
    this.calls.resume();
  }

  on_live({ seq, set }) {
    this.seq = seq;
    this.apply_live(set);
  }

  apply_live(list) {
    for (const [key, ops, n = 0] of list) {
      const entry = this.lives.get(key);
      if (entry === undefined) {
        this.values[key] = ops[0][0] === "=" ? ops[0][1] : undefined; // else it is asked for when it is shown
      } else if (n >= entry.need) {
        entry.have = Math.max(entry.have, n);
        entry.apply(ops);
      }
    }
  }

  on_result(message) {
    this.calls.result(message);
  }

  // Assigns an output that is a cell. It goes back only if a `cells` message after the call has changed it.
  assign_output(address, json, id) {
    const cell = this.cells.get(address), watched = this.watched.get(address);
    if (watched) watched.sent = watched.call < id ? JSON.stringify(json) : null;
    cell?.set(this.codec(cell.type).read(json, address));
  }

  on_reload({ reason }) {
    if (reason === "build" || reason === "token") this.keep_cells();
    if (this.state.dev && page_hooks.again) page_hooks.again();
    else reload();
  }

  // For the next page module of this path.
  keep_cells() {
    const cells = {};
    for (const [address, cell] of this.cells) if (!cell.async) cells[address] = [cell.type, this.codec(cell.type).write(cell.peek())];
    sessionStorage.setItem(KEEP, JSON.stringify({ build: this.module.build, page: this.state.page, cells }));
  }

  on_error({ code, message, action }) {
    if (action !== "subscribe") hooks.report(new FlinError(code, message));
  }

  call(p, row, inputs, event) {
    return this.calls.call(p, row, inputs, event);
  }

  end() {
    this.dispose();
    this.calls.end();
  }
}

function show(module) {
  const { build } = JSON.parse(document.getElementById("flin-state").textContent);
  if (build !== module.build) return void reload();
  leave_page();
  current = new PageView(module);
  return current.start();
}

// Ends the page view that is shown, so that another one can take its place.
export function leave_page() {
  current?.end();
  current = null;
}

// A page module (W 8): shown at once when it is the first, else by `navigate`.
export function page(module) {
  if (current === null) show(module);
  return { module, show: () => show(module) };
}

parties.push({ opened: () => current?.adopt(), lost: () => current?.lost(), message: (message) => current?.receive(message) });
