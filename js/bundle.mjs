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

const IMPORT = /^import (?:\{([^}]*)\} from )?"([^"]+)";$/gm;
const STAR = /^export \* from "([^"]+)";$/gm;
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
    found.delete(path); // behind what it imports
    found.set(path, source);
  };
  visit(entry);
  return found;
}

// What the entry gives on: everything exported by the modules it names with `export *`.
function exported_names(modules, entry) {
  const names = [];
  for (const [, path] of modules.get(entry).matchAll(STAR))
    for (const [, name] of modules.get(resolve(dirname(entry), path)).matchAll(DECLARED)) names.push(name);
  return names;
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
      if (outside.has(resolve(dirname(path), from))) for (const name of list.split(",")) if (name.trim()) names.add(name.trim());
  return names;
}

const strip = (source) => source.replace(IMPORT, "").replace(STAR, "").replace(/^export /gm, "");
const properties_of = (source) => property_names(tokens_of(source).filter((t) => t.kind !== "blank"));

export function build() {
  const runtime_entry = join(here, "src/main.js"), library_entry = join(here, "src/library/main.js");
  const runtime = modules_of(runtime_entry, new Map()), library = modules_of(library_entry, runtime);
  check_names(new Map([...runtime, ...library]));
  const needed = names_from_outside(library, runtime);
  const [first, second] = [runtime, library].map((modules) => Array.from(modules.values(), strip).join("\n"));
  const in_second = properties_of(second), shared = [...properties_of(first)].filter((name) => in_second.has(name));
  const names = exported_names(runtime, runtime_entry), more = exported_names(library, library_entry);
  const known = [...new Set([...names, ...needed])].sort(), keep = { variables: new Set([...known, ...more]), properties: new Set([...PUBLIC, ...shared]) };
  const text = (body, list) => `${shrink(body, keep)}export{${list.join(",")}};\n`;
  return {
    "runtime.js": text(first, known),
    "library.js": `import{${[...needed].sort().join(",")}}from"${RUNTIME}";\n` + text(second, more.sort()),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = resolve(process.argv[2] ?? join(here, "dist"));
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(build())) writeFileSync(join(folder, name), text);
}
