// IValidators as the store and other plugins see it.
#include "fixture.h"

#include "flin/testing.h"
#include "flin/validators.h"

#include <gtest/gtest.h>

namespace flin::test {
namespace {

struct Kept final : ITextSink {
  std::string all;
  void text(Text t) noexcept override { all += std::string_view(t); }
};

std::string message(const char* text, std::vector<Plain> arguments) {
  HostFixture f;
  EXPECT_EQ(told(f.host->load({})), "ok");
  Validator validator;
  validator.message = text;
  Kept out;
  f.host->offered<IValidators>()->message(validator, {arguments.data(), arguments.size()}, out);
  return out.all;
}

Plain of(Kind kind, std::int64_t i) {
  Plain out;
  out.kind = kind;
  out.i = i;
  return out;
}

TEST(ValidatorsService, FindsTheValidatorOfALoadedPlugin) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  auto* service = f.host->offered<IValidators>();
  ASSERT_NE(service, nullptr);
  Validator found;
  ASSERT_EQ(service->find("alpha_fits", found), 1u);
  EXPECT_EQ(std::string_view(found.plugin), "alpha");
  EXPECT_EQ(std::string_view(found.fits), "int");
  EXPECT_EQ(std::string_view(found.message), "must be positive");
  EXPECT_EQ(found.check(*found.self, testing::integer(3), {}), 1u);
  EXPECT_EQ(found.check(*found.self, testing::integer(-3), {}), 0u);
  EXPECT_EQ(service->find("nobody_fits", found), 0u);
}

TEST(ValidatorsService, PutsArgumentsIntoTheMessage) {
  using testing::integer;
  using testing::text;
  EXPECT_EQ(message("must be at most {0}", {text("2MB")}), "must be at most 2MB");
  EXPECT_EQ(message("{1} to {0}, not {1}", {integer(9), integer(-3)}), "-3 to 9, not -3");
  EXPECT_EQ(message("{0} {1}", {testing::number(18), testing::number(0.5)}), "18 0.5");
  EXPECT_EQ(message("{0} {1}", {testing::boolean(true), testing::none()}), "true none");
  Plain price = of(Kind::kMoney, 1250);
  price.extra = 'E' | 'U' << 8 | 'R' << 16;
  EXPECT_EQ(message("over {0}", {price}), "over 12.50 EUR");
  EXPECT_EQ(message("within {0}", {of(Kind::kDuration, 5000)}), "within 5s");
  EXPECT_EQ(message("from {0}", {of(Kind::kTime, 0)}), "from 1970-01-01T00:00:00.000Z");
}

TEST(ValidatorsService, LeavesOtherBracesAlone) {
  EXPECT_EQ(message("{1} { {} {x} {0", {testing::integer(1)}), "{1} { {} {x} {0");
  EXPECT_EQ(message("{99999999999999999999}", {testing::integer(1)}), "{99999999999999999999}");
}

}  // namespace
}  // namespace flin::test
