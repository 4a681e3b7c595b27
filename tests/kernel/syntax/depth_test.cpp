// Nesting is limited to 256 (E0214), whatever is nested, without using up the stack.
#include "parse.h"

namespace flin::syntax {
namespace {

std::string times(int count, std::string_view what) {
  std::string out;
  for (int i = 0; i < count; ++i) out += what;
  return out;
}

Codes nested(int depth, std::string_view open, std::string_view inside, std::string_view close) {
  return parsed(times(depth, open) + std::string(inside) + times(depth, close) + "\n").codes;
}

TEST(Depth, OfParenthesesIsLimited) {
  EXPECT_EQ(nested(200, "(", "1", ")"), Codes{});
  EXPECT_EQ(nested(300, "(", "1", ")"), Codes{"E0214"});
  EXPECT_EQ(nested(100000, "(", "1", ")"), Codes{"E0214"});
}

TEST(Depth, OfListsCallsAndMapsIsLimited) {
  EXPECT_EQ(nested(300, "[", "1", "]"), Codes{"E0214"});
  EXPECT_EQ(nested(300, "f(", "1", ")"), Codes{"E0214"});
  EXPECT_EQ(nested(300, "{ a: ", "1", " }"), Codes{"E0214"});
}

TEST(Depth, OfPrefixOperatorsIsLimited) {
  EXPECT_EQ(nested(300, "- ", "1", ""), Codes{"E0214"});
  EXPECT_EQ(nested(300, "not ", "a", ""), Codes{"E0214"});
  EXPECT_EQ(nested(300, "x => ", "a", ""), Codes{"E0214"});
}

TEST(Depth, OfChainsOfOperatorsIsLimited) {
  EXPECT_EQ(nested(200, "a + ", "1", ""), Codes{});
  EXPECT_EQ(nested(350, "a + ", "1", ""), Codes{"E0214"});
  EXPECT_EQ(nested(300, "a ?? ", "1", ""), Codes{"E0214"});
  EXPECT_EQ(nested(300, "a ? b : ", "1", ""), Codes{"E0214"});
  EXPECT_EQ(parsed("a" + times(350, ".b") + "\n").codes, Codes{"E0214"});
  EXPECT_EQ(parsed("a" + times(350, " |> f") + "\n").codes, Codes{"E0214"});
}

TEST(Depth, OfBlocksIsLimited) {
  EXPECT_EQ(nested(80, "if a { ", "b", " }"), Codes{});
  EXPECT_EQ(nested(300, "if a { ", "b", " }"), Codes{"E0214"});
  EXPECT_EQ(nested(300, "for x in xs { ", "b", " }"), Codes{"E0214"});
}

TEST(Depth, OfMarkupIsLimited) {
  EXPECT_EQ(nested(200, "<b>", "x", "</b>"), Codes{});
  EXPECT_EQ(nested(300, "<b>", "x", "</b>"), Codes{"E0214"});
  EXPECT_EQ(nested(300, "{if a}", "<b/>", "{/if}"), Codes{"E0214"});
}

TEST(Depth, OfTypesAndPatternsIsLimited) {
  EXPECT_EQ(parsed("x: " + times(300, "[") + "int" + times(300, "]") + " = 1\n").codes,
            Codes{"E0214"});
  EXPECT_EQ(parsed("match a { " + times(300, "[") + "x" + times(300, "]") + " -> 1 }\n").codes,
            Codes{"E0214"});
}

TEST(Depth, AStatementBehindIsReadAgain) {
  EXPECT_EQ(parsed("x = " + times(300, "(") + "1" + times(300, ")") + "\ny = ,\n").codes,
            (Codes{"E0214", "E0202"}));
}

}  // namespace
}  // namespace flin::syntax
