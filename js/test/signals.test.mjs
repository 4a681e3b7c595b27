// Runs the reactive conformance suite (tests/kernel/reactive) against js/src/signals.js.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { batch, computed, effect, on_cleanup, scope, signal, untracked } from "../src/signals.js";

const cases = JSON.parse(readFileSync(new URL("../../tests/kernel/reactive/cases.json", import.meta.url)));

function runner() {
  const nodes = {}, disposers = {}, runs = {};
  let trace = [];

  const began = (name) => {
    runs[name] = (runs[name] ?? 0) + 1;
    trace.push(name);
  };

  const operations = {
    add: (...xs) => xs.reduce((a, b) => a + b),
    mul: (...xs) => xs.reduce((a, b) => a * b),
    sub: (a, b) => a - b,
    mod: (a, b) => a % b,
    join: (...xs) => xs.join(""),
    eq: (a, b) => a === b,
    lt: (a, b) => a < b,
  };

  function value(x) {
    if (typeof x === "string" && x.startsWith("$")) return nodes[x.slice(1)]();
    if (!Array.isArray(x)) return x;
    const [op, ...rest] = x;
    if (op === "if") return value(rest[0]) ? value(rest[1]) : value(rest[2]);
    if (op === "peek") return untracked(() => value(rest[0]));
    if (op === "sum_of") {
      let sum = 0;
      for (let i = 1; i <= rest[1]; i++) sum += nodes[rest[0] + i]();
      return sum;
    }
    return operations[op](...rest.map(value));
  }

  function make_computed(name, fn) {
    nodes[name] = computed(() => {
      began(name);
      return fn();
    });
    disposers[name] = nodes[name].dispose;
  }

  function make_effect(name, fn) {
    let ended = false, dispose = () => (ended = true);
    disposers[name] = () => dispose();
    const made = effect(() => {
      began(name);
      fn();
    });
    dispose = made;
    if (ended) made();
  }

  const actions = {
    signal: (name, x) => (nodes[name] = signal(value(x))),
    computed: (name, x) => make_computed(name, () => value(x)),
    effect: (name, body) => make_effect(name, () => perform(body)),
    scope: (name, body) => (disposers[name] = scope(() => perform(body))[1]),
    set: (name, x) => nodes[name].set(value(x)),
    batch: (body) => batch(() => perform(body)),
    untracked: (body) => untracked(() => perform(body)),
    when: (condition, yes, no) => perform(value(condition) ? yes : no),
    read: (x) => value(x),
    log: (name, x) => trace.push(`${name}=${value(x)}`),
    cleanup: (name) => on_cleanup(() => trace.push(`~${name}`)),
    dispose: (name) => disposers[name](),
    chain: (name, n, x) => {
      for (let i = 1; i <= n; i++) make_computed(name + i, () => value(i === 1 ? x : `$${name}${i - 1}`) + 1);
    },
    fan: (name, n, x) => {
      for (let i = 1; i <= n; i++) make_computed(name + i, () => value(x) + i);
    },
    effects: (name, n, x) => {
      for (let i = 1; i <= n; i++) make_effect(name + i, () => value(x));
    },
    trace: (expected) => {
      assert.deepEqual(trace, expected);
      trace = [];
    },
    quiet: () => (trace = []),
    value: (x, expected) => assert.equal(untracked(() => value(x)), expected),
    runs: (name, n) => assert.equal(runs[name] ?? 0, n, `runs of ${name}`),
  };

  function perform(list) {
    for (const [name, ...rest] of list) actions[name](...rest);
  }
  return perform;
}

for (const { name, steps } of cases) test(name, () => runner()(steps));
