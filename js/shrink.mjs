// Takes comments and blanks out of JavaScript and gives its inner names one or two letters. The source must end every statement
// that is no block by a semicolon.
//
// Scopes need no analysis, for names are renamed by a mapping that is one to one: it cannot make two names meet. Variables and
// properties are told apart by what stands around them. Variables that the top level declares have one mapping for the whole
// source; the others have one for each *part* (a statement of the top level, or a member of a class of it), since they cannot
// be seen outside; names that nothing declares are global and stay. Properties are renamed if they hold a `_` (ours: JavaScript and
// the DOM use camelCase) and do not stand in a text, alone or as its beginning (`on_`). `keep` names what other files know.

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

// Where the names of a declaration end: at its `=`, `of`, `in` or `;`, not at a default inside a pattern.
function end_of_pattern(words, at) {
  for (let level = 0; at < words.length; at++) {
    const { text } = words[at];
    if (/^[({[]$/.test(text)) level++;
    else if (/^[)}\]]$/.test(text)) level--;
    else if (level === 0 && /^(=|of|in|;)$/.test(text)) break;
  }
  return at;
}

// The names that are declared here: by `const` and the like, as parameters, or assigned. Others may be global.
function declared_names(words) {
  const names = new Set(), open = [];
  const add = (from, to) => words.slice(from, to).forEach((t) => t.kind === "word" && names.add(t.text));
  words.forEach(({ kind, text }, i) => {
    const before = words[i - 1]?.text ?? "", after = words[i + 1]?.text ?? "";
    if (kind === "word" && (/^(function|class)$/.test(before) || /^(=|=>)$/.test(after))) names.add(text);
    if (text === "const" || text === "let") add(i + 1, end_of_pattern(words, i + 1));
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

// Gives the names short ones that are not in `taken`, in their order.
function shortened(names, taken) {
  const source = short_names(), map = new Map();
  for (const text of names) {
    let name;
    do name = source.next().value;
    while (taken.has(name) || RESERVED.has(name));
    map.set(text, name);
  }
  return map;
}

function by_frequency(texts) {
  const count = new Map();
  for (const text of texts) count.set(text, (count.get(text) ?? 0) + 1);
  return [...count].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).map(([text]) => text);
}

// Cuts the tokens into parts: a part ends at a line's end outside all brackets, or inside a class of the top level.
function parts_of(tokens) {
  const parts = [[]], open = [];
  let before = {}, class_next = false;
  for (const token of tokens) {
    const { kind, text } = token, level = open.length;
    if (kind === "word" && text === "class" && open.length === 0) class_next = true;
    if (kind === "sign" && /^[({[]$/.test(text)) {
      open.push(class_next && text === "{" ? "class" : text);
      if (text === "{") class_next = false;
    } else if (kind === "text" && text.startsWith("}")) open.pop();
    else if (kind === "sign" && /^[)}\]]$/.test(text)) open.pop();
    if (kind === "text" && text.endsWith("${")) open.push("${");
    parts[parts.length - 1].push(token);
    const outside = open.length === 0 || (open.length === 1 && open[0] === "class");
    if (text === "\n" && outside && /^[;{}]$/.test(before.text)) parts.push([]);
    if (kind !== "blank") before = token;
    token.level = Math.min(level, open.length);
  }
  return parts;
}

const without_blanks = (tokens) => tokens.filter((t) => t.kind !== "blank");

// Sets `name` of every word: what is written for it.
function rename(parts, keep) {
  const words = without_blanks(parts.flat()), named = tell_roles(words).filter((t) => t.role);
  const texts = words.filter((t) => t.kind === "text").map((t) => t.text.replace(/^[`"'}]|(?:[`"']|\$\{)$/g, ""));
  const in_texts = new Set(texts), beginnings = texts.filter((t) => /^\w+_$/.test(t));
  const is_property = (text) => (/._./.test(text) || keep.own.has(text)) && !text.startsWith("_") && !in_texts.has(text) && !beginnings.some((b) => text.startsWith(b)) && !keep.properties.has(text);
  const properties = named.filter((t) => t.role !== "variable").map((t) => t.text);
  const property_map = shortened(by_frequency(properties.filter(is_property)), new Set(properties.filter((text) => !is_property(text))));
  const top = declared_names(words.filter((t) => t.level === 0)), all_names = new Set(named.filter((t) => t.role !== "property").map((t) => t.text));
  const free = new Set([...all_names].filter((text) => !top.has(text)));
  const renamed = named.filter((t) => t.role !== "property" && top.has(t.text) && !keep.variables.has(t.text) && !RESERVED.has(t.text)).map((t) => t.text);
  const top_map = shortened(by_frequency(renamed), new Set([...free, ...keep.variables].filter((text) => text.length < 3)));
  for (const part of parts) {
    const here = without_blanks(part), variables = here.filter((t) => t.role && t.role !== "property").map((t) => t.text), declared = declared_names(here);
    const is_local = (text) => declared.has(text) && !top.has(text) && !RESERVED.has(text);
    const taken = new Set(variables.filter((text) => !is_local(text)).map((text) => top_map.get(text) ?? text));
    const local_map = shortened(new Set(variables.filter(is_local)), taken);
    for (const token of here) {
      const variable = local_map.get(token.text) ?? top_map.get(token.text) ?? token.text, property = property_map.get(token.text) ?? token.text;
      if (token.role === "property") token.name = property;
      else if (token.role === "shorthand" && variable !== property) token.name = `${property}:${variable}`;
      else if (token.role) token.name = SHORT[token.text] ?? variable;
    }
  }
  return top_map;
}

const SHORT = { true: "!0", false: "!1", undefined: "void 0" };

// Joins declarations that follow each other: `const a = 1; const b = 2;` is `const a = 1, b = 2;`.
function join_declarations(tokens) {
  const words = without_blanks(tokens), open = [];
  let kind = null; // of the declaration we are in, at its own level
  words.forEach((token, i) => {
    const { text } = token, next = words[i + 1]?.text;
    if (/^[({[]$/.test(text) || text.endsWith("${")) {
      open.push(kind);
      kind = null;
    } else if ((token.kind === "sign" && /^[)}\]]$/.test(text)) || (token.kind === "text" && text.startsWith("}"))) kind = open.pop();
    else if (text === "const" || text === "let") kind = /^[;{}]$/.test(words[i - 1]?.text ?? ";") || words[i - 1]?.joined ? text : null;
    if (token.kind !== "sign" || text !== ";") return;
    if (kind !== null && next === kind) {
      token.name = ",";
      token.joined = true;
      words[i + 1].name = "";
    } else kind = null;
  });
}

// `(a) => ..` is `a => ..`.
function drop_parentheses(tokens) {
  const words = without_blanks(tokens);
  words.forEach((token, i) => {
    if (token.text !== "=>" || words[i - 1].text !== ")" || words[i - 3]?.text !== "(" || words[i - 4]?.text === "async") return;
    if (words[i - 2].kind === "word") words[i - 1].name = words[i - 3].name = "";
  });
}

// `keep`: sets of names: {variables, properties} that others know, `own` properties that nobody else does.
export function shrink(source, keep) {
  const all = tokens_of(source);
  const names = rename(parts_of(all), keep);
  join_declarations(all);
  drop_parentheses(all);
  let out = "", blank = false;
  for (const { kind, text, name = text } of all) {
    blank ||= kind === "blank";
    if (kind === "blank" || name === "") continue;
    if ((name === "}" && /[;,]$/.test(out)) || (/^[)\]]$/.test(name) && out.endsWith(","))) out = out.slice(0, -1);
    if (blank && ((/[\w$]$/.test(out) && /^[\w$]/.test(name)) || (/[+-]$/.test(out) && /^[+-]/.test(name)))) out += " ";
    blank = false;
    out += name;
  }
  return { text: out + "\n", names };
}
