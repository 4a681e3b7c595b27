// Takes comments and blanks out of JavaScript and gives its inner names one or two letters.
//
// A name is renamed everywhere at once, so scopes need no analysis: a mapping that is one to one cannot make two names
// meet. Variables and properties are told apart by what stands around them and have a mapping each. Variables are renamed if
// the source declares them (others are global); properties if they hold a `_` (ours: JavaScript and the DOM use camelCase) and do not
// stand in a text, alone or as its beginning (`on_`). `keep` names what other files know.

const WORD = /[A-Za-z_$][\w$]*/y, NUMBER = /\d[\w.]*/y, BLANK = /\s+/y, COMMENT = /\/\/[^\n]*|\/\*[^]*?\*\//y;
const TEXT = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/y, REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
const TEMPLATE = /(?:\\.|\$(?!\{)|[^`\\$])*(?:\$\{|`)/y;
const OPERATOR = /\.\.\.|=>|\*\*|\?\?=|\?\?|\?\.|&&|\|\||\+\+|--|[^]/y;

// Gives [{kind: "word" | "number" | "text" | "regex" | "sign" | "blank", text}], without comments.
export function tokens_of(source) {
  const out = [], braces = [];
  let at = 0, before = null;
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const push = (kind, text) => {
    out.push({ kind, text });
    if (kind !== "blank") before = out[out.length - 1];
  };
  while (at < source.length) {
    let text;
    if ((text = take(BLANK))) push("blank", text.includes("\n") ? "\n" : " ");
    else if (take(COMMENT)) continue;
    else if ((text = take(WORD))) push("word", text);
    else if ((text = take(NUMBER))) push("number", text);
    else if ((text = take(TEXT))) push("text", text);
    else if (source[at] === "`" || (source[at] === "}" && braces[braces.length - 1] === "template")) {
      if (source[at] === "}") braces.pop();
      const quote = source[at++];
      text = quote + take(TEMPLATE);
      if (text.endsWith("${")) braces.push("template");
      push("text", text);
    } else if (source[at] === "/" && (before === null || (before.kind === "sign" && !/^[)\]}]$/.test(before.text)) || before.text === "return") && (text = take(REGEX))) push("regex", text);
    else {
      text = take(OPERATOR);
      if (text === "{") braces.push("block");
      if (text === "}") braces.pop();
      push("sign", text);
    }
  }
  return out;
}

const RESERVED = new Set(
  ("async await break case catch class const constructor continue default delete do else export extends false finally for from function get if import in instanceof let " +
    "new null of return set static super switch this throw true try typeof undefined var void while yield arguments globalThis document location navigator history").split(" "),
);
const OBJECT_BEFORE = new Set(["(", ",", "=", ":", "[", "?", "...", "&&", "||", "??", "return", "const", "let", "of"]);
const METHOD_BEFORE = /^([{};,]|get|set|static|async)$/;

// Sets `role` of each word: "property", "shorthand" (a variable that is a property as well) or "variable".
export function tell_roles(words) {
  const open = [];
  words.forEach((word, i) => {
    const { kind, text } = word, before = words[i - 1]?.text, after = words[i + 1]?.text, inside = open[open.length - 1];
    if (kind === "sign" && /^[({[]$/.test(text)) {
      const is_class = words[i - 2]?.text === "class" || words[i - 2]?.text === "extends";
      open.push(text !== "{" ? text : is_class ? "class" : OBJECT_BEFORE.has(before) ? "object" : "block");
    } else if (kind === "sign" && /^[)}\]]$/.test(text)) open.pop();
    if (kind !== "word") return;
    const at_start = /^[{,]$/.test(before), is_method = after === "(" && METHOD_BEFORE.test(before);
    word.role = "variable";
    if (before === "." || before === "?." || (is_method && (inside === "class" || inside === "object"))) word.role = "property";
    else if (inside === "object" && at_start && after === ":") word.role = "property";
    else if (inside === "object" && at_start && /^[,}=]$/.test(after)) word.role = "shorthand";
  });
  return words;
}

