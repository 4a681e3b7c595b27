// The argument of `where` as code of L 21.5.
#include "checked.h"

#include <gtest/gtest.h>

namespace flin::testing {
namespace {

constexpr const char* kDeclarations = R"(entity User { name: text, boss: User? }
entity Todo { title: text, done: bool = false, size: int = 0, owner: User?, tags: [text], due: time = now }
limit = 3
word = "a"
)";

// As text: "f(title) p0 c0 contains".
std::string written(const check::Predicate& p) {
  static const std::map<int, const char*> kNames = {
      {0x10, "eq"},    {0x11, "ne"},       {0x12, "lt"},       {0x13, "le"},     {0x14, "gt"},
      {0x15, "ge"},    {0x16, "and"},      {0x17, "or"},       {0x18, "not"},    {0x19, "none"},
      {0x1A, "in"},    {0x1B, "add"},      {0x1C, "sub"},      {0x1D, "mul"},    {0x1E, "div"},
      {0x1F, "mod"},   {0x20, "coalesce"}, {0x21, "contains"}, {0x22, "starts"}, {0x23, "ends"},
      {0x24, "lower"}, {0x25, "upper"},    {0x26, "trim"},     {0x27, "len"},    {0x28, "count"},
      {0x29, "year"},  {0x2A, "month"},    {0x2B, "day"}};
  std::string out;
  for (std::size_t at = 0; at < p.code.size();) {
    int op = p.code[at++];
    if (!out.empty()) out += ' ';
    if (op == 1) {
      int count = p.code[at++];
      out += "f(";
      for (int i = 0; i < count; ++i) out += (i > 0 ? "." : "") + p.names[p.code[at++]];
      out += ')';
    } else if (op == 2) {
      out += 'p' + std::to_string(p.code[at++]);
    } else if (op == 3) {
      out += 'c' + std::to_string(p.code[at++]);
    } else {
      out += kNames.at(op);
    }
  }
  return out;
}

std::string predicate_of(const std::string& condition) {
  Checked c(kDeclarations + ("x = Todo.where(" + condition + ")\n"));
  if (!c.rendered().empty()) return c.rendered();
  const auto& assign = syntax::as<syntax::AssignStmt>(*c.files[0]->statements[4]);
  const auto& call = syntax::as<syntax::CallExpr>(*assign.value);
  return call.predicate == nullptr ? "no predicate" : written(*call.predicate);
}

struct Row {
  const char* condition;
  const char* code;
};
class PredicateOf : public ::testing::TestWithParam<Row> {};

TEST_P(PredicateOf, IsAsWritten) {
  EXPECT_EQ(predicate_of(GetParam().condition), GetParam().code) << GetParam().condition;
}

constexpr Row kRows[] = {
    {"done", "f(done)"},
    {"!done", "f(done) not"},
    {"done == false", "f(done) c0 eq"},
    {"size > limit", "f(size) p0 gt"},
    {"size > limit + 1", "f(size) p0 gt"},
    {"size + 1 <= 3 && done", "f(size) c0 add c1 le f(done) and"},
    {"title == word or size in [1, 2]", "f(title) p0 eq f(size) c0 in or"},
    {"size not in 1..limit", "f(size) p0 in not"},
    {"title.contains(word)", "f(title) p0 contains"},
    {"title.lower.starts_with(\"a\")", "f(title) lower c0 starts"},
    {"title.toLowerCase().includes(word.lower)", "f(title) lower p0 contains"},
    {"title.trim.len > 2", "f(title) trim len c0 gt"},
    {"owner == none", "f(owner) none"},
    {"owner is not none", "f(owner) none not"},
    {"owner.name == word", "f(owner.name) p0 eq"},
    {"owner.boss.name == word", "f(owner.boss.name) p0 eq"},
    {"tags.contains(\"x\")", "f(tags) c0 contains"},
    {"tags.count > 1", "f(tags) count c0 gt"},
    {"\"x\" in tags", "c0 f(tags) in"},
    {"due.year == 2026", "f(due) year c0 eq"},
    {"due < now - 7.days", "f(due) p0 lt"},
    {"id != 5 && version >= 1", "f(id) c0 ne f(version) c1 ge and"},
    {"t => t.title == word", "f(title) p0 eq"},
    {"t => t.owner.name == word && !t.done", "f(owner.name) p0 eq f(done) not and"},
    {"limit > 1", "p0"},
};
INSTANTIATE_TEST_SUITE_P(Rows, PredicateOf, ::testing::ValuesIn(kRows));

TEST(Predicate, ParametersAreTheExpressionsToEvaluate) {
  Checked c(std::string(kDeclarations) + "x = Todo.where(size > limit && title == word)\n");
  const auto& assign = syntax::as<syntax::AssignStmt>(*c.files[0]->statements[4]);
  const auto& p = *syntax::as<syntax::CallExpr>(*assign.value).predicate;
  ASSERT_EQ(p.parameters.size(), 2u);
  EXPECT_EQ(c.sources.text(p.parameters[0]->span), "limit");
  EXPECT_EQ(c.sources.text(p.parameters[1]->span), "word");
}

TEST(Predicate, AQueryStartsWithAMadeCallOfAll) {
  Checked c(std::string(kDeclarations) + "x = Todo.where(done).order(size, \"desc\").limit(2)\n");
  EXPECT_EQ(c.rendered(), "");
  const auto& limit = syntax::as<syntax::CallExpr>(
      *syntax::as<syntax::AssignStmt>(*c.files[0]->statements[4]).value);
  EXPECT_EQ(limit.form, "query_limit");
  const auto& order = syntax::as<syntax::CallExpr>(*limit.operands[0]);
  EXPECT_EQ(order.form, "query_order");
  EXPECT_EQ(order.field, "size");
  EXPECT_EQ(order.detail, "desc");
  const auto& where = syntax::as<syntax::CallExpr>(*order.operands[0]);
  EXPECT_EQ(where.form, "query_where");
  const auto& all = syntax::as<syntax::CallExpr>(*where.operands[0]);
  EXPECT_EQ(all.form, "query_all");
  EXPECT_EQ(all.entity->name, "Todo");
}

}  // namespace
}  // namespace flin::testing
