// The kinds of W 4.1 that only some pages use: composed types, enums, tagged values of `any`. Importing this module adds
// them to ../values.js.

import { FlinError, Row, fail } from "../kinds.js";
import { track } from "../signals.js";
import { basic_codecs, codec_library, is_object, must, read_int, read_items, write_int } from "../values.js";
import { Duration, FlinFile, FlinMap, Money, Regex, Time, Tuple, Variant, View } from "./kinds.js";

// "[int:text]" -> ["map", ["int"], ["text"]]
function parse_full_type(text) {
  let at = 0;

  function list_until(end) {
    const list = [];
    while (text[at] !== end) {
      list.push(union());
      if (text[at] === ",") at++;
    }
    at++;
    return list;
  }

  function single() {
    if (text[at] === "[") {
      at++;
      const item = union();
      if (text[at++] === "]") return ["list", item];
      const value = union();
      at++;
      return ["map", item, value];
    }
    if (text[at] === "(") {
      at++;
      const list = list_until(")");
      if (!text.startsWith("->", at)) return list.length === 1 ? list[0] : ["tuple", ...list];
      at += 2;
      union();
      return ["function"];
    }
    const [name] = /^[\w$]+(<[^>]*>)?/.exec(text.slice(at)) ?? [text.slice(at)];
    at += name.length;
    return [name];
  }

  function union() {
    const members = [];
    do {
      if (text[at] === "|") at++;
      let type = single();
      for (; text[at] === "?"; at++) if (type[0] !== "optional" && type[0] !== "any" && type[0] !== "none") type = ["optional", type];
      members.push(type);
    } while (text[at] === "|");
    return members.length === 1 ? members[0] : ["union", ...members];
  }

  const type = union();
  if (at !== text.length || at === 0) throw new Error(`bad type text: ${text}`);
  return type;
}

const cannot_cross = (what) => fail("R0020", `${what} cannot leave its agent or tier`);

function exact_keys(json, keys, name, what) {
  must(is_object(json) && Object.keys(json).every((key) => keys.includes(key)), name, what);
  return json;
}

const SPECIAL = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity, "-0": -0 };

function read_number(json, name) {
  if (typeof json === "number") return json;
  exact_keys(json, ["$n"], name, "number");
  must(Object.hasOwn(SPECIAL, json.$n), name, "number");
  return SPECIAL[json.$n];
}

const write_number = (v) => (Number.isFinite(v) && !Object.is(v, -0) ? v : { $n: Object.is(v, -0) ? "-0" : String(v) });

const milliseconds = (Kind, what) => ({ read: (json, name) => new Kind(read_int(json, name, what)), write: (v) => write_int(v.value) });
const all_texts = (list) => list.every((x) => typeof x === "string");

const money = {
  read(json, name) {
    const [minor, currency] = read_items(json, name, "money", 2);
    must(typeof currency === "string" && /^[A-Z]{3}$/.test(currency), name, "money");
    return new Money(read_int(minor, name, "money"), currency);
  },
  write: (v) => [write_int(v.value), v.currency],
};

const regex = {
  read(json, name) {
    must(all_texts(read_items(json, name, "regex", 2)), name, "regex");
    return new Regex(json[0], json[1]);
  },
  write: (v) => [v.source, v.flags],
};

const view = { read: (json, name) => (must(typeof json === "string", name, "view"), new View(json)), write: () => cannot_cross("view") };

const error = {
  read(json, name) {
    const { message, code = "", fields = {} } = exact_keys(json, ["message", "code", "fields"], name, "error");
    must(typeof message === "string" && typeof code === "string" && is_object(fields) && all_texts(Object.values(fields)), name, "error");
    return new FlinError(code, message, json.fields ?? null);
  },
  write: (v) => ({ message: v.message, ...(v.code && { code: v.code }), ...(v.fields && { fields: v.fields }) }),
};

const file = {
  read(json, name) {
    exact_keys(json, ["name", "size", "type", "url"], name, "file");
    must(typeof json.url === "string", name, "file");
    for (const key in json) must(typeof json[key] === (key === "size" ? "number" : "string"), name, "file");
    return new FlinFile(json);
  },
  write: (v) => (v.blob ? { $f: v } : { url: v.url }),
};

