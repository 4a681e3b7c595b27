// Text forms, operators and built-ins (L 3, L 4, L 24) by rows: expression, display form of its value or code of its failure.
import assert from "node:assert/strict";
import { test } from "node:test";

import * as basics from "../src/basics.js";
import { Row, row_class } from "../src/kinds.js";
import * as lib from "../src/library/main.js";
import { effect, signal } from "../src/signals.js";
import { to_text } from "../src/text.js";

const Todo = row_class("Todo", { id: "int", title: "text" });
const names = { ...basics, ...lib, Row, to_text, Todo, map: (...pairs) => new lib.FlinMap(pairs), time: (ms) => new lib.Time(ms), money: (m, c) => new lib.Money(m, c), days: (n) => lib.span(n, 864e5), tuple: (...xs) => new lib.Tuple(...xs), variant: (...xs) => new lib.Variant(...xs), regex: (s, f = "") => new lib.Regex(s, f) };
const run = new Function("source", ...Object.keys(names), "return eval(source);");

const rows = String.raw`
to_text(5) | 5
to_text(-0) | 0
to_text(0.1 + 0.2) | 0.30000000000000004
to_text(1e21) | 1e+21
to_text(null) | 
inspect(null) | none
to_text(NaN) | NaN
to_text(time(1769851800000)) | 2026-01-31T09:30:00.000Z
to_text(days(1.5)) | 1d 12h
to_text(new Duration(93784005)) | 1d 2h 3m 4s 5ms
to_text(new Duration(-1500)) | -1s 500ms
to_text(new Duration(0)) | 0ms
to_text(money(45000, "USD")) | 450.00 USD
to_text(money(-5, "EUR")) | -0.05 EUR
to_text(money(1000, "XOF")) | 1000 XOF
to_text(money(1234, "KWD")) | 1.234 KWD
to_text(variant("S", "Active")) | Active
to_text(variant("M", "Move", [3, "a"])) | Move(3, "a")
to_text(new Todo({ id: 7 })) | Todo#7
to_text([1, "a", null, [true]]) | [1, "a", none, [true]]
to_text(map(["a", 1], ["b\"", "x"])) | ["a": 1, "b\"": "x"]
to_text(map()) | [:]
to_text(tuple(1, "a")) | (1, "a")
to_text(function named() {}) | <fn named>
to_text(["\u0001\n\\"]) | ["\u0001\n\\"]
to_text(new FlinError("R0016", "no")) | no
add_int(9007199254740991, 1) | R0010
sub_int(-9007199254740991, 1) | R0010
mul_int(3037000500, 3037000500) | R0010
mul_int(0, -5) | 0
mod_int(-7, 3) | -1
mod_int(-6, 3) | 0
mod_int(1, 0) | R0009
pow_int(2, 10) | 1024
pow_int(10, 16) | R0010
pow_int(0, 0) | 1
pow_int(-1, 3) | -1
div(7, 2) | 3.5
div(1, 0) | Infinity
mod(7.5, 2) | 1.5
mod(-7, 3) | -1
pow(1, NaN) | 1
pow(-1, Infinity) | 1
add("a", 1) | a1
add("a", null) | a
add("a", [1]) | R0006
add(time(0), days(1)) | 1970-01-02T00:00:00.000Z
sub(time(5), time(2)) | 3ms
add(money(1, "EUR"), money(2, "EUR")) | 0.03 EUR
add(money(1, "EUR"), money(2, "USD")) | R0017
mul(money(5, "EUR"), 0.5) | 0.02 EUR
mul(money(15, "EUR"), 0.5) | 0.08 EUR
div(money(5, "EUR"), money(2, "EUR")) | 2.5
div(days(1), 3) | 8h
neg(days(1)) | -1d
concat([1], [2]) | [1, 2]
concat("a", 2) | a2
eq([1, [2]], [1, [2]]) | true
eq(map(["a", 1], ["b", 2]), map(["b", 2], ["a", 1])) | true
eq(1, "1") | false
eq(NaN, NaN) | false
eq(null, null) | true
eq(tuple(1, 2), tuple(1, 2)) | true
eq(variant("S", "A", [1]), variant("S", "A", [1])) | true
eq(time(1), time(1)) | true
eq(time(1), new Duration(1)) | false
eq(new Todo({ id: 1 }), new Todo({ id: 1 })) | true
eq(new Todo({}), new Todo({})) | false
lt("a", "b") | true
lt("\uffff", "𝄞") | true
lt("a", "ab") | true
lt(1, NaN) | false
lt(1, "a") | R0006
le(days(1), days(1)) | true
is_in("b", "abc") | true
is_in(2, [1, 2]) | true
is_in("a", map(["a", 1])) | true
get_index("a𝄞b", 1) | 𝄞
get_index("a𝄞b", -1) | b
get_index([1, 2], 2) | R0011
get_index([1, 2], -2) | 1
get_index(map([1, "x"]), 1) | x
get_index(map(), 1) | none
slice("a𝄞bc", 1, 3) | 𝄞b
slice("abc", null, null, -1) | cba
slice([1, 2, 3, 4], 1, -1) | [2, 3]
slice([1, 2, 3, 4], -2) | [3, 4]
slice([1, 2, 3, 4], 9) | []
slice([1, 2, 3, 4], 3, 0, -2) | [4, 2]
slice([1], 0, 1, 0) | R0014
range(1, 3) | [1, 2, 3]
range(3, 1) | []
int_range(5, 0, -2) | [5, 3, 1]
items_of(map(["a", 1])) | ["a"]
items_of("a𝄞") | ["a", "𝄞"]
items_of(5) | R0018
member(map(["a", 1]), "a") | 1
member(null, "a") | R0007
member(5, "a") | R0008
type_of(5) | int
type_of(5.5) | number
type_of(2 ** 53) | number
type_of(map()) | map
type_of(days(1)) | duration
type_of(new FlinError("", "")) | error
type_of(variant("S", "A")) | S
b_len("a𝄞") | 2
b_len(map(["a", 1])) | 1
b_upper("straße é") | STRASSE É
b_lower("ÀB") | àb
b_trim("\u00a0 a \n") | a
b_capitalize("éa B") | Éa B
b_title("hello wORLD") | Hello World
b_reverse("a𝄞") | 𝄞a
b_reverse([1, 2]) | [2, 1]
b_is_email("a@b.c") | true
b_is_email("a@b") | false
b_is_email("a@b@c.d") | false
b_is_url("https://x/y") | true
b_is_url("ftp://x") | false
b_is_numeric(" 1e3 ") | true
b_is_numeric("1x") | false
b_split("a,b", ",") | ["a", "b"]
b_split("𝄞a", "") | ["𝄞", "a"]
b_split("", "") | [""]
b_lines("a\r\nb\n") | ["a", "b", ""]
b_words(" a  b ") | ["a", "b"]
b_replace("aa", "a", "$&") | $&a
b_replace_all("a.a", ".", "") | aa
b_index_of("𝄞ab", "b") | 2
b_last_index_of([1, 2, 1], 1) | 2
b_repeat("ab", 2) | abab
b_repeat("a", -1) | R0014
b_pad_start("5", 3, "0") | 005
b_pad_end("a", 4, "xy") | axyx
b_truncate("abcdef", 4) | abc…
b_truncate("abc", 3) | abc
b_truncate("abc", -1) | R0014
b_remove_prefix("abc", "ab") | c
b_remove_suffix("abc", "bc") | a
b_char_code("𝄞") | 119070
b_from_char_code(119070) | 𝄞
b_from_char_code(55296) | R0014
b_matches("xaab", regex("a+")) | true
b_find_all("a1b22", regex("\\d+")) | ["1", "22"]
b_replace_pattern("ab", regex("(.)(.)"), "$2$1") | ba
b_join([1, null, "a"], "-") | 1--a
b_join("-", [1, 2]) | 1-2
b_int(" 42 ") | 42
b_int("3.7") | 3
b_int("x") | R0013
b_int("x", 5) | 5
b_int(2.9) | 2
b_int(-2.9) | -2
b_int(true) | 1
b_int("9007199254740993") | R0010
b_number("1e3") | 1000
b_number(".5") | 0.5
b_number("-Infinity") | -Infinity
b_number("x") | R0013
b_json_parse('{"2":1,"1":[true,null,"x"]}') | ["2": 1, "1": [true, none, "x"]]
b_json_parse("{") | R0021
b_json_stringify(map(["a", [1, null]], ["b", NaN])) | {"a":[1,null],"b":null}
b_json_stringify([1, [2]], 2) | [\n  1,\n  [\n    2\n  ]\n]
b_json_stringify(variant("M", "Move", [3])) | {"Move":[3]}
b_json_stringify(money(1250, "EUR")) | {"amount":"12.50","currency":"EUR"}
b_json_stringify(days(1)) | 86400000
b_json_stringify(() => 1) | R0014
b_json("</script>") | "\u003c/script>"
b_base64_encode("é") | w6k=
b_base64_decode("w6k") | é
b_base64_decode("!") | R0014
b_hex_encode("é") | c3a9
b_url_encode("a b!é") | a%20b%21%C3%A9
b_url_decode("%zz") | R0014
b_html_escape("<a href='x'>&\"") | &lt;a href=&#39;x&#39;&gt;&amp;&quot;
b_csv_parse('a,"b ""c""",\n1,,2') | [["a", "b \"c\"", ""], ["1", "", "2"]]
b_csv_parse('"a') | R0014
b_csv_stringify([["a,b", 1, null]]) | "a,b",1,\r\n
b_abs(-5) | 5
b_sign(-0.5) | -1
b_min(3, 1, 2) | 1
b_max([1, 5, 2]) | 5
b_max([]) | none
b_clamp(5, 10, 0) | 5
b_floor(-1.5) | -2
b_ceil(-0.5) | 0
b_trunc(1e300) | R0010
b_round(2.5) | 3
b_round(-2.5) | -3
b_round(0.49999999999999994) | 0
b_round(1.005, 2) | 1
b_round(1.25, 1) | 1.3
b_format(1234.5) | 1235
b_format(2.5) | 3
b_format(-0.001, 2) | 0.00
b_format(0.125, 2) | 0.13
b_format(1e21, 1) | 1000000000000000000000.0
b_format(5, 2) | 5.00
b_time("2026-01-31") | 2026-01-31T00:00:00.000Z
b_time("2026-01-31T09:30:05.25+02:00") | 2026-01-31T07:30:05.250Z
b_time("2026-02-30") | R0013
b_time("soon") | R0013
b_time(1.5) | R0013
b_start_of(b_time("2026-03-15T10:20:30"), "week") | 2026-03-09T00:00:00.000Z
b_end_of(b_time("2026-02-15"), "month") | 2026-02-28T23:59:59.999Z
b_add(b_time("2026-01-31"), 1, "month") | 2026-02-28T00:00:00.000Z
b_add(b_time("2026-01-31"), 1, "fortnight") | R0014
b_diff(b_time("2026-03-15"), b_time("2026-01-16"), "months") | 1
b_diff(b_time("2026-03-15"), b_time("2026-01-16"), "days") | 58
b_format(b_time("2026-03-15T22:05:09.007"), "dddd D MMMM YYYY [at] h:mm A, HH:mm:ss.SSS Z") | Sunday 15 March 2026 at 10:05 PM, 22:05:09.007 +00:00
b_format(b_time("2026-07-15T22:05"), "YYYY-MM-DD HH:mm Z", "Europe/Paris") | 2026-07-16 00:05 +02:00
b_format(b_time("2026-07-15"), "HH", "Mars/Base") | R0014
b_in_zone(b_time("2026-01-15T23:30"), "Asia/Tokyo") | ["year": 2026, "month": 1, "day": 16, "hour": 8, "minute": 30, "second": 0, "ms": 0, "weekday": 5, "offset": "+09:00", "zone": "Asia/Tokyo"]
b_parse_time("15/03/2026 8:05 pm", "DD/MM/YYYY h:mm a") | 2026-03-15T20:05:00.000Z
b_parse_time("3 Mar 26", "D MMM YY") | 2026-03-03T00:00:00.000Z
b_parse_time("2026-03-15T10:00+01:00", "YYYY-MM-DD[T]HH:mmZ") | 2026-03-15T09:00:00.000Z
b_parse_time("31/02/2026", "DD/MM/YYYY") | R0013
b_parse_time("x", "D") | R0013
member(b_time("2026-03-15T10:20:30.456"), "weekday") | 7
member(b_time("2026-03-15T10:20:30.456"), "hour") | 10
member(b_time("2024-12-31"), "yearday") | 366
member(b_time("2026-03-15T10:20:30.456"), "date") | 2026-03-15
b_is_weekend(b_time("2026-03-15")) | true
b_is_today(new Time(Date.now())) | true
b_relative(new Time(Date.now() - 185000)) | 3 minutes ago
b_div(-7, 2) | -3
b_div(1, 0) | R0009
b_mod(-7, 3) | 2
b_mod(7, -3) | -2
b_gcd(-12, 18) | 6
b_first([]) | none
b_get([1, 2], -1) | 2
b_get([1], 5) | none
b_get(map(["a", 1]), "b", 9) | 9
b_rest([1, 2, 3]) | [2, 3]
b_flatten([[1], [2, [3]]]) | [1, 2, [3]]
b_unique([1, 1, "1", [2], [2]]) | [1, "1", [2]]
b_compact([0, 1, "", null, []]) | [1, []]
b_map([1, 2], (x, i) => x * 10 + i) | [10, 21]
b_filter([1, 2, 3], x => x > 1) | [2, 3]
b_reject([1, 2, 3], x => x > 1) | [1]
b_reduce([1, 2, 3], (a, b) => a + b) | 6
b_reduce([], (a, b) => a + b) | R0014
b_find([1], x => x > 1) | none
b_find_index([1], x => x > 1) | -1
b_some([], x => true) | false
b_every([], x => false) | true
b_sort([3, 1, 2]) | [1, 2, 3]
b_sort(["b", "𝄞", "\uffff"]) | ["b", "￿", "𝄞"]
b_sort([1, 2, 3], (a, b) => a > b) | [3, 2, 1]
b_sort_by(["bb", "a"], b_len, "desc") | ["bb", "a"]
b_sum([]) | 0
b_sum([1, 2.5]) | 3.5
b_avg([1, 2]) | 1.5
b_avg([]) | none
b_median([3, 1, 2]) | 2
b_median([4, 1]) | 2.5
b_min_by(["bb", "a"], b_len) | a
b_group_by([1, 2, 3], x => x % 2) | [1: [1, 3], 0: [2]]
b_count_by(["a", "b", "a"], x => x) | ["a": 2, "b": 1]
b_partition([1, 2], x => x > 1) | ([2], [1])
b_chunk([1, 2, 3], 2) | [[1, 2], [3]]
b_chunk([1], 0) | R0014
b_take([1, 2], -1) | []
b_drop([1, 2], 1) | [2]
b_enumerate(["a"]) | [(0, "a")]
b_zip([1, 2], ["a"]) | [(1, "a")]
b_zip_map(["a"], [1, 2]) | ["a": 1]
b_union([1, 2], [2, 3]) | [1, 2, 3]
b_intersection([1, 2], [2, 3]) | [2]
b_difference([1, 2], [2]) | [1]
b_symmetric_difference([1, 2], [2, 3]) | [1, 3]
b_keys(map(["a", 1])) | ["a"]
b_entries(map(["a", 1])) | [("a", 1)]
b_from_entries([tuple("a", 1), ["a", 2]]) | ["a": 2]
b_pick(map(["a", 1], ["b", 2]), ["b"]) | ["b": 2]
b_omit(map(["a", 1], ["b", 2]), ["b"]) | ["a": 1]
b_merge(map(["a", 1], ["b", 2]), map(["a", 3])) | ["a": 3, "b": 2]
b_map_values(map(["a", 1]), v => v + 1) | ["a": 2]
b_fail("x") | R0016
attempt(() => add_int(2 ** 53 - 1, 1)) | integer overflow
`;

