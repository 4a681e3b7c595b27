#include "pages/token.h"

#include "fake_sealer.h"

#include <gtest/gtest.h>

#include <set>

namespace flin::pages {
namespace {

TokenData sample() {
  return {"browser",    random_view(), "/blog/[id]",  {{"id", "a \"b\""}},
          {{"q", "x"}}, "9f3c2a7e",    1769851800000, {{"secret", R"({"a":[1,"]"]})"}, {"n", "7"}}};
}

TEST(Token, ComesBackAsItWasSealed) {
  FakeSealer sealer;
  const TokenData data = sample();
  const auto sealed = seal_token(sealer, data, 65536);
  ASSERT_TRUE(sealed.ok());
  EXPECT_EQ(sealed.value().substr(0, 2), "1.");
  const auto opened = open_token(sealer, sealed.value());
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened.value().sid, data.sid);
  EXPECT_EQ(opened.value().view, data.view);
  EXPECT_EQ(opened.value().page, data.page);
  EXPECT_EQ(opened.value().params, data.params);
  EXPECT_EQ(opened.value().query, data.query);
  EXPECT_EQ(opened.value().build, data.build);
  EXPECT_EQ(opened.value().issued_ms, data.issued_ms);
  EXPECT_EQ(opened.value().cells, data.cells);
}

TEST(Token, IsRefusedWhenItWasNotSealedHere) {
  FakeSealer sealer;
  for (const char* bad : {"", "1.", "1.else", "2.page-7b7d", "page-7b7d", "1.page-00"}) {
    const auto opened = open_token(sealer, bad);
    ASSERT_FALSE(opened.ok()) << bad;
    EXPECT_EQ(opened.error().code, code('R', 403));
    EXPECT_EQ(opened.error().message, "action not allowed");
  }
}

TEST(Token, HasALimit) {
  FakeSealer sealer;
  TokenData data = sample();
  data.cells.emplace_back("long", '"' + std::string(1000, 'x') + '"');
  const auto sealed = seal_token(sealer, data, 500);
  ASSERT_FALSE(sealed.ok());
  EXPECT_EQ(sealed.error().code, code('R', 3));
  EXPECT_NE(sealed.error().message.find("token_bytes allows 500"), std::string::npos);
}

TEST(Token, ViewsAre128RandomBits) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string view = random_view();
    EXPECT_EQ(view.size(), 32u);
    EXPECT_EQ(view.find_first_not_of("0123456789abcdef"), std::string::npos);
    EXPECT_TRUE(seen.insert(view).second);
  }
}

}  // namespace
}  // namespace flin::pages
