#include "base/json.h"

#include <gtest/gtest.h>

namespace flin::json {
namespace {

std::string refusal(std::string_view text, std::size_t depth = 64) {
  auto document = Document::parse(text, depth);
  return document.ok() ? "read" : code_text(document.error().code) + " " + document.error().message;
}

TEST(Json, KeepsTheBytesOfEveryValue) {
  const std::string text = R"( { "a" : [1, -2.5e3, "x\u00e9\n"] , "b":null, "c" : {"d":true} } )";
  auto document = Document::parse(text);
  ASSERT_TRUE(document.ok());
  const Node& root = document.value().root();
  ASSERT_EQ(root.keys.size(), 3u);
  EXPECT_EQ(root.raw, text.substr(1, text.size() - 2));
  EXPECT_EQ(root.find("a")->raw, R"([1, -2.5e3, "x\u00e9\n"])");
  EXPECT_EQ(root.find("a")->items[2].raw, R"("x\u00e9\n")");
  EXPECT_EQ(root.find("a")->items[2].text, "x\xC3\xA9\n");
  EXPECT_TRUE(root.find("a")->items[0].is_int);
  EXPECT_FALSE(root.find("a")->items[1].is_int);
  EXPECT_EQ(root.find("a")->items[1].number, -2500);
  EXPECT_EQ(root.find("c")->raw, "{\"d\":true}");
  EXPECT_TRUE(root.find("c")->find("d")->boolean);
  EXPECT_EQ(root.find("missing"), nullptr);
}

TEST(Json, ReadsIntsUpToTheirLimits) {
  auto document =
      Document::parse("[9223372036854775807,-9223372036854775808,9223372036854775808,1.0]");
  ASSERT_TRUE(document.ok());
  const auto& items = document.value().root().items;
  EXPECT_EQ(items[0].integer, INT64_MAX);
  EXPECT_EQ(items[1].integer, INT64_MIN);
  EXPECT_FALSE(items[2].is_int);
  EXPECT_FALSE(items[3].is_int);
}

TEST(Json, TellsLineAndColumnOfWhatIsWrong) {
  EXPECT_EQ(refusal("{"), "R0021 bad JSON at 1:2");
  EXPECT_EQ(refusal("[1,\n  x]"), "R0021 bad JSON at 2:3");
  EXPECT_EQ(refusal(""), "R0021 bad JSON at 1:1");
}

TEST(Json, RefusesWhatRfc8259DoesNotAllow) {
  for (const char* text : {"[1,]", "{\"a\":1,}", "01", "+1", "1.", "'a'", "nul", "[1] 2", "\"\t\"",
                           "\"\\x\"", "{a:1}", "// x\n1"})
    EXPECT_NE(refusal(text), "read") << text;
}

TEST(Json, RefusesInvalidUtf8SurrogatesAndZeroBytes) {
  EXPECT_NE(refusal("\"\xFF\""), "read");
  EXPECT_NE(refusal("\"\xC0\x80\""), "read");
  EXPECT_NE(refusal(R"("\ud800")"), "read");
  EXPECT_NE(refusal(R"("\udc00")"), "read");
  EXPECT_NE(refusal(std::string_view("1\0x", 3)), "read");
  EXPECT_EQ(refusal(R"("\ud83d\ude00")"), "read");
}

TEST(Json, RefusesDuplicateKeysAndTooDeepNesting) {
  EXPECT_NE(refusal(R"({"a":1,"a":2})"), "read");
  EXPECT_EQ(refusal(std::string(64, '[') + std::string(64, ']')), "read");
  EXPECT_NE(refusal(std::string(65, '[') + std::string(65, ']')), "read");
  EXPECT_NE(refusal(std::string(1'000'000, '[')), "read");
}

TEST(Json, WritesTextsAndNumbers) {
  std::string out;
  append_text(out, "a\"\\\n\x01\xC3\xA9");
  append_number(out, 0.1);
  append_number(out, 1.0 / 0.0);
  append_int(out, -7);
  EXPECT_EQ(out, "\"a\\\"\\\\\\n\\u0001\xC3\xA9\"0.1null-7");
}

}  // namespace
}  // namespace flin::json
