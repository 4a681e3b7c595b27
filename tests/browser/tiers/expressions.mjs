// Random expressions whose text the VM and JavaScript must agree on. The same seed gives the same expressions. They cannot fail:
// divisors are never 0, and products stay far inside the range of int in the browser.

// The page variables that expressions read, as FLIN source.
export const VARIABLES = `i = 7
j = -3
x = 2.5
y = -0.125
s = "Ünï code 🙂 text"
w = "  lorem ipsum  "
yes = true
no = false
ns = [3, -1, 4, 1, 5]
ts = ["pear", "fig", "Äpfel"]
m = ["a": 1, "b": -2, "z": 26]
nothing: int? = none
moment = time("2026-03-15T10:20:30.456Z")`;

// mulberry32: a small generator of equal quality everywhere.
function random_source(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let n = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    n = (n + Math.imul(n ^ (n >>> 7), 61 | n)) ^ n;
    return ((n ^ (n >>> 14)) >>> 0) / 4294967296;
  };
}

// `_` in a form stands for an expression of the next type in the list.
const LEAVES = {
  int: ["i", "j", "0", "1", "2", "12", "(-5)", "100"],
  number: ["x", "y", "0.5", "1.0", "(-2.25)", "3.0", "1e3"],
  text: ["s", "w", '"a"', '""', '"Zoë"', '"<b>&amp;</b>"', "'it is {i}'", '"{i} of {j}"', '"tab\\tend"'],
  bool: ["yes", "no", "true", "false"],
  ints: ["ns", "[1, 2, 3]", "[i, j]", "2..5", "0..<4", "ns[1:4]"],
  texts: ["ts", '["b", "a"]', '[s, w]', "ts[::-1]"],
  time: ["moment", 'time("2024-02-29")', 'time("1969-07-20T20:17:40+02:00")', 'moment.add(40, "days")', 'moment.add(-7, "months")', 'moment.start_of("week")', 'moment.end_of("month")'],
  ratio: ["3", "4", "-7", "10"],
  small: ["x", "y", "2.5", "-0.5", "3.0", "x + i", "y * j", "i / 4"], // a number that fits an int
};

