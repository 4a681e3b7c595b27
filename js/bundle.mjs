// Makes the assets of js/dist out of js/src: modules in the order of their imports, joined into one, without comments and
// blanks, with short names inside. Deterministic, no dependency. Usage: node bundle.mjs [output folder]
//   runtime.js   what every page needs (src/main.js)
//   library.js   kinds, operators and built-ins that only some pages use; imports the runtime by RUNTIME, which the server replaces
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { property_names, shrink, tokens_of } from "./shrink.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const RUNTIME = "/_flin/runtime.js";
const PUBLIC = ["entity_type", "flin_name"]; // properties with `_` that the protocol or page modules know
// Properties of our own objects whose names neither JavaScript, the DOM nor the protocol know: renamed like those with `_`.
const PRIVATE = (
  "marks held wants deps tail subs owned dep adopting space first took adopt insert comment items make drop render enter " +
  "start end row codec news address sent index move dispose opened watched lives shown adopted kept waiting wave tries ended lost wake drop pong need have users inputs clock touched"
).split(" ");

const IMPORT = /^import (?:\{([^}]*)\} from )?"([^"]+)";$/gm;
const STAR = /^export \* from "([^"]+)";$/gm, SOME = /^export \{([^}]*)\} from "([^"]+)";$/gm;
const DECLARED = /^export (?:async )?(?:function|class|const|let) ([\w$]+)/gm;
const ANY_DECLARED = /^(?:export )?(?:async )?(?:function|class|const|let) ([\w$]+)/gm;

// The modules below `entry`, each behind those it imports; `outside` are not followed.
function modules_of(entry, outside) {
  const found = new Map();
  const visit = (path) => {
    if (found.has(path) || outside.has(path)) return;
    found.set(path, null);
    const source = readFileSync(path, "utf8");
    for (const [, , name] of source.matchAll(IMPORT)) visit(resolve(dirname(path), name));
    for (const [, name] of source.matchAll(STAR)) visit(resolve(dirname(path), name));
    for (const [, , name] of source.matchAll(SOME)) visit(resolve(dirname(path), name));
    found.delete(path); // behind what it imports
    found.set(path, source);
  };
  visit(entry);
  return found;
}

const listed = (text) => text.split(",").map((name) => name.trim()).filter(Boolean);

// What the entry gives on: names it lists, and everything of the modules it names with `export *`.
function exported_names(modules, entry) {
  const names = [];
  for (const [, list] of modules.get(entry).matchAll(SOME)) names.push(...listed(list));
  for (const [, path] of modules.get(entry).matchAll(STAR))
    for (const [, name] of modules.get(resolve(dirname(entry), path)).matchAll(DECLARED)) names.push(name);
  return names.sort();
}

// Joined modules share one scope, so a name may be declared once.
function check_names(modules) {
  const owner = new Map();
  for (const [path, source] of modules)
    for (const [, name] of source.matchAll(ANY_DECLARED)) {
      if (owner.has(name)) throw new Error(`${name} is declared in ${owner.get(name)} and in ${path}`);
      owner.set(name, path);
    }
}

// The names that modules import from modules of another bundle.
function names_from_outside(modules, outside) {
  const names = new Set();
  for (const [path, source] of modules)
    for (const [, list, from] of source.matchAll(IMPORT))
      if (outside.has(resolve(dirname(path), from))) for (const name of listed(list)) names.add(name);
  return [...names].sort();
}

const strip = (source) => source.replace(IMPORT, "").replace(STAR, "").replace(SOME, "").replace(/^export /gm, "");
const properties_of = (source) => property_names(tokens_of(source).filter((t) => t.kind !== "blank"));

export function build() {
  const runtime_entry = join(here, "src/main.js"), library_entry = join(here, "src/library/main.js");
  const runtime = modules_of(runtime_entry, new Map()), library = modules_of(library_entry, runtime);
  check_names(new Map([...runtime, ...library]));
  const given_on = Array.from(library.get(library_entry).matchAll(SOME), ([, list]) => listed(list)).flat(); // of the runtime
  const needed = [...new Set([...names_from_outside(library, runtime), ...given_on])].sort();
  const [first, second] = [runtime, library].map((modules) => Array.from(modules.values(), strip).join("\n"));
  const in_second = properties_of(second), shared = [...properties_of(first)].filter((name) => in_second.has(name));
  const names = exported_names(runtime, runtime_entry), more = exported_names(library, library_entry);
  const properties = new Set([...PUBLIC, ...shared]), own = new Set(PRIVATE);
  // What only the library imports goes by its short name.
  const small = shrink(first, { variables: new Set(names), properties, own });
  const inner = needed.filter((name) => !names.includes(name)), short = (name) => small.names.get(name) ?? name;
  const big = shrink(second, { variables: new Set([...needed, ...more]), properties, own });
  const imports = needed.map((name) => (short(name) === name ? name : `${short(name)} as ${name}`));
  return {
    "runtime.js": `${small.text}export{${[...names, ...inner.map(short)].join(",")}};\n`,
    "library.js": `import{${imports.join(",")}}from"${RUNTIME}";\n${big.text}export{${more.join(",")}};\n`,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(here, "dist"));
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(build())) writeFileSync(join(folder, name), text);
}
