// A browser for tests: a document of happy-dom, a socket that the test plays the server of, frames and timers by hand. Each one
// loads the runtime anew, from the bundle that users get.
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Window } from "happy-dom";

import { build } from "../bundle.mjs";

const wire = new URL("../../tests/wire/", import.meta.url);
const folder = mkdtempSync(join(tmpdir(), "flin-js-"));
const assets = build();
let count = 0;

export const read_wire = (name) => readFileSync(new URL(name, wire), "utf8");

// Writes a module with its asset paths pointing at the bundle; gives its URL.
function place(name, source, number) {
  const path = join(folder, `${number}-${name}.mjs`);
  const url = (asset) => pathToFileURL(join(folder, `${number}-${asset}.mjs`)).href;
  writeFileSync(path, source.replaceAll("/_flin/runtime.js", url("runtime")).replaceAll("/_flin/library.js", url("library")));
  return pathToFileURL(path).href;
}

class FakeSocket {
  constructor(browser, url) {
    Object.assign(this, { browser, url, readyState: 0 });
    browser.socket = this;
    browser.dials.push(url);
  }
  send(text) {
    this.browser.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
}

class Timers {
  now = 0;
  list = new Map();
  next = 1;
  set = (fn, ms = 0) => {
    this.list.set(this.next, { at: this.now + ms, fn });
    return this.next++;
  };
  clear = (id) => void this.list.delete(id);
  // Lets time pass.
  pass(ms) {
    const end = this.now + ms;
    for (;;) {
      const due = [...this.list].filter(([, t]) => t.at <= end).sort(([a, s], [b, t]) => s.at - t.at || a - b)[0];
      if (!due) break;
      this.list.delete(due[0]);
      this.now = Math.max(this.now, due[1].at);
      due[1].fn();
    }
    this.now = end;
  }
}

export class Browser {
  sent = [];
  dials = [];
  socket = null;
  frames = [];
  reloads = 0;
  posts = [];
  errors = [];
  logs = [];
  timers = new Timers();
  answer = () => ({ status: 204 });

  constructor(html, { url = "http://localhost/", stored = {} } = {}) {
    const window = (this.window = new Window({ url }));
    this.document = window.document;
    this.document.write(html);
    for (const key in stored) window.sessionStorage.setItem(key, stored[key]);
    this.document.addEventListener("flin:error", (event) => {
      event.preventDefault();
      this.errors.push(event.detail);
    });
    const { protocol, host, href } = window.location;
    this.globals = {
      document: this.document,
      location: { protocol, host, href, reload: () => this.reloads++, assign: (to) => (this.assigned = to) },
      sessionStorage: window.sessionStorage,
      CustomEvent: window.CustomEvent,
      FormData: window.FormData,
      DOMParser: window.DOMParser,
      history: window.history,
      addEventListener: window.addEventListener.bind(window),
      requestAnimationFrame: (fn) => this.frames.push(fn),
      WebSocket: ((browser) => function (to) { return new FakeSocket(browser, to); })(this),
      setTimeout: this.timers.set,
      clearTimeout: this.timers.clear,
      fetch: async (to, options) => {
        this.posts.push([to, options]);
        const { status, body } = this.answer(to, options);
        return { status, json: async () => body, text: async () => body, url: to };
      },
    };
  }

  // Makes the names of this browser the global ones, as long as fn runs.
  async within(fn) {
    const before = {};
    for (const name in this.globals) {
      before[name] = Object.getOwnPropertyDescriptor(globalThis, name);
      Object.defineProperty(globalThis, name, { value: this.globals[name], configurable: true, writable: true });
    }
    try {
      return await fn();
    } finally {
      for (const name in before) before[name] ? Object.defineProperty(globalThis, name, before[name]) : delete globalThis[name];
    }
  }

  async load(module) {
    const number = ++count;
    this.runtime = await import(place("runtime", assets["runtime.js"], number));
    this.library = await import(place("library", assets["library.js"], number));
    this.page = (await import(place("page", module, number))).default;
    return this;
  }

  // The socket opens.
  connect() {
    if (this.socket === null || this.socket.readyState === 3) this.timers.pass(60000);
    this.socket.readyState = 1;
    this.socket.onopen();
  }

  lose(code = 1006) {
    this.socket.readyState = 3;
    this.socket.onclose({ code });
  }

  serve(message) {
    this.socket.onmessage({ data: JSON.stringify(message) });
  }

  frame() {
    while (this.frames.length > 0) for (const fn of this.frames.splice(0)) fn();
  }

  take() {
    return this.sent.splice(0);
  }

  find(selector) {
    return this.document.querySelector(selector);
  }

  fire(element, type, more = {}) {
    const event = new this.window.Event(type, { bubbles: true, cancelable: true });
    element.dispatchEvent(Object.assign(event, more));
    return event;
  }

  type(selector, text) {
    const element = this.find(selector);
    element.value = text;
    this.fire(element, "input");
  }

  body() {
    const copy = this.document.body.cloneNode(true);
    copy.querySelector("#flin-state")?.remove();
    return copy.innerHTML;
  }
}

const STATE = { build: "b", page: "/", token: "T", seq: 5 };

// Opens a page made of a body, a state and a module text; connected and adopted unless `connect` is false.
export async function open_page({ html = "", head = "", state = {}, module, connect = true, ...options }, then) {
  const json = JSON.stringify({ ...STATE, ...state }).replaceAll("<", "\\u003c");
  const text = `<!doctype html><html><head><!--[-->${head}<!--]--></head><body>${html}<script type="application/json" id="flin-state">${json}</script></body></html>`;
  const browser = new Browser(text, options);
  options.before?.(browser);
  await browser.within(async () => {
    await browser.load(module);
    browser.frame();
    if (connect) {
      browser.connect();
      if (browser.take()[0]?.action === "page") browser.serve({ type: "page", recovered: true, seq: 5 });
    }
    await then(browser);
  });
  return browser;
}