Object.assign(basic_codecs, { number: { read: read_number, write: write_number }, time: milliseconds(Time, "time"), duration: milliseconds(Duration, "duration"), money, regex, view, error, file });

function map_codec(key, value) {
  return {
    read(json, name) {
      const map = new FlinMap();
      for (const pair of read_items(json, name, "map")) {
        const [k, v] = read_items(pair, name, "map", 2), made = key.read(k, name);
        must(!map.has(made), name, "map without a key twice");
        map.set(made, value.read(v, name));
      }
      return map;
    },
    write: (v) => Array.from(v, ([k, x]) => [key.write(k), value.write(x)]),
  };
}

function tuple_codec(inner) {
  return {
    read: (json, name) => new Tuple(...read_items(json, name, "tuple", inner.length).map((x, i) => inner[i].read(x, name))),
    write: (v) => v.items.map((x, i) => inner[i].write(x)),
  };
}

function enum_codec(type, variants, codec) {
  const names = Object.keys(variants);
  return {
    read(json, name) {
      const [variant, ...values] = Array.isArray(json) ? json : [json];
      must(typeof variant === "string" && Object.hasOwn(variants, variant), name, type);
      const payload = variants[variant];
      must(values.length === payload.length && Array.isArray(json) === payload.length > 0, name, type);
      return new Variant(type, variant, values.map((v, i) => codec(payload[i]).read(v, name)), names.indexOf(variant));
    },
    write: (v) => (v.values.length > 0 ? [v.name, ...v.values.map((x, i) => codec(variants[v.name][i]).write(x))] : v.name),
  };
}

// Program-wide functions travel by name.
function function_codec(functions) {
  return {
    read: (json, name) => (must(typeof json === "string" && Object.hasOwn(functions, json), name, "function"), functions[json]),
    write: (v) => v.flin_name ?? cannot_cross("function"),
  };
}

codec_library.parse = parse_full_type;

const TAGS = ["time", "duration", "money", "error", "file", "regex", "view"];

function read_tagged(json, name, codec, types) {
  exact_keys(json, ["$t", "v"], name, "a value");
  const { $t: tag, v } = json;
  must(typeof tag === "string" && "v" in json, name, "a value");
  if (tag === "map") return codec("[any:any]").read(v, name);
  if (tag === "tuple") return new Tuple(...read_items(v, name, "tuple").map((x) => codec("any").read(x, name)));
  must(TAGS.includes(tag) || tag === "function" || Object.hasOwn(types, tag), name, "a value");
  return codec(tag === "function" ? "()->any" : tag).read(v, name);
}

function write_tagged(v, codec) {
  const tag = typeof v === "function" ? "function" : v.flin_kind;
  if (tag === "map") return { $t: tag, v: codec("[any:any]").write(v) };
  if (tag === "tuple") return { $t: tag, v: v.items.map((x) => codec("any").write(x)) };
  if (tag === undefined) return cannot_cross("object");
  return { $t: tag, v: codec(tag === "function" ? "()->any" : tag).write(v) };
}

// Values whose static type is `any` or a union.
function any_codec(codec, types) {
  const any = {
    read(json, name) {
      if (Array.isArray(json)) return json.map((item) => any.read(item, name));
      if (!is_object(json)) return json;
      return "$n" in json ? read_number(json, name) : read_tagged(json, name, codec, types);
    },
    write(v) {
      if (typeof v === "number") return write_number(v);
      if (Array.isArray(v)) return track(v).map(any.write);
      if (v instanceof Row) return codec(v.$type).write(v);
      return (typeof v === "object" && v !== null) || typeof v === "function" ? write_tagged(v, codec) : (v ?? null);
    },
  };
  return any;
}

codec_library.compose = (kind, parts, make, codec, types, functions) => {
  if (kind === "any" || kind === "union") return any_codec(codec, types);
  if (kind === "map") return map_codec(...parts.map(make));
  if (kind === "tuple") return tuple_codec(parts.map(make));
  if (kind === "function") return function_codec(functions);
  if (types[kind] === undefined) throw new Error(`unknown type: ${kind}`);
  return enum_codec(kind, types[kind], codec);
};
