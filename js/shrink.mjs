// Takes comments and blanks out of JavaScript and gives its inner names one or two letters.
//
// A name is renamed everywhere at once, as variable and as property, so scopes need no analysis: a mapping of names that
// is one to one cannot make two of them meet. It is safe for names that nothing outside can know, by two rules:
// names with `_` inside (ours: JavaScript and the DOM use camelCase), and names that are never used as a property. Texts are
// looked through: a name that stands alone in a text, or after which a text may be built (`on_`), is kept.

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

// The names used as a property: behind a dot, in front of a colon, or alone between braces of an object or pattern.
export function property_names(words) {
  const names = new Set(), open = [];
  words.forEach(({ kind, text }, i) => {
    const before = words[i - 1]?.text, after = words[i + 1]?.text;
    if (kind === "sign" && /^[({[]$/.test(text)) open.push(text === "{" && OBJECT_BEFORE.has(before) ? "object" : text);
    else if (kind === "sign" && /^[)}\]]$/.test(text)) open.pop();
    if (kind !== "word") return;
    const shorthand = open[open.length - 1] === "object" && /^[{,]$/.test(before) && /^[,}=]$/.test(after);
    if (before === "." || before === "?." || after === ":" || shorthand) names.add(text);
  });
  return names;
}

const NO_PARAMETERS = new Set(["if", "for", "while", "switch"]);

// The names that are declared here: by `const` and the like, as parameters, or assigned. Others may be global.
function declared_names(words) {
  const names = new Set(), open = [];
  const add = (from, to) => words.slice(from, to).forEach((t) => t.kind === "word" && names.add(t.text));
  words.forEach(({ kind, text }, i) => {
    const before = words[i - 1]?.text ?? "", after = words[i + 1]?.text ?? "";
    if (kind === "word" && (/^(function|class)$/.test(before) || /^(=|=>)$/.test(after))) names.add(text);
    if (text === "const" || text === "let") add(i + 1, words.findIndex((t, at) => at > i && /^(=|of|;)$/.test(t.text)));
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

function short_for(words, keep) {
  const texts = words.filter((t) => t.kind === "text").map((t) => t.text.replace(/^[`"'}]|(?:[`"']|\$\{)$/g, ""));
  const in_texts = new Set(texts), dynamic = texts.filter((t) => /^\w+_$/.test(t));
  const properties = property_names(words), declared = declared_names(words), count = new Map();
  for (const { kind, text } of words) {
    if (kind !== "word" || RESERVED.has(text) || keep.has(text) || in_texts.has(text) || text in globalThis || text.startsWith("_flin")) continue;
    if (text.includes("_") ? dynamic.some((d) => text.startsWith(d)) : properties.has(text) || !declared.has(text)) continue;
    count.set(text, (count.get(text) ?? 0) + 1);
  }
  const taken = new Set(words.filter((t) => t.kind === "word" && !count.has(t.text)).map((t) => t.text));
  const names = short_names(), map = new Map();
  for (const [text] of [...count].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))) {
    let name;
    do name = names.next().value;
    while (taken.has(name) || RESERVED.has(name));
    map.set(text, name);
  }
  return map;
}

// `keep`: names that others know.
export function shrink(source, keep) {
  const all = tokens_of(source), short = short_for(all.filter((t) => t.kind !== "blank"), keep);
  let out = "", blank = "";
  for (const { kind, text } of all) {
    if (kind === "blank") {
      blank = text === "\n" || blank === "\n" ? "\n" : " ";
      continue;
    }
    const written = kind === "word" ? (short.get(text) ?? text) : text;
    if (written === "}" && out.endsWith(";")) out = out.slice(0, -1);
    if (written === "}" && out.endsWith(",")) out = out.slice(0, -1);
    if (blank === "\n" && out.endsWith("}") && !/^[)\]},.;:?]/.test(written)) out += "\n";
    else if (blank !== "" && ((/[\w$]$/.test(out) && /^[\w$]/.test(written)) || (/[+-]$/.test(out) && /^[+-]/.test(written)))) out += " ";
    blank = "";
    out += written;
  }
  return out.trim() + "\n";
}
