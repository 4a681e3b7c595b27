// UTF-8, names and positions.
#include "syntax/utf8.h"

#include "syntax/source.h"

#include <gtest/gtest.h>

namespace flin::syntax {
namespace {

TEST(Utf8, FindsTheFirstWrongByte) {
  std::size_t at = 99;
  EXPECT_TRUE(is_utf8("a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80", at));
  EXPECT_FALSE(is_utf8("ab\xFF", at));
  EXPECT_EQ(at, 2u);
  EXPECT_FALSE(is_utf8("a\xC3", at));
  EXPECT_EQ(at, 1u);
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndTooLargeCodePoints) {
  std::size_t at = 0;
  for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\x80"})
    EXPECT_FALSE(is_utf8(bad, at));
}

TEST(Names, HoldLettersOfAllScriptsAndDigits) {
  EXPECT_EQ(name_end("gr\xC3\xB6\xC3\x9F"
                     "e2 x",
                     0),
            8u);
  EXPECT_EQ(name_end("\xE2\x80\x94x", 0), 0u);
  EXPECT_EQ(name_end("2a", 0), 0u);
  EXPECT_TRUE(is_type_name("Todo"));
  EXPECT_TRUE(is_type_name("\xC3\x84pfel"));
  EXPECT_FALSE(is_type_name("_Todo"));
}

TEST(Source, CountsLinesAndColumnsFromOne) {
  const Source source("a.flin", "ab\n\xC3\xA4x\r\n");
  EXPECT_EQ(source.position(0).column, 1u);
  EXPECT_EQ(source.position(5).line, 2u);
  EXPECT_EQ(source.position(5).column, 2u);
  EXPECT_EQ(source.line(2), "\xC3\xA4x");
  EXPECT_EQ(source.line(9), "");
  EXPECT_EQ(source.position(1000).line, 3u);
}

TEST(Source, LeavesTheByteOrderMarkOutOfColumns) {
  const Source source("a.flin", "\xEF\xBB\xBFx = 1");
  EXPECT_EQ(source.position(3).column, 1u);
  EXPECT_EQ(source.line(1), "x = 1");
}

}  // namespace
}  // namespace flin::syntax