export function property_names(words) {
  return new Set(tell_roles(words).filter((t) => t.role === "property" || t.role === "shorthand").map((t) => t.text));
}

const NO_PARAMETERS = new Set(["if", "for", "while", "switch"]);

// The names that are declared here: by `const` and the like, as parameters, or assigned. Others may be global.
function declared_names(words) {
  const names = new Set(), open = [];
  const add = (from, to) => words.slice(from, to).forEach((t) => t.kind === "word" && names.add(t.text));
  words.forEach(({ kind, text }, i) => {
    const before = words[i - 1]?.text ?? "", after = words[i + 1]?.text ?? "";
    if (kind === "word" && (/^(function|class)$/.test(before) || /^(=|=>)$/.test(after))) names.add(text);
    if (text === "const" || text === "let") add(i + 1, words.findIndex((t, at) => at > i && /^(=|of|in|;)$/.test(t.text)));
    if (kind === "sign" && text === "(") open.push(i);
    if (kind !== "sign" || text !== ")") return;
    const from = open.pop();
    if (after === "=>" || (after === "{" && !NO_PARAMETERS.has(words[from - 1]?.text))) add(from, i);
  });
  return names;
}

function* short_names() {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (const a of letters) yield a;
  for (const a of letters) for (const b of letters + "0123456789") yield a + b;
}

// The mapping of the names that `wanted` says yes to, the most frequent first; no short name meets one that stays.
function shortened(words, wanted, stays) {
  const count = new Map(), taken = new Set(stays);
  for (const { text } of words) {
    if (wanted(text)) count.set(text, (count.get(text) ?? 0) + 1);
    else taken.add(text);
  }
  const names = short_names(), map = new Map();
  for (const [text] of [...count].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))) {
    let name;
    do name = names.next().value;
    while (taken.has(name) || RESERVED.has(name));
    map.set(text, name);
  }
  return map;
}

function mappings(words, keep) {
  const texts = words.filter((t) => t.kind === "text").map((t) => t.text.replace(/^[`"'}]|(?:[`"']|\$\{)$/g, ""));
  const in_texts = new Set(texts), beginnings = texts.filter((t) => /^\w+_$/.test(t));
  const declared = declared_names(words), named = tell_roles(words).filter((t) => t.role);
  const variables = named.filter((t) => t.role !== "property"), properties = named.filter((t) => t.role !== "variable");
  const is_variable = (text) => declared.has(text) && !RESERVED.has(text) && !keep.variables.has(text);
  const is_property = (text) => /._./.test(text) && !text.startsWith("_") && !in_texts.has(text) && !beginnings.some((b) => text.startsWith(b)) && !keep.properties.has(text);
  return { variable: shortened(variables, is_variable, RESERVED), property: shortened(properties, is_property, []) };
}

// `keep`: {variables, properties} that others know, as sets.
export function shrink(source, keep) {
  const all = tokens_of(source), short = mappings(all.filter((t) => t.kind !== "blank"), keep);
  const variable = (text) => short.variable.get(text) ?? text, property = (text) => short.property.get(text) ?? text;
  let out = "", blank = "";
  for (const { kind, text, role } of all) {
    if (kind === "blank") {
      blank = text === "\n" || blank === "\n" ? "\n" : " ";
      continue;
    }
    let written = text;
    if (role === "variable") written = variable(text);
    else if (role === "property") written = property(text);
    else if (role === "shorthand" && variable(text) !== property(text)) written = `${property(text)}:${variable(text)}`;
    else if (role === "shorthand") written = variable(text);
    if (written === "}" && /[;,]$/.test(out)) out = out.slice(0, -1);
    if (blank === "\n" && out.endsWith("}") && !/^[)\]},.;:?]/.test(written)) out += "\n";
    else if (blank !== "" && ((/[\w$]$/.test(out) && /^[\w$]/.test(written)) || (/[+-]$/.test(out) && /^[+-]/.test(written)))) out += " ";
    blank = "";
    out += written;
  }
  return out.trim() + "\n";
}
