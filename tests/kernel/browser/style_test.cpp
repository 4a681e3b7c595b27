#include "browser/style.h"

#include "base/sha256.h"

#include <gtest/gtest.h>

namespace flin::browser {
namespace {

TEST(ScopedStyle, MarksTheLastCompoundSelector) {
  EXPECT_EQ(scoped_style("ul li { a: b }", "x1"), "ul li[data-flin-scope=\"x1\"] { a: b }");
}
TEST(ScopedStyle, MarksEachSelectorOfAList) {
  EXPECT_EQ(scoped_style("a, b>c{}", "x"),
            "a[data-flin-scope=\"x\"], b>c[data-flin-scope=\"x\"]{}");
}
TEST(ScopedStyle, MarksInFrontOfPseudoClasses) {
  EXPECT_EQ(scoped_style("a:hover::before{}", "x"), "a[data-flin-scope=\"x\"]:hover::before{}");
}
TEST(ScopedStyle, LeavesGlobalSelectorsAlone) {
  EXPECT_EQ(scoped_style(":global(body) { }", "x"), "body { }");
}
TEST(ScopedStyle, MarksWhatStandsBehindAGlobalSelector) {
  EXPECT_EQ(scoped_style(":global(.dark) p{}", "x"), ".dark p[data-flin-scope=\"x\"]{}");
}
TEST(ScopedStyle, GoesIntoMediaRules) {
  EXPECT_EQ(scoped_style("@media print { p { } }", "x"),
            "@media print { p[data-flin-scope=\"x\"] { } }");
}
TEST(ScopedStyle, LeavesFramesAndImportsAlone) {
  EXPECT_EQ(scoped_style("@import \"a,b\"; @keyframes k { from { } }", "x"),
            "@import \"a,b\"; @keyframes k { from { } }");
}
TEST(ScopedStyle, KnowsTextsAndComments) {
  EXPECT_EQ(scoped_style("/* a, b { */ p[title=\"a,{\"] { }", "x"),
            "/* a, b { */ p[title=\"a,{\"][data-flin-scope=\"x\"] { }");
}

TEST(Sha256, GivesTheDigestsOfTheStandard) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(std::string(1000, 'a')),
            Sha256().add(std::string(400, 'a')).add(std::string(600, 'a')).hex());
  EXPECT_EQ(sha256_hex(std::string(119, 'b')),
            Sha256().add(std::string(60, 'b')).add(std::string(59, 'b')).hex());
}

}  // namespace
}  // namespace flin::browser
