// What is inferred for variables and functions, and how it is noted in the tree.
#include "checked.h"

#include <gtest/gtest.h>

#include <chrono>

namespace flin::testing {
namespace {

using check::text_of;
using syntax::as;

std::string type_of(const Checked& c, std::string_view variable) {
  const check::Symbol* symbol = c.variable(variable);
  return symbol == nullptr ? "no such variable" : text_of(symbol->type);
}
std::string signature(const Checked& c, std::string_view name) {
  for (const auto* f : c.program->functions) {
    if (f->declaration->name.text != name) continue;
    std::string text = "(";
    for (const auto* p : f->parameters) text += (text.size() > 1 ? ", " : "") + text_of(p);
    return text + ") -> " + text_of(f->result);
  }
  return "no such function";
}
const syntax::Expr* value_of(const Checked& c, std::size_t statement) {
  return as<syntax::AssignStmt>(*c.files[0]->statements[statement]).value;
}

TEST(Inference, JoinsIntAndNumberAssignedToOneVariable) {
  Checked c("t = 0\nt = t + 1.5\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(type_of(c, "t"), "number");
  EXPECT_EQ(text_of(value_of(c, 0)->converted), "number");
}

TEST(Inference, JoinsNoneAndAValue) {
  Checked c("x = none\nif true { x = 5 }\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(type_of(c, "x"), "int?");
}

TEST(Inference, FillsAnEmptyListFromItsUses) {
  Checked c("xs = []\nxs.push(1)\nys = []\nm = {}\nm.a = 1\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(type_of(c, "xs"), "[int]");
  EXPECT_EQ(type_of(c, "ys"), "[any]");
  EXPECT_EQ(type_of(c, "m"), "[text: int]");
}

TEST(Inference, GivesVariablesOfHandlersTheJoinOverThePage) {
  Checked c("n = 0\n<b click={n = n + 0.5}>{n}</b>\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(type_of(c, "n"), "number");
}

TEST(Inference, UsesAPageVariableInAFunctionAboveIt) {
  Checked c("fn inc() { count = count + 1 }\ncount = 0\n<b click={inc()}>{count}</b>\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(type_of(c, "count"), "int");
  EXPECT_EQ(signature(c, "inc"), "() -> none");
}

TEST(Inference, GeneralisesUnconstrainedFunctions) {
  Checked c(
      "fn same(x) { x }\na = same(1)\nb = same(\"a\")\nfn twice(f, x) { f(f(x)) }\nd = twice(v => "
      "v + 1, 3)\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(type_of(c, "a"), "int");
  EXPECT_EQ(type_of(c, "b"), "text");
  EXPECT_EQ(signature(c, "twice"), "((any) -> any, any) -> any");
}

TEST(Inference, FixesParametersByTheirUses) {
  Checked c(
      "fn f(x) { g(x) }\nfn g(x: int) { x }\nfn h(s) { upper(s) }\nfn k(xs) { for x in xs { "
      "print(x + 1) } }\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(signature(c, "f"), "(int) -> int");
  EXPECT_EQ(signature(c, "h"), "(text) -> text");
  EXPECT_EQ(signature(c, "k"), "([any]) -> none");
}

TEST(Inference, TypesMutualRecursionTogether) {
  Checked c(
      "fn even(n) { if n == 0 { true } else { odd(n - 1) } }\nfn odd(n) { if n == 0 { false } else "
      "{ even(n - 1) } }\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(signature(c, "even"), "(any) -> bool");
}

TEST(Inference, ChecksAnyAtRunTime) {
  Checked c("n: int = json_parse(\"1\")\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(text_of(value_of(c, 0)->type), "any");
  EXPECT_EQ(text_of(value_of(c, 0)->converted), "int");
}

TEST(Inference, RunsAQueryWhereItBecomesAList) {
  Checked c("entity T { n: int }\nxs: [T] = T.all\nq = T.all\na: any = T.all\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(text_of(value_of(c, 1)->converted), "[T]");
  EXPECT_EQ(value_of(c, 2)->converted, nullptr);
  EXPECT_EQ(text_of(value_of(c, 3)->converted), "[T]");
}

TEST(Inference, PassesArgumentsInOrderOfParameters) {
  Checked c("fn box(w, h = 1, d = 2) { w }\nx = box(1, d: 3)\n");
  EXPECT_EQ(c.rendered(), "");
  const auto& call = as<syntax::CallExpr>(*value_of(c, 1));
  ASSERT_EQ(call.target, syntax::CallTarget::kFunction);
  ASSERT_EQ(call.operands.size(), 3u);
  EXPECT_NE(call.operands[0], nullptr);
  EXPECT_EQ(call.operands[1], nullptr);
  EXPECT_EQ(call.operands[2], call.arguments[1].value);
}

TEST(Inference, CallsAMethodWithoutParentheses) {
  Checked c("t = \"a\"\nn = t.trim.len\nd = 7.days\n");
  const auto& member = as<syntax::MemberExpr>(*value_of(c, 1));
  ASSERT_EQ(member.target, syntax::MemberTarget::kCall);
  EXPECT_EQ(member.call->builtin->name, "len");
  ASSERT_EQ(member.call->operands.size(), 1u);
  EXPECT_EQ(member.call->operands[0], member.object);
  const auto& unit = as<syntax::MemberExpr>(*value_of(c, 2));
  EXPECT_EQ(unit.target, syntax::MemberTarget::kUnit);
  EXPECT_EQ(unit.field, 4u);
}

TEST(Inference, CallsAnyByNameAtRunTime) {
  Checked c("a: any = 1\nx = a.f(1)\ny = a.b\n");
  const auto& call = as<syntax::CallExpr>(*value_of(c, 1));
  EXPECT_EQ(call.target, syntax::CallTarget::kValue);
  EXPECT_EQ(as<syntax::MemberExpr>(*call.callee).target, syntax::MemberTarget::kDynamic);
  EXPECT_EQ(as<syntax::MemberExpr>(*value_of(c, 2)).target, syntax::MemberTarget::kDynamic);
}

TEST(Inference, ANameThatIsNotCallableDoesNotHideABuiltin) {
  Checked c("len = 1\nx = len(\"a\")\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_EQ(as<syntax::CallExpr>(*value_of(c, 1)).target, syntax::CallTarget::kBuiltin);
}

TEST(Inference, CapturesLocalsOfOuterUnits) {
  Checked c("fn make() { n = 0\n() => { n++\nn } }\n");
  EXPECT_EQ(c.rendered(), "");
  const auto* f = c.program->functions[0];
  const auto& lambda =
      as<syntax::LambdaExpr>(*as<syntax::ExprStmt>(*f->declaration->body->statements[1]).value);
  ASSERT_EQ(lambda.unit->captures.size(), 1u);
  EXPECT_EQ(lambda.unit->captures[0]->name, "n");
  EXPECT_TRUE(lambda.unit->captures[0]->is_captured);
  EXPECT_EQ(lambda.unit->parent, f->unit);
}

TEST(Inference, MarksPageBoundFunctions) {
  Checked c(
      "n = 0\nfn inc() { n++ }\nfn both() { inc() }\nfn free(x) { x }\n<p "
      "click={both()}>{n}</p>\n");
  EXPECT_EQ(c.rendered(), "");
  EXPECT_TRUE(c.program->functions[0]->page_bound);
  EXPECT_TRUE(c.program->functions[1]->page_bound);
  EXPECT_FALSE(c.program->functions[2]->page_bound);
}

TEST(Inference, KnowsWhatAScriptAndAServerProgramAre) {
  EXPECT_FALSE(Checked("print(1)\n").program->is_server);
  EXPECT_NE(Checked("print(1)\n").program->script, nullptr);
  EXPECT_TRUE(Checked("<p>x</p>\n").program->is_server);
  EXPECT_TRUE(Checked("route GET \"/\" { 1 }\n").program->is_server);
}

TEST(Inference, PlacesFilesOfADirectoryProgram) {
  Checked c(Files{{{"app/index.flin", "<Card t=\"a\"/>\n"},
                   {"app/blog/[id].flin", "n = 1\n<p>{params.id ?? \"\"}{n}</p>\n"},
                   {"components/Card.flin", "props(t: text)\n<b>{t}</b>\n"},
                   {"lib/math.flin", "fn twice(x: int) { x * 2 }\n"}}});
  EXPECT_EQ(c.rendered(), "");
  ASSERT_EQ(c.program->pages.size(), 2u);
  EXPECT_EQ(c.program->pages[0]->path, "/");
  EXPECT_EQ(c.program->pages[1]->path, "/blog/[id]");
  ASSERT_EQ(c.program->components.size(), 1u);
  EXPECT_EQ(c.program->components[0]->name, "Card");
  ASSERT_EQ(c.program->pages[0]->components.size(), 1u);
}

TEST(Inference, SetupInAFileOfDeclarationsIsRefused) {
  Checked c(Files{{{"app/index.flin", "<p>x</p>\n"}, {"lib/a.flin", "x = 1\nprint(x)\n"}}});
  EXPECT_EQ(c.codes(), "E0216:1 E0216:2");
}

// A generated program of `lines` lines; gives the seconds that checking takes.
double seconds_for(int lines) {
  std::string source;
  for (int i = 0; i < lines / 10; ++i) {
    std::string n = std::to_string(i), before = i > 0 ? "f" + std::to_string(i - 1) + "(x)" : "x";
    source += "fn f" + n + "(x) {\n  a = " + before + "\n  if a == 0 { return 0 }\n  b = [1, 2, " +
              n +
              "]\n  c = b.map(v => v * 2).filter(v => v > 1)\n  t = \"{c.len} {b.first ?? 0}\"\n  "
              "t.len\n}\nv" +
              n + " = f" + n + "(1)\nw" + n + " = v" + n + " + 1\n";
  }
  syntax::Sources sources;
  Arena arena;
  FakeBindings bindings;
  syntax::Diagnostics diagnostics;
  auto* file = syntax::parse(sources, sources.add("app.flin", source), arena, diagnostics);
  auto start = std::chrono::steady_clock::now();
  auto program = check::check({file}, sources, "app", bindings, diagnostics);
  std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_TRUE(diagnostics.sorted().empty());
  return taken.count();
}

TEST(Inference, TakesTimeInProportionToTheProgram) {
  seconds_for(1000);
  double small = seconds_for(2500), large = seconds_for(10000);
  EXPECT_LT(large, small * 4 * 2.5 + 0.05) << small << " s and " << large << " s";
}

}  // namespace
}  // namespace flin::testing
