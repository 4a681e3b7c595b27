#include "pages/results.h"

#include "pages/live_hub.h"

#include <gtest/gtest.h>

namespace flin::pages {
namespace {

class ResultsTest : public testing::Test {
 protected:
  agents::SteadyClock clock;
  agents::Scheduler scheduler{{}, clock};
  agents::Programs programs{"/"};
  Logger log{LogLevel::kError};
  LiveHub hub{scheduler,
              [](std::uint32_t, std::uint64_t, const std::vector<LiveHub::Delivery>&) {}};
  std::int64_t now = 1000;
  Services services{scheduler, programs, hub, log, nullptr, {}, [this] { return now; }};
  Results results{services};
};

TEST_F(ResultsTest, ACallIsNewOnceThenRunningThenKnown) {
  EXPECT_FALSE(results.knows("v"));
  EXPECT_EQ(results.arrive("v", 1), Results::Seen::kNew);
  EXPECT_TRUE(results.knows("v"));
  EXPECT_EQ(results.arrive("v", 1), Results::Seen::kRunning);
  results.keep("v", 1, ",\"out\":[[0,1]]");
  EXPECT_EQ(results.arrive("v", 1), Results::Seen::kKnown);
  EXPECT_EQ(results.find("v", 1), ",\"out\":[[0,1]]");
  EXPECT_EQ(results.arrive("v", 2), Results::Seen::kNew);
}

TEST_F(ResultsTest, AResultIsForgottenAfterItsTime) {
  results.arrive("v", 1);
  results.keep("v", 1, "");
  now += services.options.results_ms + 1;
  EXPECT_EQ(results.find("v", 1), std::nullopt);
}

TEST_F(ResultsTest, TheOldestGoFirstBeyondTheNumber) {
  services.options.results = 2;
  for (int id = 1; id <= 3; ++id) {
    results.arrive("v", id);
    results.keep("v", id, std::to_string(id));
  }
  EXPECT_EQ(results.find("v", 1), std::nullopt);
  EXPECT_EQ(results.arrive("v", 1), Results::Seen::kForgotten);
  EXPECT_EQ(results.find("v", 2), "2");
  EXPECT_EQ(results.find("v", 3), "3");
}

TEST_F(ResultsTest, TheOldestGoFirstBeyondTheBytes) {
  services.options.results_bytes = 10;
  results.arrive("v", 1);
  results.keep("v", 1, "12345678");
  results.arrive("v", 2);
  results.keep("v", 2, "12345");
  EXPECT_EQ(results.find("v", 1), std::nullopt);
  EXPECT_EQ(results.find("v", 2), "12345");
}

TEST_F(ResultsTest, AViewWithoutASocketIsForgotten) {
  results.open("v");
  results.arrive("v", 1);
  results.keep("v", 1, "");
  results.close("v");
  now += services.options.results_ms + 2000;
  results.open("other");
  EXPECT_FALSE(results.knows("v"));
}

TEST_F(ResultsTest, WhoWaitsIsToldWhenAResultIsKept) {
  std::vector<std::string> told;
  results.on_kept = [&](const std::string& view, std::int64_t id) {
    told.push_back(view + std::to_string(id));
  };
  results.arrive("v", 7);
  results.keep("v", 7, "");
  EXPECT_EQ(told, std::vector<std::string>{"v7"});
}

}  // namespace
}  // namespace flin::pages
