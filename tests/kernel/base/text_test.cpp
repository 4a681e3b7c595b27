#include "base/text.h"
#include "base/number_text.h"

#include <gtest/gtest.h>

#include <cmath>

namespace flin::text {
namespace {

TEST(Utf8, AcceptsWellFormedTextAlone) {
  EXPECT_TRUE(is_valid_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  for (const char* bad : {"\x80", "\xC3", "\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xE2\x82"})
    EXPECT_FALSE(is_valid_utf8(bad));
}

TEST(Utf8, CountsAndFindsCodePoints) {
  const std::string text = "a\xC3\xA9\xF0\x9F\x98\x80z";
  EXPECT_EQ(count(text), 4u);
  EXPECT_EQ(offset_of(text, 3), 7u);
  EXPECT_EQ(offset_of(text, 9), text.size());
  std::size_t at = 3;
  EXPECT_EQ(decode(text, at), 0x1F600u);
  EXPECT_EQ(at, 7u);
  EXPECT_EQ(repaired("a\xFF"
                     "b"),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(Utf8, TrimsWhiteSpaceOfUnicode) {
  EXPECT_EQ(trim(" \xC2\xA0\t a \xE3\x80\x80\n"), "a");
  EXPECT_EQ(trim("  "), "");
}

TEST(Utf8, ChangesCaseWithoutTheLocale) {
  EXPECT_EQ(upper("stra\xC3\x9F"
                  "e \xC3\xA9\xCF\x80"),
            "STRASSE \xC3\x89\xCE\xA0");
  EXPECT_EQ(lower("\xC3\x89"
                  "AB"),
            "\xC3\xA9"
            "ab");
}

TEST(Html, EscapesForTextsAndAttributes) {
  EXPECT_EQ(html_escaped(std::string_view("<a b=\"c\">&'\r\0", 13)),
            "&lt;a b=&quot;c&quot;&gt;&amp;&#39;&#13;\xEF\xBF\xBD");
}

TEST(Numbers, AreRoundedHalfAwayFromZero) {
  const auto fixed = [](double d, int n) {
    std::string out;
    append_fixed(out, d, n);
    return out;
  };
  EXPECT_EQ(fixed(2.5, 0), "3");
  EXPECT_EQ(fixed(-2.5, 0), "-3");
  EXPECT_EQ(fixed(1.005, 2), "1.00");
  EXPECT_EQ(fixed(0.125, 2), "0.13");
  EXPECT_EQ(fixed(999.95, 1), "1000.0");
  EXPECT_EQ(fixed(-0.001, 2), "0.00");
  EXPECT_EQ(fixed(1e300, 0).size(), 301u);
}

TEST(Numbers, AreReadWholeOrNotAtAll) {
  EXPECT_EQ(read_number(" 1.5e3 "), 1500);
  EXPECT_EQ(read_number("-Infinity"), -HUGE_VAL);
  for (const char* bad : {"", " ", "1x", "0x10", "--1", "nan", "inf", "e5"})
    EXPECT_FALSE(read_number(bad)) << bad;
  EXPECT_EQ(read_int("+5"), 5);
  EXPECT_FALSE(read_int("9223372036854775808"));
}

TEST(Money, HasTheDigitsOfItsCurrency) {
  std::string out;
  append_money(out, -1234567, "KWD");
  EXPECT_EQ(out, "-1234.567 KWD");
  EXPECT_EQ(read_money_amount("12.5", "EUR"), 1250);
  EXPECT_FALSE(read_money_amount("12.505", "EUR"));
}

TEST(Times, AreReadAndWrittenInIso8601) {
  EXPECT_EQ(read_time("2026-01-31T09:30:00.5Z"), 1769851800500);
  EXPECT_EQ(read_time("2024-02-29"), 1709164800000);
  EXPECT_EQ(read_time("2026-01-31 09:30-02:00"), 1769859000000);
  for (const char* bad :
       {"2023-02-29", "2026-13-01", "2026-1-1", "2026-01-31T25:00", "2026-01-31T09:30Zx"})
    EXPECT_FALSE(read_time(bad)) << bad;
  std::string out;
  append_time(out, -62167219200001);
  EXPECT_EQ(out, "-000001-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace flin::text
