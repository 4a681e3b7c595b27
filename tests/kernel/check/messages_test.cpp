// Texts of messages as an author sees them (L 19.1, A 6.6).
#include "checked.h"

#include <gtest/gtest.h>

namespace flin::testing {
namespace {

TEST(Messages, AnUndefinedVariableIsSuggestedWithItsLine) {
  Checked c("tax = 1\n\ncost = 2\ntotal = cots + tax\n");
  EXPECT_EQ(c.rendered(),
            "error[E0001]: undefined variable 'cots'\n"
            " --> app.flin:4:9\n"
            "  |\n"
            "4 | total = cots + tax\n"
            "  |         ^^^^ not declared in this scope\n"
            "  |\n"
            "  = help: did you mean 'cost'? (declared on line 3)\n"
            "  = note: variables must be declared before use\n");
}

TEST(Messages, AFormWithoutItsPluginNamesPluginAndFlag) {
  Checked c("entity Todo { title: text }\ntask = Todo { title: \"a\" }\nsave task\n", {"http"});
  EXPECT_EQ(c.rendered(),
            "error[E1001]: 'save' needs plugin store\n"
            " --> app.flin:3:1\n"
            "  |\n"
            "3 | save task\n"
            "  | ^^^^ no loaded plugin gives it a meaning\n"
            "  |\n"
            "  = help: run with --plugins=http,store\n");
}

TEST(Messages, AQueryWithoutThePluginIsE1001) {
  Checked c("entity Todo { title: text }\nn = Todo.count\n", {"http", "ws"});
  EXPECT_EQ(c.codes(), "E1001:2");
  EXPECT_NE(c.rendered().find("run with --plugins=http,ws,store"), std::string::npos)
      << c.rendered();
}

TEST(Messages, ABuiltinOfAPluginThatIsNotLoadedIsE1001) {
  Checked c("x = http_get(\"/a\")\nprint(x)\n");
  EXPECT_EQ(c.codes(), "E1001:1");
  EXPECT_NE(c.rendered().find("'http_get' needs plugin async"), std::string::npos) << c.rendered();
}

TEST(Messages, ARouteWithoutHttpIsE1001) {
  Checked c("route GET \"/\" { 1 }\n", {"store"});
  EXPECT_EQ(c.codes(), "E1001:1");
}

TEST(Messages, ASecondDeclarationShowsTheFirst) {
  Checked c("fn add(a) { a }\nfn add(b) { b }\n");
  EXPECT_EQ(c.rendered(),
            "error[E0004]: 'add' is declared twice\n"
            " --> app.flin:2:4\n"
            "  |\n"
            "2 | fn add(b) { b }\n"
            "  |    ^^^ declared again here\n"
            " --> app.flin:1:4\n"
            "  |\n"
            "1 | fn add(a) { a }\n"
            "  |    ^^^ first declared here\n"
            "  |\n"
            "  = help: rename one\n");
}

TEST(Messages, MatchNamesTheMissingCases) {
  Checked c("enum S { A, B, C }\nx = match S.A { A -> 1 }\n");
  EXPECT_NE(c.rendered().find("error[E0308]: match does not cover: B, C\n"), std::string::npos)
      << c.rendered();
}

TEST(Messages, AValueThatMayBeNoneSaysWhatToDo) {
  Checked c("u = [1].first\nprint(u + 1)\n");
  EXPECT_NE(c.rendered().find("error[E0305]: u may be none\n"), std::string::npos) << c.rendered();
  EXPECT_NE(c.rendered().find("help: use ?. or ??, or check u != none first"), std::string::npos)
      << c.rendered();
}

TEST(Messages, AWrongArgumentNamesParameterAndFunction) {
  Checked c("print(upper(5))\n");
  EXPECT_NE(c.rendered().find("error[E0304]: argument 't' of 'upper': expected text, found int\n"),
            std::string::npos)
      << c.rendered();
  EXPECT_NE(c.rendered().find("help: convert with text(..)"), std::string::npos) << c.rendered();
}

TEST(Messages, AWrongNumberOfArgumentsShowsTheSignature) {
  Checked c("fn box(w: int, h = 1) { w }\nbox()\n");
  EXPECT_NE(c.rendered().find("error[E0303]: 'box' takes 1 to 2 arguments, got 0\n"),
            std::string::npos)
      << c.rendered();
  EXPECT_NE(c.rendered().find("help: box(w: int, h)"), std::string::npos) << c.rendered();
}

TEST(Messages, AnUnknownPropSuggestsTheDeclaredOne) {
  Checked c("component Card(title: text = \"\") { <p>{title}</p> }\n<Card titel=\"a\"/>\n");
  EXPECT_NE(c.rendered().find("error[E0508]: Card has no prop 'titel'\n"), std::string::npos)
      << c.rendered();
  EXPECT_NE(c.rendered().find("help: did you mean 'title'?"), std::string::npos) << c.rendered();
}

TEST(Messages, AnUnknownComponentSuggestsTheNearest) {
  Checked c("component Button { <b/> }\n<Buton/>\n");
  EXPECT_NE(c.rendered().find("error[E0006]: component not found: Buton\n"), std::string::npos)
      << c.rendered();
  EXPECT_NE(c.rendered().find("help: did you mean 'Button'? Elements are written in lower case"),
            std::string::npos);
}

TEST(Messages, CodeOfBothTiersNamesTheTwoPlaces) {
  Checked c("entity T { n: int }\nt = T { n: 1 }\n<b click={window.scrollTo(0, 0); save t}/>\n");
  EXPECT_NE(c.rendered().find("error[E0601]: 'click' uses browser and server things\n"),
            std::string::npos)
      << c.rendered();
  EXPECT_NE(c.rendered().find("uses window"), std::string::npos) << c.rendered();
  EXPECT_NE(c.rendered().find("saves a T"), std::string::npos) << c.rendered();
}

TEST(Messages, AnUnknownValidatorSuggestsTheNearest) {
  Checked c("entity T { n: text @requird }\n");
  EXPECT_NE(c.rendered().find("error[E0401]: unknown validator @requird\n"), std::string::npos)
      << c.rendered();
  EXPECT_NE(c.rendered().find("help: did you mean '@required'?"), std::string::npos)
      << c.rendered();
}

TEST(Messages, AListConditionSaysWhatToTest) {
  Checked c("items = [1]\nif items { print(1) }\n");
  EXPECT_NE(c.rendered().find("help: test items.len > 0"), std::string::npos) << c.rendered();
}

TEST(Messages, SeveralErrorsAreReportedInOneRun) {
  Checked c("a = b1\nc: int = \"x\"\nd = [1] + [2]\nprnt(1)\n");
  EXPECT_EQ(c.codes(), "E0001:1 E0301:2 E0302:3 E0002:4");
}

TEST(Messages, ABrokenExpressionCausesNoFurtherError) {
  Checked c("a = nothing\nb = a + 1\nc = a.x.y\nd: int = a\nfor x in a { print(x) }\na(1)\n");
  EXPECT_EQ(c.codes(), "E0001:1");
}

}  // namespace
}  // namespace flin::testing
