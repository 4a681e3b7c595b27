#include "compile/html.h"

#include <gtest/gtest.h>

namespace flin::compile {
namespace {

using namespace syntax;

TEST(Html, WritesStaticTextSoThatAParserReadsItBack) {
  EXPECT_EQ(static_text("a\rb"), "a&#13;b");
  EXPECT_EQ(static_text(std::string_view("\0", 1)), "\xEF\xBF\xBD");
  EXPECT_EQ(static_attribute("title", "say \"x\" &amp; y"), " title=\"say &quot;x&quot; &amp; y\"");
}

TEST(Html, DecodesReferencesItKnows) {
  std::string out;
  EXPECT_TRUE(decode_references("a&amp;b&lt;&#65;&#x20ac;", out));
  EXPECT_EQ(out, "a&b<A\xE2\x82\xAC");
  EXPECT_FALSE(decode_references("&copy;", out));
  EXPECT_FALSE(decode_references("a & b", out));
  EXPECT_FALSE(decode_references("&#xD800;", out));
}

TEST(Html, PutsRowsIntoATbody) {
  ElementNode head({}, "thead"), row({}, "tr"), caption({}, "caption");
  ForNode loop({});
  loop.children = {&row};
  TextNode blank({}, " ");
  auto runs = table_runs({&caption, &head, &row, &blank, &loop});
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].wrap, "");
  EXPECT_EQ(runs[1].wrap, "tbody");
  EXPECT_EQ(runs[1].nodes.size(), 3u);
}

TEST(Html, TakesFragmentsAway) {
  TextNode a({}, "a"), b({}, "b");
  ElementNode fragment({}, "");
  fragment.children = {&a, &b};
  EXPECT_EQ(flat({&fragment, &a}).size(), 3u);
}

}  // namespace
}  // namespace flin::compile
