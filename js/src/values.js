// Values on the wire, by static type (W 4.1). A codec knows the entities and enums of one page module; it turns a type
// text into {read, write}. Reading is strict: whatever does not fit is R0401. Here are the kinds every page may use;
// library/codecs.js adds the rest.

import { Row, fail, row_class } from "./kinds.js";
import { track, untracked } from "./signals.js";

export const is_object = (json) => typeof json === "object" && json !== null && !Array.isArray(json);

// `name` of what is read stands in the message: "n must be int".
export function must(ok, name, what) {
  if (!ok) fail("R0401", `${name} must be ${what}`);
}

export function read_int(json, name, what = "int") {
  must(Number.isInteger(json), name, what);
  return write_int(json);
}

export function write_int(value) {
  return Number.isSafeInteger(value) ? value + 0 : fail("R0010", "integer overflow");
}

export function read_items(json, name, what, length) {
  must(Array.isArray(json) && (length === undefined || json.length === length), name, what);
  return json;
}

const plain = (kind, what) => ({ read: (json, name) => (must(typeof json === kind, name, what), json), write: (v) => v });

// Kinds that need nothing of the page, by name; the library adds to them.
export const basic_codecs = {
  none: { read: (json, name) => (must(json === null, name, "none"), null), write: () => null },
  bool: plain("boolean", "bool"),
  text: plain("string", "text"),
  int: { read: read_int, write: write_int },
};

// What the library puts in: the parser of all type texts, and the codecs of kinds that are made of others.
export const codec_library = {};

// "[Todo]?" -> ["optional", ["list", ["Todo"]]]. The library has the parser of all type texts.
function parse_type(type_text) {
  const [, list, name, optional] = /^(?:\[(\w+\??)\]|(\w+))(\?)?$/.exec(type_text) ?? [];
  if (!list && !name) return codec_library.parse(type_text);
  const type = list ? ["list", parse_type(list)] : [name];
  return optional && name !== "any" ? ["optional", type] : type;
}

export function make_codec(types = {}, functions = {}) {
  const known = new Map(), classes = {};
  const class_of = (type) => (classes[type] ??= row_class(type, types[type]));

  // A row as it came.
  function new_row(type, json, name) {
    must(is_object(json) && Number.isSafeInteger(json.id), name, type);
    const { $set = [], ...fields } = json, values = {}, kept = {};
    for (const field in fields) {
      must(Object.hasOwn(types[type], field), name, type);
      values[field] = codec(types[type][field]).read(json[field], `${name}.${field}`);
      if (typeof values[field] === "object" && values[field] !== null) kept[field] = JSON.stringify(json[field]);
    }
    const { version = 0, ...own } = values, row = new (class_of(type))(own, version);
    row.$json = kept;
    for (const field of read_items($set, name, type)) row.$edits.set(field, 0);
    return row;
  }

  const written = (row, field) => codec(types[row.$type][field]).write(row.$values[field] ?? null);

  // Fields changed here and not saved: assigned ones, and lists and maps that no longer look as they came.
  function changed_fields(row) {
    return Object.keys(types[row.$type]).filter(
      (field) => row.$edits.has(field) || (types[row.$type][field][0] === "[" && row.$json[field] !== undefined && JSON.stringify(written(row, field)) !== row.$json[field]),
    );
  }

  function write_row(row) {
    const set = {}, fields = row.id === 0 ? Object.keys(row.$values).filter((f) => f !== "id") : changed_fields(row);
    for (const field of fields) set[field] = written(row, field);
    return { $e: row.$type, id: row.id, v: row.$edits.size > 0 ? row.$base : row.$version, set };
  }

  function make([kind, ...parts]) {
    if (Object.hasOwn(basic_codecs, kind)) return basic_codecs[kind];
    if (kind === "optional" || kind === "list") {
      const { read, write } = make(parts[0]);
      if (kind === "list") return { read: (json, name) => read_items(json, name, "list").map((x) => read(x, name)), write: (v) => track(v).map(write) };
      return { read: (json, name) => (json === null ? null : read(json, name)), write: (v) => (v === null ? null : write(v)) };
    }
    const fields = types[kind];
    if (fields === undefined || Object.values(fields).some(Array.isArray)) return codec_library.compose(kind, parts, make, codec, types, functions);
    return {
      read: (json, name) => new_row(kind, json, name),
      write: (v) => (must(v instanceof Row, "value", kind), write_row(v)),
    };
  }

  // The codec of a type type_text; `element`: of a list of entities, the name of the entity.
  function codec(type_text) {
    let found = known.get(type_text);
    if (found === undefined) {
      const type = parse_type(type_text), { read, write } = make(type), [element] = type[1] ?? [];
      found = {
        read: (json, name = "value") => read(json, name),
        write: (v) => untracked(() => write(v)),
        write_tracked: write,
        element: type[0] === "list" && types[element] !== undefined && types[element].id ? element : null,
      };
      known.set(type_text, found);
    }
    return found;
  }

  return Object.assign(codec, { new_row, changed_fields, class_of });
}
