// Values: comparing, arithmetic, texts and written forms.
#include "arithmetic.h"
#include "json.h"
#include "store_fixture.h"
#include "text.h"

#include <cmath>

namespace flin::store::tests {
namespace {

TEST(Values, CompareIntAndNumberExactly) {
  const Scalar big = Scalar::of_int(9007199254740993);
  EXPECT_FALSE(equal(big, Scalar::of_number(9007199254740992.0)));
  EXPECT_EQ(compare(big, Scalar::of_number(9007199254740992.0)), 1);
  EXPECT_EQ(compare(Scalar::of_int(INT64_MAX), Scalar::of_number(9223372036854775808.0)), -1);
  EXPECT_TRUE(equal(Scalar::of_int(2), Scalar::of_number(2.0)));
  EXPECT_FALSE(equal(Scalar::of_number(NAN), Scalar::of_number(NAN)));
}

TEST(Values, OfOtherKindsHaveNoOrder) {
  EXPECT_FALSE(compare(Scalar::of_int(1), Scalar::of_text("1")));
  EXPECT_FALSE(compare(money(1, "EUR"), money(2, "USD")));
  EXPECT_FALSE(compare(Scalar(), Scalar()));
}

TEST(Values, HaveOneIdentityPerValue) {
  EXPECT_EQ(identity(Scalar::of_int(2)), identity(Scalar::of_number(2.0)));
  EXPECT_NE(identity(Scalar::of_text("2")), identity(Scalar::of_int(2)));
  EXPECT_NE(identity(Scalar::of_time(2)), identity(Scalar::of_duration(2)));
  EXPECT_NE(identity(money(1, "EUR")), identity(money(1, "USD")));
}

TEST(Values, MoneyRoundsHalfToEven) {
  Scalar out;
  EXPECT_FALSE(calculate(Arithmetic::kDiv, money(5, "EUR"), Scalar::of_int(2), out));
  EXPECT_EQ(out.i, 2);
  EXPECT_FALSE(calculate(Arithmetic::kDiv, money(7, "EUR"), Scalar::of_int(2), out));
  EXPECT_EQ(out.i, 4);
  EXPECT_FALSE(calculate(Arithmetic::kDiv, money(-5, "EUR"), Scalar::of_int(2), out));
  EXPECT_EQ(out.i, -2);
}

TEST(Values, TimesLessTimesAreDurations) {
  Scalar out;
  EXPECT_FALSE(calculate(Arithmetic::kSub, Scalar::of_time(9), Scalar::of_time(4), out));
  EXPECT_TRUE(equal(out, Scalar::of_duration(5)));
}

TEST(Values, RefuseWhatCannotBeCalculated) {
  Scalar out;
  EXPECT_EQ(calculate(Arithmetic::kAdd, Scalar::of_int(1), Scalar::of_text("a"), out)->message,
            "expected number, found text");
  EXPECT_EQ(calculate(Arithmetic::kMod, Scalar::of_int(INT64_MIN), Scalar::of_int(-1), out),
            std::nullopt);
}

TEST(Texts, AreMeasuredInCodePoints) { EXPECT_EQ(code_points("aé𝄞"), 3); }
TEST(Texts, OfWhiteSpaceAloneAreBlank) {
  EXPECT_TRUE(is_blank(" \t\n\xC2\xA0\xE3\x80\x80"));
  EXPECT_FALSE(is_blank(" x "));
  EXPECT_EQ(trim("\xE2\x80\x83 x y \n"), "x y");
}
TEST(Texts, KnowMailAddresses) {
  for (const char* good : {"a@b.c", "first.last@mail.example.org"})
    EXPECT_TRUE(is_email(good)) << good;
  for (const char* bad : {"", "a", "@b.c", "a@b", "a@@b.c", "a b@c.d", "a@b..c", "a@.c", "a@c."})
    EXPECT_FALSE(is_email(bad)) << bad;
}
TEST(Texts, KnowUrls) {
  for (const char* good : {"http://a", "https://a.b/c?d#e"}) EXPECT_TRUE(is_url(good)) << good;
  for (const char* bad :
       {"", "a.b", "ftp://a", "http://", "http:///a", "http://a b", "https://:80"})
    EXPECT_FALSE(is_url(bad)) << bad;
}

TEST(Json, ReadsParts) {
  EXPECT_EQ(json::array(" [1, \"a]\", [2]] ")->size(), 3u);
  EXPECT_EQ((*json::object("{\"a\" : {\"b\":1}}"))[0].second, "{\"b\":1}");
  EXPECT_EQ(json::string("\"\\u00e9\\ud834\\udd1e\\n\""), "é𝄞\n");
}
TEST(Json, RefusesWhatIsNotWhole) {
  for (const char* bad : {"", "[", "[1,]", "[1] x", "[01]", "[\"a]", "[nul]", "{\"a\":1}"})
    EXPECT_FALSE(json::array(bad)) << bad;
  EXPECT_FALSE(json::string("\"\\ud834\""));
  EXPECT_FALSE(json::array(std::string(100, '[') + std::string(100, ']')));
}

}  // namespace
}  // namespace flin::store::tests
