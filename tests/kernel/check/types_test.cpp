// Types of expressions: "expression -> type", after the declarations below.
#include "checked.h"

#include <gtest/gtest.h>

namespace flin::testing {
namespace {

constexpr const char* kDeclarations = R"(
enum Status { Pending, Done }
enum Msg { Quit, Move(int, int), Write(text) }
entity User { name: text, age: int = 0 }
entity Todo {
  title: text
  done: bool = false
  owner: User?
  size: number?
  cost: money = 0 USD
  due: time = now
}
fn double(x: int) { x * 2 }
fn half(x: int) { x / 2 }
fn same(x) { x }
fn pair(a, b = 2) { (a, b) }
fn maybe(x: int) { if x > 1 { x } }
fn early(x: int) { if x > 1 { return "a" }; "b" }
fn add(a, b) { a + b }
fn first_of(xs) { for x in xs { return x } }
fn apply(f, x) { f(x) }
fn boxed() -> [number] { [1, 2] }
fn fact(n: int) { if n <= 1 { 1 } else { n * fact(n - 1) } }
fn even(n: int) -> bool { if n == 0 { true } else { odd(n - 1) } }
fn odd(n: int) -> bool { if n == 0 { false } else { even(n - 1) } }
n = 1
x = 1.5
t = "a"
b = true
none_or: int? = none
text_or: text? = none
xs = [1, 2, 3]
names = ["a", "b"]
m = ["a": 1]
u: int | text = 1
anything: any = 1
status = Status.Done
message = Move(1, 2)
todo = Todo { title: "a" }
todos = Todo.all
)";

struct Row {
  const char* expression;
  const char* type;
};

class TypeOf : public ::testing::TestWithParam<Row> {};

TEST_P(TypeOf, IsAsWritten) {
  Checked c(std::string(kDeclarations) + "probe = " + GetParam().expression + "\n");
  EXPECT_EQ(c.rendered(), "") << GetParam().expression;
  const check::Symbol* probe = c.variable("probe");
  ASSERT_NE(probe, nullptr);
  EXPECT_EQ(check::text_of(probe->type), GetParam().type) << GetParam().expression;
}

constexpr Row kLiterals[] = {
    {"42", "int"},
    {"1.5", "number"},
    {"\"a\"", "text"},
    {"\"a {n}\"", "text"},
    {"true", "bool"},
    {"12.50 EUR", "money"},
    {"/a+/", "regex"},
    {"now", "time"},
    {"yesterday", "time"},
    {"7.days", "duration"},
    {"0.5.hours", "duration"},
    {"[1, 2]", "[int]"},
    {"[1, 2.5]", "[number]"},
    {"[1, none]", "[int?]"},
    {"[1, \"a\"]", "[int | text]"},
    {"[[1], []]", "[[int]]"},
    {"[1, \"a\", true, 1 USD, now]", "[any]"},
    {"[...xs, 4]", "[int]"},
    {"[\"a\": 1]", "[text: int]"},
    {"{ a: 1, b: 2.5 }", "[text: number]"},
    {"{ a: 1, b: \"c\" }", "[text: any]"},
    {"{ ...m, c: 3 }", "[text: int]"},
    {"[1: \"a\"]", "[int: text]"},
    {"[:]", "[any: any]"},
    {"(1, \"a\")", "(int, text)"},
    {"1..5", "[int]"},
    {"1..<n", "[int]"},
    {"<b>hi</b>", "view"},
    {"Todo { title: \"b\" }", "Todo"},
    {"Status.Pending", "Status"},
    {"Pending", "Status"},
    {"Move(1, 2)", "Msg"},
    {"Msg.Write(\"a\")", "Msg"},
    {"Some(1)", "Option<int>"},
    {"[Some(1), None]", "[Option<int>]"},
};
INSTANTIATE_TEST_SUITE_P(Literals, TypeOf, ::testing::ValuesIn(kLiterals));

constexpr Row kOperators[] = {
    {"1 + 2", "int"},
    {"1 + 2.5", "number"},
    {"7 / 2", "number"},
    {"6 / 2", "number"},
    {"7 % 3", "int"},
    {"7 % 2.5", "number"},
    {"2 ** 3", "int"},
    {"2 ** n", "number"},
    {"-n", "int"},
    {"-7.days", "duration"},
    {"\"a\" + 1 + 2", "text"},
    {"1 + 2 + \"a\"", "text"},
    {"t + none", "text"},
    {"\"n=\" ++ 5", "text"},
    {"xs ++ [4]", "[int]"},
    {"xs ++ [\"a\"]", "[int | text]"},
    {"now + 1.days", "time"},
    {"now - now", "duration"},
    {"now - 1.days", "time"},
    {"2 * 1.days", "duration"},
    {"1.days / 1.hours", "number"},
    {"10 EUR + 2.50 EUR", "money"},
    {"10 EUR * 2", "money"},
    {"10 EUR / 2 EUR", "number"},
    {"1 == 1.0", "bool"},
    {"n < x", "bool"},
    {"2 in xs", "bool"},
    {"\"a\" in m", "bool"},
    {"\"a\" not in t", "bool"},
    {"!n", "bool"},
    {"not t", "bool"},
    {"n || 5", "int"},
    {"none_or || 5", "int"},
    {"none_or ?? 5", "int"},
    {"none_or ?? 2.5", "number"},
    {"none ?? 5", "int"},
    {"text_or ?: \"d\"", "text"},
    {"b && n", "bool | int"},
    {"n || t", "int | text"},
    {"n is int", "bool"},
    {"b ? 1 : 2", "int"},
    {"b ? 1 : 2.5", "number"},
    {"b ? 1 : none", "int?"},
    {"b ? 1 : \"a\"", "int | text"},
    {"if b then 1 else 2", "int"},
    {"if b { 1 } else { 2.5 }", "number"},
    {"if b { 1 }", "int?"},
    {"typeof n", "text"},
    {"try int(\"x\")", "error | int"},
    {"anything + 1", "any"},
    {"anything == 1", "bool"},
    {"match n { 0 -> \"z\", 1..5 -> \"low\", k if k > 6 -> \"big\", _ -> \"?\" }", "text"},
    {"match n { 1 -> \"a\" }", "text?"},
    {"match none_or { none -> 0, k -> k }", "int"},
    {"match status { Pending -> 1, Done -> 2 }", "int"},
    {"match message { Move(a, c) -> a + c, _ -> 0 }", "int"},
    {"match message { Write(s) -> s, Quit -> \"\", Move(_, _) -> \"m\" }", "text"},
    {"match xs { [] -> 0, [h, ...rest] -> rest.len }", "int"},
    {"match u { is int -> 1, is text as s -> s.len }", "int"},
    {"for i in 1..9 { if i * i > 20 { break i } }", "int?"},
    {"while n < 3 { n++ }", "none"},
};
INSTANTIATE_TEST_SUITE_P(Operators, TypeOf, ::testing::ValuesIn(kOperators));

constexpr Row kMembers[] = {
    {"t.len", "int"},
    {"t.trim.upper", "text"},
    {"trim(t)", "text"},
    {"t.trim()", "text"},
    {"t.length", "int"},
    {"t.toUpperCase()", "text"},
    {"t.includes(\"a\")", "bool"},
    {"t[0]", "text"},
    {"t[1:3]", "text"},
    {"xs[0]", "int"},
    {"xs[-1]", "int"},
    {"xs[1:]", "[int]"},
    {"xs.len", "int"},
    {"xs.first", "int?"},
    {"xs.first()", "int?"},
    {"m.a", "int?"},
    {"m[\"a\"]", "int?"},
    {"m.keys()", "[text]"},
    {"m.keys", "int?"},
    {"(1, \"a\").1", "text"},
    {"text_or?.len", "int?"},
    {"text_or?.trim.upper", "text?"},
    {"anything.name", "any"},
    {"anything.name.first", "any"},
    {"status.name", "text"},
    {"status.index", "int"},
    {"Status.values", "[Status]"},
    {"Status.from(\"Done\")", "Status?"},
    {"now.year", "int"},
    {"(1 USD).amount", "number"},
    {"todo.title", "text"},
    {"todo.id", "int"},
    {"todo.created_at", "time"},
    {"todo.owner", "User?"},
    {"todo.owner?.name", "text?"},
    {"xs.map(v => v * 2)", "[int]"},
    {"xs.map(v => v / 2)", "[number]"},
    {"xs.map(v => \"{v}\")", "[text]"},
    {"xs.map((v, i) => (v, i))", "[(int, int)]"},
    {"names.map(upper)", "[text]"},
    {"xs.map(double)", "[int]"},
    {"xs.filter(v => v > 1)", "[int]"},
    {"xs.reduce((a, v) => a + v, 0)", "int"},
    {"names.reduce((a, v) => a + v.len, 0)", "int"},
    {"xs.find(v => v == 2)", "int?"},
    {"xs.sort", "[int]"},
    {"xs.sort((a, c) => c - a)", "[int]"},
    {"xs.sum", "int"},
    {"names.sum(s => s.len)", "int"},
    {"names.join(\", \")", "text"},
    {"names.group_by(s => s.len)", "[int: [text]]"},
    {"xs.partition(v => v > 1)", "([int], [int])"},
    {"xs.zip(names)", "[(int, text)]"},
    {"t.split(\",\").map(s => s.len)", "[int]"},
    {"abs(-1)", "int"},
    {"abs(-1.5)", "number"},
    {"max(1, 2)", "int"},
    {"max(1, 2.5)", "number"},
    {"round(2.5)", "int"},
    {"round(2.55, 1)", "number"},
    {"int(\"1\", 0)", "int"},
    {"json_parse(\"1\")", "any"},
    {"range(0, 6, 2)", "[int]"},
    {"Math.max(1, 2)", "int"},
    {"JSON.parse(\"1\")", "any"},
    {"pi", "number"},
    {"in_ms(1.hours)", "int"},
    {"xs |> len", "int"},
    {"5 |> double |> half", "number"},
};
INSTANTIATE_TEST_SUITE_P(Members, TypeOf, ::testing::ValuesIn(kMembers));

constexpr Row kFunctions[] = {
    {"double", "(int) -> int"},
    {"double(2)", "int"},
    {"half(2)", "number"},
    {"same(1)", "int"},
    {"same(\"a\")", "text"},
    {"same([1])", "[int]"},
    {"pair(1)", "(int, int)"},
    {"pair(\"a\", b: 3)", "(text, int)"},
    {"maybe(2)", "int?"},
    {"early(2)", "text"},
    {"add(1, 2)", "any"},
    {"first_of([1])", "int?"},
    {"apply(double, 1)", "int"},
    {"apply(v => v.len, \"a\")", "any"},
    {"boxed()", "[number]"},
    {"fact(5)", "int"},
    {"even(4)", "bool"},
    {"v => v", "(any) -> any"},
    {"(v: int) => v + 1", "(int) -> int"},
    {"() => 5", "() -> int"},
    {"{ 5 }", "() -> int"},
    {"((v: int) => v + 1)(2)", "int"},
};
INSTANTIATE_TEST_SUITE_P(Functions, TypeOf, ::testing::ValuesIn(kFunctions));

constexpr Row kQueries[] = {
    {"Todo.all", "Query<Todo>"},
    {"Todo.where(done == false)", "Query<Todo>"},
    {"Todo.where(done).order(title, \"asc\").limit(3).offset(1)", "Query<Todo>"},
    {"Todo.order_by(\"title desc\")", "Query<Todo>"},
    {"Todo.find(1)", "Todo?"},
    {"Todo.find(1)?.title", "text?"},
    {"Todo.count", "int"},
    {"Todo.where(done).count()", "int"},
    {"Todo.first", "Todo?"},
    {"Todo.all.last", "Todo?"},
    {"Todo.where(title == t).exists", "bool"},
    {"User.sum(age)", "int"},
    {"User.avg(age)", "number?"},
    {"User.max(age)", "int?"},
    {"Todo.min(due)", "time?"},
    {"Todo.all.distinct(title)", "[text]"},
    {"Todo.all.group_by(done)", "[bool: [Todo]]"},
    {"Todo.all.filter(v => v.done)", "[Todo]"},
    {"Todo.all.map(v => v.title)", "[text]"},
    {"todos.len", "int"},
    {"todos.where(done).first?.owner?.name", "text?"},
    {"[todos, todos]", "[[Todo]]"},
    {"todos[0].title", "text"},
    {"save todo", "Todo"},
    {"save Todo { title: \"c\" }", "Todo"},
    {"delete todo", "Todo"},
    {"json(todos)", "text"},
};
INSTANTIATE_TEST_SUITE_P(Queries, TypeOf, ::testing::ValuesIn(kQueries));

}  // namespace
}  // namespace flin::testing
