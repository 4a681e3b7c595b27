// Several mistakes in one file: each gives its message and none causes another (L 19.3).
#include "parse.h"

namespace flin::syntax {
namespace {

Codes codes(std::string_view text) { return parsed(text).codes; }

TEST(Recovery, FiveUnrelatedMistakesGiveFiveMessages) {
  EXPECT_EQ(codes("x = ,\n"
                  "fn f(a {\n  a\n}\n"
                  "y = [1, 2\n"
                  "if z = 1 { print(z) }\n"
                  "<p>{a b}</p>\n"
                  "print(1)\n"),
            (Codes{"E0202", "E0201", "E0203", "E0201", "E0201"}));
}

TEST(Recovery, GoesOnBehindAMisspeltDeclaration) {
  EXPECT_EQ(codes("functon add(a) {\n  a b c\n}\nx = ,\n"), (Codes{"E0205", "E0202"}));
}

TEST(Recovery, GoesOnInsideABlock) {
  EXPECT_EQ(codes("fn f() {\n  a = ,\n  b = 1 2\n  c = )\n}\nd = *\n"),
            (Codes{"E0202", "E0205", "E0202", "E0202"}));
}

TEST(Recovery, GoesOnBehindABrokenArgumentList) {
  EXPECT_EQ(codes("f(1, , 2)\nx = ,\n"), (Codes{"E0202", "E0202"}));
  EXPECT_EQ(codes("f(\n  a b,\n  c\n)\nx = 1\n"), (Codes{"E0201"}));
}

TEST(Recovery, GoesOnBehindABrokenEntityField) {
  EXPECT_EQ(codes("entity A {\n  a text\n  b: int\n  c: \n}\nx = ,\n"),
            (Codes{"E0201", "E0201", "E0202"}));
}

TEST(Recovery, GoesOnBehindABrokenMatchArm) {
  EXPECT_EQ(codes("match a {\n  1 => 2\n  2 -> 3\n  ] -> 4\n}\nx = ,\n"),
            (Codes{"E0201", "E0201", "E0202"}));
}

TEST(Recovery, GoesOnBehindABrokenInterpolationInAText) {
  EXPECT_EQ(codes("x = \"a {b c} d {e}\"\ny = ,\n"), (Codes{"E0201", "E0202"}));
}

TEST(Recovery, GoesOnBehindABrokenAttribute) {
  EXPECT_EQ(codes("<p a=1 b={c d} click=\"x\">{e f}</p>\nx = ,\n"),
            (Codes{"E0201", "E0201", "E0503", "E0201", "E0202"}));
}

TEST(Recovery, GoesOnInsideAnElementBehindAStrayEndTag) {
  EXPECT_EQ(codes("<div><b>x</b></i></div>\nx = ,\n"), (Codes{"E0204", "E0202"}));
}

TEST(Recovery, ClosesWhatAnOuterEndTagCloses) {
  EXPECT_EQ(codes("<div><span><b>x</div>\nx = ,\n"), (Codes{"E0501", "E0202"}));
}

TEST(Recovery, AMistakeInATemplateBlockOfCodeIsReportedAsCode) {
  EXPECT_EQ(codes("{if a}\nx = ,\n{/if}\ny = ,\n"), (Codes{"E0202", "E0202"}));
}

TEST(Recovery, AStrayBraceIsReportedOnce) {
  EXPECT_EQ(codes("a = 1\n}\nb = ,\n"), (Codes{"E0204", "E0202"}));
}

TEST(Recovery, AnInvalidCharacterCausesNothingElse) {
  EXPECT_EQ(codes("a = 1 # 2 + (\nb = ,\n"), (Codes{"E0101", "E0202"}));
}

TEST(Recovery, ConstructsOfLaterVersionsAreReadWhole) {
  EXPECT_EQ(
      codes("trait A { fn a() }\nimpl A for B { fn a() { 1 } }\ntype C = int\ntest \"t\" { a }\n"
            "on topic \"t\"(v) { v }\nagent D { n = 1 }\nws \"/\" { on connect { } }\nx = ,\n"),
      (Codes{"E0202"}));
}

TEST(Recovery, AtMostFiftyErrorsOfAFileAreShown) {
  std::string text;
  for (int i = 0; i < 80; ++i) text += "x = ,\n";
  const Parsed result = parsed(text);
  EXPECT_EQ(result.codes.size(), 50u);
  EXPECT_EQ(result.errors, 80u);
}

}  // namespace
}  // namespace flin::syntax
