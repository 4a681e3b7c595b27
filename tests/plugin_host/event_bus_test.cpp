#include "fixture.h"

#include <gtest/gtest.h>

namespace flin::test {
namespace {

Event event(Text name) { return Event{sizeof(Event), name, nullptr}; }

Lines after(HostFixture& f, Text name) {
  f.lines.clear();
  EXPECT_EQ(told(f.host->events().emit(event(name))), "ok");
  return f.lines;
}

TEST(EventBus, CallsHandlersOfOnePriorityInStartOrder) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"beta", "alpha"})), "ok");
  EXPECT_EQ(after(f, "test.happened"), (Lines{"alpha: test.happened", "beta: test.happened"}));
}

TEST(EventBus, CallsLowerPrioritiesFirst) {
  HostFixture f(Arguments{{"beta.first", "true"}});
  ASSERT_EQ(told(f.host->load({"beta", "alpha"})), "ok");
  EXPECT_EQ(after(f, "test.happened"), (Lines{"beta: test.happened", "alpha: test.happened"}));
}

TEST(EventBus, StopsABeforeEventAtTheFirstErrorAndGivesIt) {
  HostFixture f(Arguments{{"alpha.fails", "true"}});
  ASSERT_EQ(told(f.host->load({"beta", "alpha"})), "ok");
  for (const char* name : {"before_test", "shop.before_sale"}) {
    f.lines.clear();
    EXPECT_EQ(told(f.host->events().emit(event(name))), "R0014 not today");
    EXPECT_EQ(f.lines, Lines{std::string("alpha: ") + name});
  }
}

TEST(EventBus, LogsErrorsOfOtherEventsAndGoesOn) {
  HostFixture f(Arguments{{"alpha.fails", "true"}});
  ASSERT_EQ(told(f.host->load({"beta", "alpha"})), "ok");
  EXPECT_EQ(after(f, "test.happened"),
            (Lines{"alpha: test.happened", "alpha: failed at event test.happened: R0014 not today",
                   "beta: test.happened"}));
}

TEST(EventBus, KnowsEventsNobodyListensTo) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  EXPECT_EQ(after(f, "nothing.happened"), Lines{});
}

TEST(EventBus, ForgetsSubscriptionsWithThePlugin) {
  HostFixture f;
  ASSERT_EQ(told(f.host->load({"alpha"})), "ok");
  f.host->unload();
  EXPECT_EQ(after(f, "test.happened"), Lines{});
}

TEST(EventBus, FillsInTheSizeOfAPayload) {
  HostFixture f;
  EventBus bus(f.log);
  static std::uint32_t seen = 0, deadline = 0;
  struct Nobody final : IPlugin {
    Status load(IHost&) noexcept override { return {}; }
    Status start() noexcept override { return {}; }
    void stop() noexcept override {}
    void* query(Text) noexcept override { return nullptr; }
    void destroy() noexcept override {}
  } nobody;
  const auto handler = [](IPlugin&, const Event& e) noexcept -> Status {
    seen = payload_of<ShutdownEvent>(e).size;
    deadline = payload_of<ShutdownEvent>(e).deadline_ms;
    return {};
  };
  bus.add(kShutdownRequested, 0, handler, "nobody", nobody);
  EXPECT_EQ(told(bus.emit(kShutdownRequested, ShutdownEvent{0, 250})), "ok");
  EXPECT_EQ(seen, sizeof(ShutdownEvent));
  EXPECT_EQ(deadline, 250u);
}

TEST(EventBus, TellsBeforeEventsByTheirVerb) {
  EXPECT_TRUE(is_before_event("before_save"));
  EXPECT_TRUE(is_before_event("shop.before_sale"));
  EXPECT_FALSE(is_before_event("before.saved"));
  EXPECT_FALSE(is_before_event("shop.sold"));
}

}  // namespace
}  // namespace flin::test
