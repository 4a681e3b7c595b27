// Several loop threads: sends and completions across them, and an orderly end.
#include "fixture.h"

#include <thread>

namespace flin::agents {
namespace {

class SchedulerTest : public testing::Test {
 protected:
  std::unique_ptr<Job> job(std::uint32_t function, Outcome& outcome) {
    return std::make_unique<TestJob>(program, function, outcome);
  }

  SteadyClock clock;
  SleepPlugin plugin;
  runtime::CoreLibrary core;
  std::shared_ptr<const runtime::Program> program = test_program(plugin, core);
  Scheduler scheduler{{.loops = 3, .limits = {}, .mailbox = 4, .fuel = 20000}, clock};
};

TEST_F(SchedulerTest, AgentsStartedFromOutsideRunOnAllLoops) {
  scheduler.start(nullptr);
  std::vector<Outcome> outcomes(9);
  std::vector<bool> used(3, false);
  for (Outcome& outcome : outcomes) {
    const auto id = scheduler.start_agent({"a", 0, 0, true}, job(kOne, outcome));
    ASSERT_TRUE(id.ok());
    used[Loop::loop_of(id.value())] = true;
  }
  for (Outcome& outcome : outcomes) outcome.wait();
  EXPECT_EQ(used, std::vector<bool>(3, true));
  EXPECT_TRUE(scheduler.drain_and_end(5000).empty());
  EXPECT_EQ(scheduler.counters().spawned.load(), 9u);
}

TEST_F(SchedulerTest, ACompletionFromAnotherThreadWakesTheAgent) {
  scheduler.start(nullptr);
  Outcome outcome;
  ASSERT_TRUE(scheduler.start_agent({"sleeper", 0, 0, true}, job(kSleep, outcome)).ok());
  while (plugin.ticket == 0) std::this_thread::yield();
  std::thread([&] {
    scheduler.complete(plugin.ticket, give_seven, plugin, nullptr, nullptr);
  }).join();
  outcome.wait();
  EXPECT_EQ(runtime::small_payload(outcome.result), 7);
  scheduler.drain_and_end(5000);
}

TEST_F(SchedulerTest, SendsToNobodyAndToFullMailboxesAreRefusedAtOnce) {
  scheduler.start(nullptr);
  Outcome nobody, running, queued, refused;
  const Result<void> gone = scheduler.send({0x0000000100000099}, job(kOne, nobody));
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().code, code('R', 301));
  EXPECT_TRUE(nobody.was_abandoned);
  const auto id = scheduler.start_agent({"small", 0, 1, false}, job(kSleep, running));
  ASSERT_TRUE(id.ok());
  while (plugin.ticket == 0) std::this_thread::yield();
  ASSERT_TRUE(scheduler.send(id.value(), job(kOne, queued)).ok());
  const Result<void> full = scheduler.send(id.value(), job(kOne, refused));
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().code, code('R', 302));
  EXPECT_TRUE(refused.was_abandoned);
  scheduler.complete(plugin.ticket, give_seven, plugin, nullptr, nullptr);
  queued.wait();
  scheduler.drain_and_end(5000);
}

TEST_F(SchedulerTest, TheEndWaitsForWorkAndNamesWhoWasLate) {
  scheduler.start(nullptr);
  Outcome late;
  ASSERT_TRUE(scheduler.start_agent({"GET /slow", 0, 0, true}, job(kSleep, late)).ok());
  while (plugin.ticket == 0) std::this_thread::yield();
  EXPECT_EQ(scheduler.drain_and_end(0), std::vector<std::string>{"GET /slow"});
  ASSERT_TRUE(late.has_ended);
  EXPECT_EQ(late.code, code('R', 204));
}

TEST_F(SchedulerTest, WhatComesAfterTheEndIsDropped) {
  scheduler.start(nullptr);
  scheduler.drain_and_end(1000);
  int dropped = 0;
  const auto count = [](void* data) noexcept { ++*static_cast<int*>(data); };
  scheduler.complete(1, give_seven, plugin, &dropped, count);
  scheduler.complete(std::uint64_t{200} << 56, give_seven, plugin, &dropped, count);
  EXPECT_EQ(dropped, 2);
  Outcome outcome;
  EXPECT_FALSE(scheduler.send({1}, job(kOne, outcome)).ok());
  EXPECT_TRUE(outcome.was_abandoned);
}

}  // namespace
}  // namespace flin::agents
