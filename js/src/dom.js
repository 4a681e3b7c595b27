// The node functions of page modules (W 8). Each gives a function of a cursor that serves both roads: an adopting cursor walks
// the nodes the server has sent (W 2), any other one creates nodes in front of its place.

import { set_attribute } from "./attributes.js";
import { bind } from "./bind.js";
import { listen } from "./events.js";
import { items_of } from "./basics.js";
import { inner_path, in_path } from "./path.js";
import { computed, effect, hooks, on_cleanup, scope, signal, untracked } from "./signals.js";
import { to_text } from "./text.js";

const HTML = "http://www.w3.org/1999/xhtml";

// The name spaces of elements that begin one, and "in tag" of their content; library/markup.js adds those of svg and math.
export const name_spaces = {};

const ELEMENT = 1, TEXT = 3, COMMENT = 8;

// What adoption throws: what it expected, and what it found.
class Mismatch {
  constructor(...both) {
    this.both = both;
  }
}

// A place among the children of `parent`: in front of `next`. `first` and `last` are the nodes taken or made so far.
class Cursor {
  constructor(parent, next, adopting, space = parent.namespaceURI) {
    Object.assign(this, { parent, next, adopting, space, first: null, last: null });
  }
  took(node) {
    this.first ??= node;
    this.last = node;
    return node;
  }
  // Takes the node at the cursor, which must be what `test` says.
  adopt(test, expected) {
    const node = this.next;
    if (node === null || !test(node)) throw new Mismatch(expected, node);
    this.next = node.nextSibling;
    return this.took(node);
  }
  insert(node) {
    this.parent.insertBefore(node, this.next);
    return this.took(node);
  }
  comment(data) {
    if (this.adopting) return this.adopt((n) => n.nodeType === COMMENT && n.data === data, data);
    return this.insert(document.createComment(data));
  }
}

function log_mismatch(error) {
  if (!(error instanceof Mismatch)) throw error;
  hooks.mismatch?.(...error.both);
}

// Texts.

function static_text(data, at) {
  if (at.adopting) at.adopt((n) => n.nodeType === TEXT && n.data === data, data);
  else at.insert(document.createTextNode(data));
}

function as_text(build) {
  build.is_text = true;
  return build;
}

export function text(fn) {
  return as_text((at) => {
    let node = at.next;
    if (at.adopting && node?.nodeType === TEXT) {
      at.next = node.nextSibling;
      at.took(node);
    } else node = at.insert(document.createTextNode(""));
    effect(() => {
      const data = to_text(fn());
      if (node.data !== data) node.data = data;
    });
  });
}

const is_text = (node) => typeof node === "string" || node?.is_text === true;

// Neighbouring texts are kept apart by a comment (W 2).
export function walk(nodes, at, behind_text = false) {
  for (const node of nodes) {
    if (is_text(node) && behind_text) at.comment(",");
    if (typeof node === "string") static_text(node, at);
    else node(at);
    behind_text = is_text(node);
  }
}

// Elements.

const is_hidden_field = (node) => node?.matches?.("input[type=hidden][name^=_flin_]");

function make_element(tag, at) {
  const space = name_spaces[tag] ?? at.space;
  return space === HTML ? document.createElement(tag) : document.createElementNS(space, tag);
}

// Attributes of other kinds: "on" and "bind" are here, library/markup.js adds "...".
export const attribute_kinds = { on: (element, adopting, ...rest) => listen(element, ...rest), bind };

function attribute(element, adopting, [name, value, ...rest]) {
  const kind = attribute_kinds[name];
  if (kind) return kind(element, adopting, value, ...rest);
  if (typeof value === "string") return adopting || element.setAttribute(name, value);
  effect(() => {
    const now = value();
    if (!adopting) set_attribute(element, name, now);
    adopting = false;
  });
}

export function el(tag, attributes, ...nodes) {
  return (at) => {
    const { adopting } = at;
    const element = adopting ? at.adopt((n) => n.nodeType === ELEMENT && n.localName === tag.toLowerCase(), tag) : make_element(tag, at);
    const content = element.localName === "template" ? element.content : element;
    const inner = new Cursor(content, content.firstChild, adopting, name_spaces[`in ${tag}`] ?? element.namespaceURI);
    while (adopting && is_hidden_field(inner.next)) inner.next = inner.next.nextSibling;
    walk(nodes, inner);
    if (adopting && inner.next !== null) throw new Mismatch("/" + tag, inner.next);
    for (const entry of attributes) attribute(element, adopting, entry); // behind the children: a select needs its options
    if (!adopting) at.insert(element);
  };
}

// Blocks: content between two marks.

export function clear_nodes(first, end) {
  while (first !== end) {
    const next = first.nextSibling;
    first.remove();
    first = next;
  }
}

function end_of(start) {
  let level = 1, node = start;
  while (level > 0) {
    node = node.nextSibling;
    if (node === null) throw new Mismatch("]", node);
    if (node.nodeType === COMMENT) level += node.data === "[" ? 1 : node.data === "]" ? -1 : 0;
  }
  return node;
}

// Runs build(cursor) in a scope of its own; gives dispose.
function build_at(parent, next, adopting, end, build) {
  const [, dispose] = scope(() => {
    const at = new Cursor(parent, next, adopting);
    build(at);
    if (adopting && at.next !== end) throw new Mismatch("]", at.next);
  });
  return dispose;
}

