// "source -> codes with their lines". Texts of the important ones are in messages_test.cpp.
#include "checked.h"

#include <gtest/gtest.h>

namespace flin::testing {
namespace {

struct Row {
  const char* source;
  const char* codes;
};

class CodesOf : public ::testing::TestWithParam<Row> {};

TEST_P(CodesOf, AreAsWritten) {
  Checked c(GetParam().source);
  EXPECT_EQ(c.codes(), GetParam().codes) << GetParam().source << "\n" << c.rendered();
}

constexpr Row kNames[] = {
    {"total = 1\nprint(totl)", "E0001:2"},
    {"if true { x = 1 }\nprint(x)", "E0001:2"},
    {"print(y)\ny = 1", "E0001:1"},
    {"x += 1", "E0001:1"},
    {"fn f() { z }\nprint(f())", "E0001:1"},
    {"fn f() { later }\nlater = 1\nprint(f())", ""},
    {"prnt(1)", "E0002:1"},
    {"print(5.upper)", "E0003:1"},
    {"print(5.upper())", "E0003:1"},
    {"fn add(a) { a }\nfn add(b) { b }", "E0004:2"},
    {"entity A { n: int }\nenum A { B }", "E0004:2"},
    {"component C { <p/> }\nentity C { n: int }", "E0004:2"},
    {"fn a() { 1 }\na = 2", "E0004:2"},
    {"x: Strng = \"\"", "E0005:1"},
    {"fn f(a: Int) { a }", "E0005:1"},
    {"x = Todoo { title: 1 }", "E0005:1"},
    {"<Buton/>", "E0006:1"},
    {"const a = 1\na = 2", "E0007:2"},
    {"const a = [1]\na = [2]", "E0007:2"},
    {"n = 0\nfn inc() { n++ }\ncomponent C { <b click={inc()}/> }\n<C/>", "E0008:3"},
    {"entity Todo { title: text }\nx = Todo { titel: \"a\", title: \"b\" }", "E0009:2"},
    {"entity Todo { title: text }\nx = Todo.where(done == true)", "E0001:2"},
    {"entity Todo { title: text }\nx = Todo.order(tite)", "E0009:2"},
    {"entity Todo { title: text }\nfn f(t: Todo) { t.titel }", "E0009:2"},
    {"enum Status { Pending, Done }\nx = Status.Don", "E0010:2"},
    {"enum S { A, B }\nfn f(s: S) { match s { C(1) -> 1, _ -> 2 } }", "E0010:2"},
    {"fn box(w, height = 1) { w }\nbox(2, hight: 3)", "E0011:2"},
    {"fn f() { fn g() { 1 } }", "E0216:1"},
    {"<p>{body}</p>", "E0905:1"},
    {"route GET \"/a\" { body }", ""},
    {"fn f() { headers }\nprint(f())", "E0905:1"},
    {"component C { n = 1\n<p>{props.a}{n}</p> }\n<C a={1}/>", ""},
    {"n = 1\ncomponent C { <p>{n}</p> }\n<C/>", "E0001:2"},
    {"print(props.a)", "E0001:1"},
};
INSTANTIATE_TEST_SUITE_P(Names, CodesOf, ::testing::ValuesIn(kNames));

constexpr Row kTypes[] = {
    {"n: int = \"a\"", "E0301:1"},
    {"t = 0\nt = \"a\"", "E0301:2"},
    {"t = 0\nt = t + 1.5", ""},
    {"x = none\nx = 5\nprint((x ?? 0) + 1)", ""},
    {"x: int | text = 1\nx = \"a\"", ""},
    {"fn f() -> int { \"a\" }", "E0301:1"},
    {"fn f() -> int { return \"a\" }", "E0301:1"},
    {"xs: [number] = [1, 2]", ""},
    {"xs = [1]\nys: [number] = xs", "E0301:2"},
    {"x = true + 1", "E0302:1"},
    {"x = [1] + [2]", "E0302:1"},
    {"x = 1 < \"a\"", "E0302:1"},
    {"x = 1 in 5", "E0302:1"},
    {"x = -\"a\"", "E0302:1"},
    {"b = true\nb++", "E0302:2"},
    {"fn f(a) { a + 1 }\nprint(f(true))", ""},
    {"print(abs(1, 2))", "E0303:1"},
    {"fn f(a, b) { a }\nf(1)", "E0303:2"},
    {"fn f(a, b = 1) { a }\nf(1, 2, 3)", "E0303:2"},
    {"f = x => x\nf(1, 2)", "E0303:2"},
    {"enum M { Move(int, int) }\nx = Move(1)", "E0303:2"},
    {"print(upper(5))", "E0304:1"},
    {"fn f(a: int) { a }\nf(\"a\")", "E0304:2"},
    {"xs = [1]\nxs.push(\"a\")", "E0304:2"},
    {"xs = []\nxs.push(1)\nxs.push(\"a\")", "E0304:3"},
    {"enum M { Move(int) }\nx = Move(\"a\")", "E0304:2"},
    {"u = [1].first\nprint(u + 1)", "E0305:2"},
    {"u = [1].first\nif u != none { print(u + 1) }", ""},
    {"u = [1].first\nif u { print(u + 1) }", ""},
    {"u = [1].first\nif !u { print(1) } else { print(u + 1) }", ""},
    {"fn f(u: int?) { if u == none { return 0 }; u + 1 }", ""},
    {"fn f(u: int?) { u != none && u > 1 }", ""},
    {"fn f(u: int?) { u == none || u > 1 }", ""},
    {"fn f(u: int?) { if u == none { u = 1 }; u + 1 }", "E0305:1"},
    {"fn f(u: int?) { while u != none { print(u + 1); u = none } }", ""},
    {"fn f(u: int | text) { if u is int { u + 1 } else { u.len } }", ""},
    {"u = [\"a\"].first\nprint(u.len)", "E0305:2"},
    {"fn f(a: int) { a }\nf([1].first)", "E0305:2"},
    {"x = 5\nx()", "E0306:2"},
    {"error = \"\"\nprint(text(error))\ntext = \"a\"\nprint(text(1))", ""},
    {"for i in 5 { print(i) }", "E0307:1"},
    {"for i in none { print(i) }", ""},
    {"enum S { A, B }\nx = match S.A { A -> 1 }", "E0308:2"},
    {"x = match true { true -> 1 }", "E0308:1"},
    {"u: int? = none\nx = match u { none -> 1 }", "E0308:2"},
    {"x = match 1 { _ -> 1, 2 -> 3 }", "W0309:1"},
    {"enum S { A, B }\nx = match S.A { A -> 1, A -> 2, B -> 3 }", "W0309:2"},
    {"fn f() { [f()] }", "E0310:1"},
    {"xs = [1, 2]\nprint(xs[2 / 2])", "E0311:2"},
    {"print([1][\"a\"])", "E0311:1"},
    {"x = match 5 { \"a\" -> 1, _ -> 2 }", "E0314:1"},
    {"x = match 5 { [a] -> 1, _ -> 2 }", "E0314:1"},
    {"[a, b, c] = [1, 2]", "E0315:1"},
    {"(a, b) = (1, 2, 3)", "E0315:1"},
    {"enum M { Move(int, int), Quit }\nx = match Move(1, 2) { Move(a) -> a, _ -> 0 }", "E0315:2"},
    {"t = (1, 2)\nt.0 = 5", "E0316:2"},
    {"t = \"abc\"\nt[0] = \"x\"", "E0316:2"},
    {"xs = [1]\nxs.len = 2", "E0207:2"},
    {"items = [1]\nif items { print(1) }", "W0320:2"},
    {"component C { open = props.open || true\n<p>{open}</p> }\n<C/>", "W0321:1"},
    {"print(\"1\" == 1)", "W0322:1"},
    {"max = 1\nx = match 2 { max -> 1 }", "W0323:2"},
    {"max = 1\nx = match 2 { (max) -> 1, _ -> 2 }", ""},
    {"a = b1\nc = a + 1\nd = a.foo.bar", "E0001:1"},
    {"a = b1\nn: int = c1", "E0001:1 E0001:2"},
};
INSTANTIATE_TEST_SUITE_P(Types, CodesOf, ::testing::ValuesIn(kTypes));

constexpr Row kEntities[] = {
    {"entity T { n: text @requird }", "E0401:1"},
    {"entity T { n: int @email }", "E0402:1"},
    {"entity T { n: text? @email }", ""},
    {"entity T { tags: [text] @maxLength(3) }", ""},
    {"entity T { n: int = \"a\" }", "E0301:1"},
    {"entity T { n: int @default(\"a\") }", "E0301:1"},
    {"entity Todo { title: text }\nx = Todo { }", "E0403:2"},
    {"entity Todo { title: text, note: text?, tags: [text], n: int = 1 }\nx = Todo { title: \"\" }",
     ""},
    {"entity Todo { title: text }\nm = [\"title\": \"a\"]\nx = Todo { ...m }", ""},
    {"entity Todo { title: text }\nfn slow(t) { t }\nx = Todo.where(slow(title))", "E0404:3"},
    {"entity Todo { title: text }\nx = Todo.where(t => t.title.split(\",\").len > 1)", "E0404:2"},
    {"entity Todo { title: text }\nfn slow(t: text) { t }\nx = Todo.where(title == slow(\"a\"))",
     ""},
    {"entity T { version: int }", "E0405:1"},
    {"entity T { id: int }", "E0405:1"},
    {"save 5", "E0406:1"},
    {"x = \"a\"\ndelete x", "E0406:2"},
    {"entity T { n: int }\nsave T.find(1)", "E0305:2"},
    {"entity T { n: int }\nsave [T { n: 1 }]", ""},
    {"entity Todo { title: text }\nx = Todo.sum(title)", "E0407:2"},
    {"entity T { n: int }\nt = T { n: 1 }\nt.id = 5", "E0409:3"},
    {"entity T { n: int @immutable }\nt = T { n: 1 }\nt.n = 5", "E0409:3"},
    {"entity T { n: int }\nt = T { n: 1, id: 5 }", "E0409:2"},
    {"entity T { n: int }\nt = T { n: \"a\" }", "E0301:2"},
    {"entity Todo { title: text }\ntitle = \"a\"\nx = Todo.where(title == title)",
     "W0413:3 W0413:3"},
    {"entity Todo { title: text }\ntitle = \"a\"\nx = Todo.where(t => t.title == title)", ""},
    {"entity T { n: int }\nfn f(t: T) { t.history }", "E0217:2"},
    {"xs = [1, 2]\nmax(...xs)\nxs.push(...xs)", "E0217:2 E0217:3"},
    {"entity T { n: int }\nx = T.find(\"a\")", "E0304:2"},
    {"entity T { n: int }\nx = T.limit()", "E0303:2"},
    {"entity T { n: int }\nx = T.al", "E0003:2"},
};
INSTANTIATE_TEST_SUITE_P(Entities, CodesOf, ::testing::ValuesIn(kEntities));

constexpr Row kViews[] = {
    {"a = 1\n<input bind={a + 1}>", "E0504:2"},
    {"const a = 1\n<input bind={a}>", "E0504:2"},
    {"close = () => 1\n<p>{close}</p>", "E0507:2"},
    {"component Card(title: text) { <p>{title}</p> }\n<Card titel=\"a\"/>", "E0508:2 E0508:2"},
    {"component Card(title: text) { <p>{title}</p> }\n<Card/>", "E0508:2"},
    {"component Card(title: text, n: int = 1) { <p>{title}{n}</p> }\n<Card title=\"a\"/>", ""},
    {"component Card(n: int) { <p>{n}</p> }\n<Card n=\"a\"/>", "E0301:2"},
    {"component Card(n: int) { <p>{n}</p> }\n<Card n={1}/>", ""},
    {"component Box { <div>{children}</div> }\n<Box><p slot=\"foot\">x</p></Box>", "E0509:2"},
    {"component Box { <div><slot name=\"foot\">e</slot></div> }\n<Box><p slot=\"foot\">x</p></Box>",
     ""},
    {"<a href=\"javascript:alert(1)\">x</a>", "E0510:1"},
    {"<a href=\"mailto:a@b.c\">x</a>", ""},
    {"entity T { n: int }\nt = T { n: 1 }\n<p>{save t}</p>", "E0512:3"},
    {"n = 3\n<p>{for i = 0; i < n; i++}{i}{/for}</p>", ""},
    {"n = 3\n<p>{for i = 0; i < n; n++}{i}{/for}</p>", "E0512:2"},
    {"xs = [1]\n<p>{xs.push(2)}</p>", "E0512:2"},
    {"component C(a: int) { <b click={a = 2}>{a}</b> }\n<C a={1}/>", "E0513:1"},
    {"component C { <b click={props.a = 2}/> }\n<C a={1}/>", "E0513:1"},
    {"x = \"<b>\"\n<p>{raw(x)}</p>", "W0514:2"},
    {"<p>{for i in 5}<b/>{/for}</p>", "E0307:1"},
    {"items = []\n<p>{if items}<b/>{/if}</p>", "W0320:2"},
    {"user: text? = none\n<p>{if user}{user.len}{/if}</p>", ""},
    {"user: text? = none\n<p>{user.len}</p>", "E0305:2"},
    {"n = 0\n<p class=\"a {m}\">{n}</p>", "E0001:2"},
};
INSTANTIATE_TEST_SUITE_P(Views, CodesOf, ::testing::ValuesIn(kViews));

constexpr Row kTiers[] = {
    {"entity T { n: int }\nt = T { n: 1 }\n<b click={window.scrollTo(0, 0); save t}/>", "E0601:3"},
    {"entity T { n: int }\nfn f(t: T) { window.alert(t.n)\nsave t }\n<p/>", "E0601:2"},
    {"route GET \"/a\" { window.alert(1) }", "E0602:1"},
    {"server fn f() { window.alert(1) }\n<p/>", "E0602:1"},
    {"entity T { n: int }\nclient fn f(t: T) { save t }\n<p/>", "E0603:2"},
    {"entity U { hash: text @hidden, name: text }\n<p>{for u in U.all}{u.hash}{/for}</p>",
     "E0604:2"},
    {"<p>{env(\"KEY\")}</p>", "W0605:1"},
    {"entity T { n: int }\nxs = [1]\n<p>{for x in xs}{T.where(n == x).count}{/for}</p>", "E0606:3"},
    {"entity T { n: int }\n<p>{for t in T.all}{T.where(n == t.n).count}{/for}</p>", ""},
    {"entity T { n: int }\nx = window.innerWidth + T.count\n<p>{x}</p>", "E0601:2"},
};
INSTANTIATE_TEST_SUITE_P(Tiers, CodesOf, ::testing::ValuesIn(kTiers));

constexpr Row kRoutes[] = {
    {"route GET \"/a\" { 1 }\nroute GET \"/a\" { 2 }", "E0901:2"},
    {"route GET \"/a/*x/b\" { 1 }", "E0902:1"},
    {"route GET \"/_x\" { 1 }", "E0902:1"},
    {"route POST \"/a\" { body.name }", ""},
    {"route GET \"/a/:id\" { params.id ?? \"\" }", ""},
};
INSTANTIATE_TEST_SUITE_P(Routes, CodesOf, ::testing::ValuesIn(kRoutes));

}  // namespace
}  // namespace flin::testing
