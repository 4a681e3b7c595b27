// The form of messages (L 19.1 - 19.3).
#include "parse.h"

namespace flin::syntax {
namespace {

TEST(Diagnostic, HasTheFormOfTheLanguage) {
  Sources sources;
  std::string text(11, '\n');
  sources.add("app.flin", text + "total = count + tax\n");
  Diagnostics diagnostics;
  Diagnostic& d =
      diagnostics.report(Code::E0001, {0, 19, 24}, {"count"}, "not declared in this scope");
  d.helps = {"did you mean 'cost'? (declared on line 3)"};
  d.notes = {"variables must be declared before use"};
  EXPECT_EQ(diagnostics.render(sources),
            "error[E0001]: undefined variable 'count'\n"
            "  --> app.flin:12:9\n"
            "   |\n"
            "12 | total = count + tax\n"
            "   |         ^^^^^ not declared in this scope\n"
            "   |\n"
            "   = help: did you mean 'cost'? (declared on line 3)\n"
            "   = note: variables must be declared before use\n");
}

TEST(Diagnostic, FillsArgumentsAndBraces) {
  Sources sources;
  sources.add("a.flin", "{if a}{/for}");
  Diagnostics diagnostics;
  EXPECT_EQ(diagnostics.report(Code::E0215, {0, 6, 12}, {"for", "if"}).message,
            "{/for} closes {if}");
  EXPECT_EQ(diagnostics.report(Code::E0503, {0, 0, 1}, {"click"}).helps[0], "write click={..}");
}

TEST(Diagnostic, ShowsATabAsFourBlanksAndCountsCodePoints) {
  Sources sources;
  sources.add("a.flin", "\t\xC3\xA4\t\xF0\x9F\x98\x80 = x y");
  Diagnostics diagnostics;
  diagnostics.report(Code::E0205, {0, 13, 14}, {}).helps.clear();
  EXPECT_EQ(diagnostics.render(sources),
            "error[E0205]: two statements on one line\n"
            " --> a.flin:1:10\n"
            "  |\n"
            "1 |     \xC3\xA4    \xF0\x9F\x98\x80 = x y\n"
            "  |                ^\n");
}

TEST(Diagnostic, CoversTheFirstLineOfALongSpan) {
  Sources sources;
  sources.add("a.flin", "ab cd\nef\n");
  Diagnostics diagnostics;
  diagnostics.report(Code::E0205, {0, 3, 8}, {}).helps.clear();
  EXPECT_NE(diagnostics.render(sources).find("  |    ^^\n"), std::string::npos);
}

TEST(Diagnostic, PointsBehindTheEndOfTheFile) {
  Sources sources;
  sources.add("a.flin", "");
  Diagnostics diagnostics;
  diagnostics.report(Code::E0205, {0, 0, 0}, {}).helps.clear();
  EXPECT_EQ(diagnostics.render(sources),
            "error[E0205]: two statements on one line\n --> a.flin:1:1\n  |\n1 |\n  | ^\n");
}

TEST(Diagnostic, OtherPlacesAreFurtherBlocksWithOneMargin) {
  Sources sources;
  sources.add("a.flin", "(\n\n\n\n\n\n\n\n\nb");
  Diagnostics diagnostics;
  diagnostics.report(Code::E0203, {0, 10, 11}, {"("}).others.push_back({{0, 0, 1}, "opened here"});
  EXPECT_EQ(diagnostics.render(sources),
            "error[E0203]: '(' is not closed\n"
            "  --> a.flin:10:1\n"
            "   |\n"
            "10 | b\n"
            "   | ^\n"
            "  --> a.flin:1:1\n"
            "   |\n"
            " 1 | (\n"
            "   | ^ opened here\n");
}

TEST(Diagnostics, AreSortedByPlaceAndOnePerSpan) {
  Sources sources;
  sources.add("a.flin", "abc");
  sources.add("b.flin", "abc");
  Diagnostics diagnostics;
  diagnostics.report(Code::E0205, {1, 0, 1}, {});
  diagnostics.report(Code::E0204, {0, 2, 3}, {"c"});
  diagnostics.report(Code::W0213, {0, 1, 2}, {});
  diagnostics.report(Code::E0205, {0, 2, 3}, {});
  Codes codes;
  for (const Diagnostic& d : diagnostics.sorted()) codes.emplace_back(name_of(d.code));
  EXPECT_EQ(codes, (Codes{"W0213", "E0204", "E0205"}));
  EXPECT_EQ(diagnostics.errors(), 2u);
}

TEST(Diagnostics, WarningsAreNoErrors) {
  EXPECT_FALSE(is_error(Code::W0213));
  Diagnostics diagnostics;
  diagnostics.report(Code::W0213, {0, 0, 1}, {});
  EXPECT_FALSE(diagnostics.has_errors());
}

}  // namespace
}  // namespace flin::syntax