for (const line of rows.trim().split("\n")) {
  const [source, expected = ""] = line.split(/ \| ?/);
  test(`${source} gives ${expected}`, () => {
    let shown;
    try {
      shown = lib.inspect(run(source, ...Object.values(names)));
    } catch (error) {
      if (!error.code) throw error;
      shown = error.code;
    }
    assert.equal(shown.replaceAll("\n", "\\n").replaceAll("\r", "\\r"), expected);
  });
}

test("changes in place are seen by what reads the list, map or entity, whatever its name", () => {
  const xs = signal([1]), m = new lib.FlinMap([["a", 1]]), todo = new Todo({ id: 1, title: "x" }), seen = [];
  effect(() => seen.push(lib.inspect(xs())));
  effect(() => seen.push(lib.b_len(m)));
  effect(() => seen.push(todo.title));
  const same = xs.peek();
  lib.b_push(same, 2);
  lib.set_index(same, 0, 9);
  lib.b_set(m, "b", 2);
  todo.title = "y";
  todo.title = "y";
  assert.deepEqual(seen, ["[1]", 1, "x", "[1, 2]", "[9, 2]", 2, "y"]);
});

test("messages name what is wrong", () => {
  assert.throws(() => lib.get_index([1, 2, 3], 5), { message: "index 5 is out of range (list of 3)" });
  assert.throws(() => lib.b_int("x"), { message: 'cannot convert "x" to int' });
  assert.throws(() => lib.add(lib.span(1, 1), 1), { code: "R0006" });
  assert.throws(() => lib.b_json_parse('{\n"a":}'), { message: "bad JSON at 2:5" });
});