const FORMS = {
  int: [
    ["_ + _", "int", "int"], ["_ - _", "int", "int"], ["-_", "int"], ["i * _", "ratio"], ["_ % _", "int", "ratio"],
    ["div(_, _)", "int", "ratio"], ["mod(_, _)", "int", "ratio"], ["abs(_)", "int"], ["sign(_)", "int"], ["min(_, _)", "int", "int"],
    ["max(_, _)", "int", "int"], ["clamp(_, 0, 9)", "int"], ["gcd(_, _)", "int", "int"], ["floor(_)", "small"], ["ceil(_)", "small"],
    ["round(_)", "small"], ["trunc(_)", "small"], ["_ ? _ : _", "bool", "int", "int"], ["if _ then _ else _", "bool", "int", "int"],
    ["nothing ?? _", "int"], ["len(_)", "text"], ["_.len", "texts"], ["_.index_of(_)", "text", "text"], ["last_index_of(_, \"e\")", "text"],
    ["_.sum", "ints"], ["count(_)", "ints"], ["_.reduce((a, b) => a + b, 0)", "ints"], ["_.find_index(n => n > 2)", "ints"],
    ["(m.a ?? _)", "int"], ['(m["q"] ?? _)', "int"], ["int(\"42\") + _", "int"], ["int(_, 5)", "text"], ["(_.first ?? 0)", "ints"],
    ["(_.find(n => n > i) ?? j)", "ints"], ["(match _ { 0 -> 10, 1..3 -> 20, _ -> 30 })", "int"], ["2 ** 5 + _", "int"], ['diff(_, _, "months")', "time", "time"], ['diff(_, _, "hours")', "time", "time"], ["_.weekday", "time"], ["_.day + _.hour", "time", "time"], ["char_code(\"é\") - _", "int"],
  ],
  number: [
    ["_ + _", "number", "number"], ["_ - _", "int", "number"], ["_ * _", "number", "number"], ["_ / _", "number", "ratio"], ["_ / _", "int", "ratio"],
    ["_ / 0", "int"], ["-_", "number"], ["abs(_)", "number"], ["sqrt(_)", "number"], ["round(_, 2)", "number"], ["min(_, _)", "number", "number"],
    ["max(_, _)", "int", "number"], ["min(_, _)", "number", "int"], ["clamp(_, _, 2.5)", "number", "int"], ["_.reduce((a, b) => a + b / 4, 0)", "ints"], ["number(_)", "int"], ["_ % 2.5", "number"], ["x ** 2 + _", "number"], ["_ ? _ : _", "bool", "number", "number"],
    ["0.1 + 0.2 + _", "number"], ["(_.avg ?? 0.5)", "ints"], ["1e21 * _", "number"], ["_ / 3e-7", "number"],
  ],
  text: [
    ["_ + _", "text", "text"], ["_ + _", "text", "int"], ["_ + _", "number", "text"], ["_ ++ _", "text", "bool"], ['"{(_)}-{(_)}"', "int", "number"],
    ["_.upper", "text"], ["_.lower", "text"], ["_.trim", "text"], ["trim_start(_)", "text"], ["trim_end(_)", "text"], ["capitalize(_)", "text"],
    ["_.title", "text"], ["reverse(_)", "text"], ["_[0:3]", "text"], ["_[-4:]", "text"], ["_[::-1]", "text"], ["slice(_, 1, 4)", "text"],
    ['replace(_, "e", "3")', "text"], ['replace_all(_, "o", "0")', "text"], ["repeat(_, 2)", "text"], ['pad_start(_, 8, "*")', "text"], ["pad_end(_, 12)", "text"],
    ["truncate(_, 6)", "text"], ['remove_prefix(_, "a")', "text"], ['remove_suffix(_, "t")', "text"], ['_.join(", ")', "texts"], ["_.join", "ints"],
    ["to_text(_)", "number"], ["text(_)", "ints"], ["inspect(_)", "texts"], ["inspect(_)", "ints"], ["type_of(_)", "number"], ["format(_, 2)", "small"],
    ["_ ? _ : _", "bool", "text", "text"], ["(_.first ?? _)", "texts", "text"], ["inspect(m)"], ["inspect(_.chars)", "text"], ['inspect(split(_, " "))', "text"],
    ["inspect(words(_))", "text"], ["_ ?: _", "text", "text"], ["inspect(m.keys())"], ["inspect(m.values())"], ['inspect(m.merge(["c": _]))', "int"],
    ["json_stringify(_)", "texts"], ["json_stringify(m)"], ["url_encode(_)", "text"], ["html_escape(_)", "text"], ["inspect(_.chunk(2))", "ints"],
    ["inspect({ ...m, a: _ })", "int"], ["to_text(_)", "time"], ['format(_, "dddd D MMM YYYY, hh:mm:ss.SSS a Z")', "time"], ['format(_, "YY-MM-DD HH[h]m")', "time"], ["inspect((_, _))", "int", "text"], ['(match _ { "a" -> "is a", t -> "{t}!" })', "text"],
  ],
  bool: [
    ["_ < _", "int", "int"], ["_ <= _", "number", "int"], ["_ == _", "int", "number"], ["_ != _", "text", "text"], ["_ > _", "text", "text"], ["!_", "bool"],
    ["not _", "bool"], ["_ && _", "bool", "bool"], ["_ or _", "bool", "bool"], ["_.contains(_)", "text", "text"], ["starts_with(_, _)", "text", "text"],
    ['_.ends_with("t")', "text"], ["_ in _", "int", "ints"], ["_ in _", "text", "texts"], ['"b" in m'], ["is_empty(_)", "text"], ["is_blank(_)", "text"], ["is_numeric(_)", "text"],
    ["_ == _", "ints", "ints"], ["_.some(n => n > 3)", "ints"], ["_.every(n => n > 0)", "ints"], ["is_even(_)", "int"], ["is_odd(_)", "int"], ["is_finite(_)", "number"],
    ['has_key(m, "a")'], ["bool(_)", "text"], ["bool(_)", "int"], ["nothing == none"], ["is_weekend(_)", "time"], ["_ < _", "time", "time"], ["_ is int", "int"],
  ],
  ints: [
    ["_ ++ _", "ints", "ints"], ["_.map(n => n + _)", "ints", "int"], ["_.filter(n => n > _)", "ints", "int"], ["_.sort", "ints"], ["list_reverse(_)", "ints"],
    ["unique(_)", "ints"], ["_.take(2)", "ints"], ["_.drop(1)", "ints"], ["rest(_)", "ints"], ["_.map((n, k) => n * k)", "ints"], ["[..._, _]", "ints", "int"],
    ["range(0, 6, 2)"], ["_[::2]", "ints"], ["concat(_, _)", "ints", "ints"], ["compact([_, 0, nothing])", "int"], ["compact(_)", "ints"], ["flatten([_, _])", "ints", "ints"], ["_.sort((a, b) => b - a)", "ints"],
  ],
  texts: [
    ["_ ++ _", "texts", "texts"], ["_.map(t => t.upper)", "texts"], ["_.filter(t => t.len > 3)", "texts"], ["_.sort", "texts"], ["_.map(n => \"#{n}\")", "ints"],
    ["lines(_)", "text"], ["words(_)", "text"], ["list_reverse(_)", "texts"], ["_.sort_by(t => t.len)", "texts"], ["union(_, _)", "texts", "texts"],
  ],
  ratio: [],
  small: [],
  time: [],
};

const SHOWN = { int: (e) => e, number: (e) => e, text: (e) => e, bool: (e) => e, ints: (e) => `inspect(${e})`, texts: (e) => `inspect(${e})` };

// `count` expressions, each a text, number or bool to be shown.
export function expressions(seed, count) {
  const random = random_source(seed);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const make = (type, depth, root = false) => {
    if (depth === 0 || FORMS[type].length === 0 || (!root && random() < 0.2)) return pick(LEAVES[type]);
    const [form, ...parts] = pick(FORMS[type]);
    let next = 0;
    return form.replace(/(?<![\w])_(?![\w ]*->)/g, () => bracketed(make(parts[next++], depth - 1)));
  };
  const types = Object.keys(SHOWN);
  return Array.from({ length: count }, (_, k) => {
    const type = types[k % types.length];
    return SHOWN[type](make(type, 1 + Math.floor(random() * 3), true));
  });
}

// An operand inside an operator or before a dot needs brackets; an argument does not, but they do not harm.
function bracketed(expression) {
  return /^(\w+|\d+\.\d+|"[^"]*"|\w+\([^()]*\))$/.test(expression) ? expression : `(${expression})`;
}