// Fills the place from `first` up to `end`; what does not match is built anew. Gives dispose.
export function fill(parent, first, end, adopting, build) {
  try {
    if (adopting) return build_at(parent, first, true, end, build);
  } catch (error) {
    log_mismatch(error);
    clear_nodes(first, end);
  }
  return build_at(parent, end, false, end, build);
}

// The marks of a block; `content(start, end, adopting)` fills it.
export function block(content) {
  return (at) => {
    const start = at.comment("[");
    const end = at.adopting ? end_of(start) : at.comment("]");
    content(start, end, at.adopting);
    if (at.adopting) at.next = at.took(end).nextSibling;
  };
}

export function when(branches) {
  return block((start, end, adopting) => {
    const chosen = computed(() => branches.findIndex(([condition]) => condition === null || condition()));
    const build = in_path((index, at) => index >= 0 && walk(branches[index][1](), at));
    effect(() => {
      const index = chosen();
      if (!adopting) clear_nodes(start.nextSibling, end);
      fill(start.parentNode, start.nextSibling, end, adopting, (at) => build(index, at));
      adopting = false;
    });
  });
}

// Lists.

// The places in a list of old positions (-1: new) that form a longest rising row: these nodes need not move.
function staying(positions) {
  const tails = [], before = [];
  positions.forEach((position, i) => {
    if (position < 0) return;
    let low = 0, high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (positions[tails[middle]] < position) low = middle + 1;
      else high = middle;
    }
    before[i] = low > 0 ? tails[low - 1] : -1;
    tails[low] = i;
  });
  const stay = new Set();
  for (let i = tails.length > 0 ? tails[tails.length - 1] : -1; i >= 0; i = before[i]) stay.add(i);
  return stay;
}

function keys_of(items, key) {
  const seen = new Set();
  return items.map((item, i) => {
    let shown = key ? to_text(key(item, i)) : String(i);
    if (seen.has(shown)) {
      console.warn("FLIN: key given twice:", shown);
      shown = `${shown}#${i}`;
    }
    seen.add(shown);
    return shown;
  });
}

class List {
  constructor(row, render, start, end) {
    Object.assign(this, { row, render, start, end, items: [], dispose_else: null });
    this.enter = in_path((step, fn) => inner_path(step, fn));
  }

  make(key, value, i, at) {
    const item = signal(value), index = signal(i);
    at.first = at.last = null;
    const build = () => {
      const nodes = this.render(item, index);
      walk(nodes, at, i > 0 && is_text(nodes[0]) && is_text(nodes[nodes.length - 1]));
    };
    const [, dispose] = scope(() => this.enter(`b${this.row}:${encodeURIComponent(key)}`, build), true);
    return { key, item, index, dispose, first: at.first, last: at.last };
  }

  drop({ dispose, first, last }) {
    dispose();
    if (first !== null) clear_nodes(first, last.nextSibling);
  }

  clear_else() {
    this.dispose_else?.();
    this.dispose_else = null;
  }

  // The first show: adopts or creates every item.
  build(values, keys, otherwise, at) {
    this.items = [];
    for (let i = 0; i < values.length; i++) this.items.push(this.make(keys[i], values[i], i, at));
    if (values.length === 0 && otherwise) this.show_else(otherwise, at);
  }

  show_else(otherwise, at) {
    [, this.dispose_else] = scope(() => walk(otherwise(), at), true);
  }

  update(values, keys, otherwise) {
    if (this.dispose_else !== null && values.length > 0) {
      this.clear_else();
      clear_nodes(this.start.nextSibling, this.end);
    }
    const old = new Map(this.items.map((item, i) => [item.key, i])), wanted = new Set(keys);
    const parent = this.end.parentNode, before = this.items;
    for (const item of before) if (!wanted.has(item.key)) this.drop(item);
    const positions = keys.map((key) => old.get(key) ?? -1), stay = staying(positions);
    this.items = new Array(keys.length);
    for (let i = keys.length - 1, next = this.end; i >= 0; i--) {
      const known = positions[i] >= 0 ? before[positions[i]] : null;
      if (known === null) this.items[i] = this.make(keys[i], values[i], i, new Cursor(parent, next, false));
      else {
        this.items[i] = known;
        known.item.set(values[i]);
        known.index.set(i);
        if (!stay.has(i)) this.move(known, next);
      }
      next = this.items[i].first ?? next;
    }
    if (values.length === 0 && otherwise && this.dispose_else === null) this.show_else(otherwise, new Cursor(parent, this.end, false));
  }

  move({ first, last }, next) {
    for (let node = first, stop = last?.nextSibling ?? null; node !== stop; ) {
      const following = node.nextSibling;
      next.parentNode.insertBefore(node, next);
      node = following;
    }
  }

  clear() {
    for (const item of this.items) item.dispose();
    this.items = [];
    this.clear_else();
  }
}

export function each(row, list, key, render, otherwise) {
  return block((start, end, adopting) => {
    const items = new List(row, render, start, end);
    let first = true;
    on_cleanup(() => items.clear());
    effect(() => {
      const values = items_of(list());
      const keys = keys_of(values, key);
      untracked(() => {
        if (!first) return items.update(values, keys, otherwise);
        first = false;
        fill(start.parentNode, start.nextSibling, end, adopting, (at) => {
          items.clear();
          items.build(values, keys, otherwise, at);
        });
      });
    });
  });
}
