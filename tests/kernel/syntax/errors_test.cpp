// Each kind of syntax error: the whole text the user sees.
#include "parse.h"

namespace flin::syntax {
namespace {

struct Case {
  const char* source;
  const char* text;
};

const Case kCases[] = {
    {"a = 3 # 4",
     "error[E0101]: unexpected character '#'\n"
     " --> app.flin:1:7\n"
     "  |\n"
     "1 | a = 3 # 4\n"
     "  |       ^\n"
     "  |\n"
     "  = help: comments start with //\n"},
    {"s = \"abc",
     "error[E0102]: text is not closed\n"
     " --> app.flin:1:5\n"
     "  |\n"
     "1 | s = \"abc\n"
     "  |     ^^^^\n"
     "  |\n"
     "  = help: add the quote, or use backquotes for several lines\n"},
    {"s = \"a\\qb\"",
     "error[E0103]: unknown escape '\\q'\n"
     " --> app.flin:1:7\n"
     "  |\n"
     "1 | s = \"a\\qb\"\n"
     "  |       ^^\n"
     "  |\n"
     "  = help: write \\\\ for a backslash\n"},
    {"n = 9223372036854775808",
     "error[E0104]: integer literal too large\n"
     " --> app.flin:1:5\n"
     "  |\n"
     "1 | n = 9223372036854775808\n"
     "  |     ^^^^^^^^^^^^^^^^^^^\n"
     "  |\n"
     "  = help: use a number: 9.2e18\n"},
    {"n = 1__0",
     "error[E0105]: malformed number\n"
     " --> app.flin:1:5\n"
     "  |\n"
     "1 | n = 1__0\n"
     "  |     ^^^^\n"
     "  |\n"
     "  = help: digits, with single _ between them: 1_000\n"},
    {"n = .5",
     "error[E0105]: malformed number\n"
     " --> app.flin:1:5\n"
     "  |\n"
     "1 | n = .5\n"
     "  |     ^^\n"
     "  |\n"
     "  = help: write 0.5\n"},
    {"n = 12abc",
     "error[E0105]: malformed number\n"
     " --> app.flin:1:5\n"
     "  |\n"
     "1 | n = 12abc\n"
     "  |     ^^^^^\n"
     "  |\n"
     "  = help: digits, with single _ between them: 1_000\n"},
    {"/* a",
     "error[E0106]: comment is not closed\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | /* a\n"
     "  | ^^ starts here\n"
     "  |\n"
     "  = help: add */ ; comments do not nest\n"},
    {"s = \"a {b\"",
     "error[E0107]: '{' in text is not closed\n"
     " --> app.flin:1:8\n"
     "  |\n"
     "1 | s = \"a {b\"\n"
     "  |        ^\n"
     "  |\n"
     "  = help: add }, or write {{ for a brace\n"},
    {"m = 1.234 USD",
     "error[E0108]: bad money literal\n"
     " --> app.flin:1:5\n"
     "  |\n"
     "1 | m = 1.234 USD\n"
     "  |     ^^^^^^^^^\n"
     "  |\n"
     "  = help: USD has 2 decimals\n"},
    {"m = 5 ABC",
     "error[E0108]: bad money literal\n"
     " --> app.flin:1:5\n"
     "  |\n"
     "1 | m = 5 ABC\n"
     "  |     ^^^^^\n"
     "  |\n"
     "  = help: unknown currency ABC\n"},
    {"r = /(a)\\1/",
     "error[E0110]: pattern feature not supported\n"
     " --> app.flin:1:9\n"
     "  |\n"
     "1 | r = /(a)\\1/\n"
     "  |         ^^\n"
     "  |\n"
     "  = help: back references and look-around are left out: matching stays linear\n"},
    {"r = /(?=a)/",
     "error[E0110]: pattern feature not supported\n"
     " --> app.flin:1:6\n"
     "  |\n"
     "1 | r = /(?=a)/\n"
     "  |      ^^^\n"
     "  |\n"
     "  = help: back references and look-around are left out: matching stays linear\n"},
    {"if a print(1)",
     "error[E0201]: expected '{', found 'print'\n"
     " --> app.flin:1:6\n"
     "  |\n"
     "1 | if a print(1)\n"
     "  |      ^^^^^\n"
     "  |\n"
     "  = help: the body of if needs { }\n"},
    {"x = ,",
     "error[E0202]: expected an expression, found ','\n"
     " --> app.flin:1:5\n"
     "  |\n"
     "1 | x = ,\n"
     "  |     ^\n"
     "  |\n"
     "  = help: complete the expression, or remove the comma\n"},
    {"f(1",
     "error[E0203]: '(' is not closed\n"
     " --> app.flin:1:4\n"
     "  |\n"
     "1 | f(1\n"
     "  |    ^\n"
     " --> app.flin:1:2\n"
     "  |\n"
     "1 | f(1\n"
     "  |  ^ opened here\n"},
    {"x = [1, 2\ny = 3",
     "error[E0203]: '[' is not closed\n"
     " --> app.flin:2:1\n"
     "  |\n"
     "2 | y = 3\n"
     "  | ^\n"
     " --> app.flin:1:5\n"
     "  |\n"
     "1 | x = [1, 2\n"
     "  |     ^ opened here\n"},
    {"fn f() {\n  x = 1",
     "error[E0203]: '{' is not closed\n"
     " --> app.flin:2:8\n"
     "  |\n"
     "2 |   x = 1\n"
     "  |        ^\n"
     " --> app.flin:1:8\n"
     "  |\n"
     "1 | fn f() {\n"
     "  |        ^ opened here\n"},
    {"x = 1 )",
     "error[E0204]: unexpected closing ')'\n"
     " --> app.flin:1:7\n"
     "  |\n"
     "1 | x = 1 )\n"
     "  |       ^\n"
     "  |\n"
     "  = help: remove it\n"},
    {"a = 1 b = 2",
     "error[E0205]: two statements on one line\n"
     " --> app.flin:1:7\n"
     "  |\n"
     "1 | a = 1 b = 2\n"
     "  |       ^\n"
     "  |\n"
     "  = help: put ; or a newline between\n"},
    {"functon add(a) { a }",
     "error[E0205]: two statements on one line\n"
     " --> app.flin:1:9\n"
     "  |\n"
     "1 | functon add(a) { a }\n"
     "  |         ^^^\n"
     "  |\n"
     "  = help: did you mean 'function'?\n"},
    {"match = 1",
     "error[E0206]: 'match' is a reserved word\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | match = 1\n"
     "  | ^^^^^\n"
     "  |\n"
     "  = help: choose another name\n"},
    {"let if = 2",
     "error[E0206]: 'if' is a reserved word\n"
     " --> app.flin:1:5\n"
     "  |\n"
     "1 | let if = 2\n"
     "  |     ^^\n"
     "  |\n"
     "  = help: choose another name\n"},
    {"f() = 1",
     "error[E0207]: cannot assign to this\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | f() = 1\n"
     "  | ^^^\n"
     "  |\n"
     "  = help: assign to a name, field or item\n"},
    {"1 += 2",
     "error[E0207]: cannot assign to this\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | 1 += 2\n"
     "  | ^\n"
     "  |\n"
     "  = help: assign to a name, field or item\n"},
    {"x = a === b",
     "error[E0208]: there is no operator '==='\n"
     " --> app.flin:1:7\n"
     "  |\n"
     "1 | x = a === b\n"
     "  |       ^^^\n"
     "  |\n"
     "  = help: use ==, x++, &&\n"},
    {"++x",
     "error[E0208]: there is no operator '++'\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | ++x\n"
     "  | ^^\n"
     "  |\n"
     "  = help: write x++\n"},
    {"x = a & b",
     "error[E0208]: there is no operator '&'\n"
     " --> app.flin:1:7\n"
     "  |\n"
     "1 | x = a & b\n"
     "  |       ^\n"
     "  |\n"
     "  = help: use ==, x++, &&\n"},
    {"x = a | b",
     "error[E0208]: there is no operator '|'\n"
     " --> app.flin:1:7\n"
     "  |\n"
     "1 | x = a | b\n"
     "  |       ^\n"
     "  |\n"
     "  = help: use || for 'or', |> to pass a value on\n"},
    {"x = 1 < 2 < 3",
     "error[E0209]: comparisons cannot be chained\n"
     " --> app.flin:1:11\n"
     "  |\n"
     "1 | x = 1 < 2 < 3\n"
     "  |           ^\n"
     "  |\n"
     "  = help: write a < b && b < c\n"},
    {"x = 1 == 2 == 3",
     "error[E0209]: comparisons cannot be chained\n"
     " --> app.flin:1:12\n"
     "  |\n"
     "1 | x = 1 == 2 == 3\n"
     "  |            ^^\n"
     "  |\n"
     "  = help: write a < b && b < c\n"},
    {"break",
     "error[E0210]: 'break' outside a loop or function\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | break\n"
     "  | ^^^^^\n"
     "  |\n"
     "  = help: move it into a loop (return: into a function)\n"},
    {"return 1",
     "error[E0210]: 'return' outside a loop or function\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | return 1\n"
     "  | ^^^^^^\n"
     "  |\n"
     "  = help: move it into a loop (return: into a function)\n"},
    {"'o: for x in xs { break 'p }",
     "error[E0211]: unknown label 'p\n"
     " --> app.flin:1:25\n"
     "  |\n"
     "1 | 'o: for x in xs { break 'p }\n"
     "  |                         ^^\n"
     "  |\n"
     "  = help: labels in sight: 'o\n"},
    {"f(a: 1, 2)",
     "error[E0212]: positional argument after a named one\n"
     " --> app.flin:1:9\n"
     "  |\n"
     "1 | f(a: 1, 2)\n"
     "  |         ^\n"
     "  |\n"
     "  = help: move it to the front\n"},
    {"import \"x\"",
     "warning[W0213]: import and export have no effect\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | import \"x\"\n"
     "  | ^^^^^^\n"
     "  |\n"
     "  = help: everything is visible without import\n"},
    {"fn f() { entity A { a: int } }",
     "error[E0216]: 'entity' is not allowed here\n"
     " --> app.flin:1:10\n"
     "  |\n"
     "1 | fn f() { entity A { a: int } }\n"
     "  |          ^^^^^^\n"
     "  |\n"
     "  = help: move it to the top level\n"},
    {"if a = 1 { }",
     "error[E0201]: expected '{', found '='\n"
     " --> app.flin:1:6\n"
     "  |\n"
     "1 | if a = 1 { }\n"
     "  |      ^\n"
     "  |\n"
     "  = help: compare with ==\n"},
    {"entity A { title text }",
     "error[E0201]: expected ':', found 'text'\n"
     " --> app.flin:1:18\n"
     "  |\n"
     "1 | entity A { title text }\n"
     "  |                  ^^^^\n"},
    {"match a { 1 2 }",
     "error[E0201]: expected '->', found '2'\n"
     " --> app.flin:1:13\n"
     "  |\n"
     "1 | match a { 1 2 }\n"
     "  |             ^\n"},
    {"for i of xs { }",
     "error[E0201]: expected 'in', found 'of'\n"
     " --> app.flin:1:7\n"
     "  |\n"
     "1 | for i of xs { }\n"
     "  |       ^^\n"},
    {"<a></b>",
     "error[E0501]: expected </a>, found </b>\n"
     " --> app.flin:1:4\n"
     "  |\n"
     "1 | <a></b>\n"
     "  |    ^^^^\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | <a></b>\n"
     "  | ^^ opened here\n"},
    {"<div><span></div>",
     "error[E0501]: expected </span>, found </div>\n"
     " --> app.flin:1:12\n"
     "  |\n"
     "1 | <div><span></div>\n"
     "  |            ^^^^^^\n"
     " --> app.flin:1:6\n"
     "  |\n"
     "1 | <div><span></div>\n"
     "  |      ^^^^^ opened here\n"},
    {"<div>",
     "error[E0502]: <div> is not closed\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | <div>\n"
     "  | ^^^^\n"
     "  |\n"
     "  = help: add </div> or write <div/>\n"},
    {"<b click=\"go()\">x</b>",
     "error[E0503]: event attributes take { }\n"
     " --> app.flin:1:10\n"
     "  |\n"
     "1 | <b click=\"go()\">x</b>\n"
     "  |          ^^^^^^\n"
     "  |\n"
     "  = help: write click={go()}\n"},
    {"<b onclick>x</b>",
     "error[E0503]: event attributes take { }\n"
     " --> app.flin:1:4\n"
     "  |\n"
     "1 | <b onclick>x</b>\n"
     "  |    ^^^^^^^\n"
     "  |\n"
     "  = help: write onclick={..}\n"},
    {"<b click.fast={go()}/>",
     "error[E0505]: unknown modifier .fast\n"
     " --> app.flin:1:10\n"
     "  |\n"
     "1 | <b click.fast={go()}/>\n"
     "  |          ^^^^\n"
     "  |\n"
     "  = help: modifiers: prevent, stop, once, self, debounce, throttle, enter, escape, tab, "
     "space, up, down, left, right, delete, ctrl, shift, alt, meta\n"},
    {"<b click.enter={go()}/>",
     "error[E0505]: unknown modifier .enter\n"
     " --> app.flin:1:10\n"
     "  |\n"
     "1 | <b click.enter={go()}/>\n"
     "  |          ^^^^^\n"
     "  |\n"
     "  = help: .enter is for keydown, keyup and keypress\n"},
    {"<p id=\"a\" id=\"b\"/>",
     "error[E0511]: attribute 'id' given twice\n"
     " --> app.flin:1:11\n"
     "  |\n"
     "1 | <p id=\"a\" id=\"b\"/>\n"
     "  |           ^^\n"
     " --> app.flin:1:4\n"
     "  |\n"
     "1 | <p id=\"a\" id=\"b\"/>\n"
     "  |    ^^ given here\n"
     "  |\n"
     "  = help: remove one\n"},
    {"{if a}<p/>{/for}",
     "error[E0215]: {/for} closes {if}\n"
     " --> app.flin:1:11\n"
     "  |\n"
     "1 | {if a}<p/>{/for}\n"
     "  |           ^^^^^^\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | {if a}<p/>{/for}\n"
     "  | ^^^ opened here\n"},
    {"<p>{if a}x</p>",
     "error[E0203]: '{if}' is not closed\n"
     " --> app.flin:1:11\n"
     "  |\n"
     "1 | <p>{if a}x</p>\n"
     "  |           ^^^^\n"
     " --> app.flin:1:4\n"
     "  |\n"
     "1 | <p>{if a}x</p>\n"
     "  |    ^^^ opened here\n"},
    {"<p>{n++}</p>",
     "error[E0512]: a view cannot change state\n"
     " --> app.flin:1:6\n"
     "  |\n"
     "1 | <p>{n++}</p>\n"
     "  |      ^^\n"
     "  |\n"
     "  = help: move it to a handler\n"},
    {"<p>{a b}</p>",
     "error[E0201]: expected '}', found 'b'\n"
     " --> app.flin:1:7\n"
     "  |\n"
     "1 | <p>{a b}</p>\n"
     "  |       ^\n"
     " --> app.flin:1:4\n"
     "  |\n"
     "1 | <p>{a b}</p>\n"
     "  |    ^ opened here\n"},
    {"<p>{</p>",
     "error[E0202]: expected an expression, found '<'\n"
     " --> app.flin:1:5\n"
     "  |\n"
     "1 | <p>{</p>\n"
     "  |     ^\n"
     "  |\n"
     "  = help: complete the expression\n"},
    {"</p>",
     "error[E0204]: unexpected closing '</p>'\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | </p>\n"
     "  | ^^^^\n"
     "  |\n"
     "  = help: remove it\n"},
    {"{/if}",
     "error[E0204]: unexpected closing '{/if}'\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | {/if}\n"
     "  | ^^^^^\n"
     "  |\n"
     "  = help: remove it\n"},
    {"<p a=1/>",
     "error[E0201]: expected a quoted value or '{', found '1'\n"
     " --> app.flin:1:6\n"
     "  |\n"
     "1 | <p a=1/>\n"
     "  |      ^\n"},
    {"<p a=\"b",
     "error[E0102]: text is not closed\n"
     " --> app.flin:1:6\n"
     "  |\n"
     "1 | <p a=\"b\n"
     "  |      ^\n"
     "  |\n"
     "  = help: add the quote\n"
     "\n"
     "error[E0203]: '<p' is not closed\n"
     " --> app.flin:1:8\n"
     "  |\n"
     "1 | <p a=\"b\n"
     "  |        ^\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | <p a=\"b\n"
     "  | ^^ opened here\n"},
    {"<!doctype html>\n<p/>",
     "error[E0202]: expected an expression, found '<'\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | <!doctype html>\n"
     "  | ^\n"
     "  |\n"
     "  = help: complete the expression\n"},
    {"{for x in}<i/>{/for}",
     "error[E0202]: expected an expression, found '}'\n"
     " --> app.flin:1:10\n"
     "  |\n"
     "1 | {for x in}<i/>{/for}\n"
     "  |          ^\n"
     "  |\n"
     "  = help: complete the expression\n"},
    {"x =",
     "error[E0202]: expected an expression, found the end of the file\n"
     " --> app.flin:1:4\n"
     "  |\n"
     "1 | x =\n"
     "  |    ^\n"
     "  |\n"
     "  = help: complete the expression\n"},
    {"{\n\t\"größe\": 1 2\n}",
     "error[E0201]: expected ',' or '}', found '2'\n"
     " --> app.flin:2:13\n"
     "  |\n"
     "2 |     \"größe\": 1 2\n"
     "  |                ^\n"
     " --> app.flin:1:1\n"
     "  |\n"
     "1 | {\n"
     "  | ^ opened here\n"},
};

TEST(SyntaxError, IsRenderedExactly) {
  for (const Case& c : kCases) EXPECT_EQ(parsed(c.source).messages, c.text) << c.source;
}

}  // namespace
}  // namespace flin::syntax
