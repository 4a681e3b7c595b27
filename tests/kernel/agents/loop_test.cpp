// One loop turned by hand: agents, fuel, mailboxes, tickets and timers, under a clock set by the
// test.
#include "fixture.h"

#include <list>

namespace flin::agents {
namespace {

class LoopTest : public testing::Test {
 protected:
  LoopTest() { loop.adopt_thread(nullptr); }

  std::unique_ptr<Job> job(std::uint32_t function, Outcome& outcome) {
    return std::make_unique<TestJob>(program, function, outcome);
  }
  Agent& spawn(std::uint32_t mailbox = 0, bool one_shot = false) {
    return loop.spawn({"tester", 0, mailbox, one_shot});
  }
  void turn(int times = 1) {
    while (times-- > 0) loop.turn(0);
  }

  // Of jobs that the loop ends when it goes.
  std::list<Outcome> kept;
  Outcome& keep() { return kept.emplace_back(); }

  std::vector<std::string> late;  // "name deadline"
  FakeClock clock;
  Counters counters;
  SleepPlugin plugin;
  runtime::CoreLibrary core;
  std::shared_ptr<const runtime::Program> program = test_program(plugin, core);
  Loop loop{{.number = 3,
             .limits = {},
             .fuel = 100,
             .mailbox = 1000,
             .on_late =
                 [this](const std::string& name, std::uint32_t deadline_ms) {
                   late.push_back(name + " " + std::to_string(deadline_ms));
                 }},
            clock,
            counters};
};

TEST_F(LoopTest, RunsAJobAndGivesItsResult) {
  Outcome outcome;
  ASSERT_TRUE(loop.send(spawn(), job(kOne, outcome)).ok());
  turn();
  ASSERT_TRUE(outcome.has_ended);
  EXPECT_EQ(runtime::small_payload(outcome.result), 1);
}

TEST_F(LoopTest, AFailureEndsTheJobAloneAndIsCounted) {
  Outcome bad, good;
  Agent& agent = spawn();
  ASSERT_TRUE(loop.send(agent, job(kFail, bad)).ok());
  ASSERT_TRUE(loop.send(agent, job(kOne, good)).ok());
  turn(2);
  EXPECT_EQ(bad.code, code('R', 9));
  EXPECT_EQ(bad.message, "division by zero");
  EXPECT_TRUE(good.has_ended);
  EXPECT_EQ(counters.failed.load(), 1u);
}

TEST_F(LoopTest, AnEndlessLoopDelaysNobody) {
  Outcome &endless = keep(), &other = keep();
  ASSERT_TRUE(loop.send(spawn(), job(kEndless, endless)).ok());
  ASSERT_TRUE(loop.send(spawn(), job(kOne, other)).ok());
  turn();
  EXPECT_TRUE(other.has_ended);
  EXPECT_FALSE(endless.has_ended);
  EXPECT_EQ(loop.busy_count(), 1u);
}

TEST_F(LoopTest, ASuspendedAgentGoesOnWithWhatItsTicketIsGiven) {
  Outcome outcome;
  ASSERT_TRUE(loop.send(spawn(), job(kTwice, outcome)).ok());
  turn();
  ASSERT_NE(plugin.ticket.load(), 0u);
  EXPECT_FALSE(outcome.has_ended);
  loop.complete(plugin.ticket, give_seven, plugin, nullptr, nullptr);
  turn();
  EXPECT_FALSE(outcome.has_ended);
  loop.complete(plugin.ticket, give_seven, plugin, nullptr, nullptr);
  turn();
  ASSERT_TRUE(outcome.has_ended);
  EXPECT_EQ(runtime::small_payload(outcome.result), 14);
}

TEST_F(LoopTest, ATicketCompletedTwiceDropsTheSecondData) {
  Outcome outcome;
  ASSERT_TRUE(loop.send(spawn(), job(kSleep, outcome)).ok());
  turn();
  const std::uint64_t ticket = plugin.ticket;
  loop.complete(ticket, give_seven, plugin, nullptr, nullptr);
  int dropped = 0;
  loop.complete(ticket, give_seven, plugin, &dropped,
                [](void* data) noexcept { ++*static_cast<int*>(data); });
  EXPECT_EQ(dropped, 1);
  turn();
  EXPECT_TRUE(outcome.has_ended);
}

TEST_F(LoopTest, ACallThatIsNeverCompletedTimesOut) {
  Outcome outcome;
  ASSERT_TRUE(loop.send(spawn(), job(kSleep, outcome)).ok());
  turn();
  clock.now += 29999;
  turn();
  EXPECT_FALSE(outcome.has_ended);
  clock.now += 1;
  turn();
  ASSERT_TRUE(outcome.has_ended);
  EXPECT_EQ(outcome.code, code('R', 201));
  EXPECT_EQ(outcome.message, "timed out after 30 s");
  EXPECT_EQ(counters.timeouts.load(), 1u);
}

TEST_F(LoopTest, AnOpcodeHasItsOwnTimeLimit) {
  program = test_program(plugin, core, 1500);
  Outcome outcome;
  ASSERT_TRUE(loop.send(spawn(), job(kSleep, outcome)).ok());
  turn();
  clock.now += 1500;
  turn();
  ASSERT_TRUE(outcome.has_ended);
  EXPECT_EQ(outcome.message, "timed out after 1500 ms");
}

TEST_F(LoopTest, AFullMailboxRefusesAndControlMessagesStillPass) {
  Outcome running, first, second, third;
  Agent& agent = spawn(2);
  ASSERT_TRUE(loop.send(agent, job(kSleep, running)).ok());
  turn();
  ASSERT_TRUE(loop.send(agent, job(kOne, first)).ok());
  ASSERT_TRUE(loop.send(agent, job(kOne, second)).ok());
  const Result<void> refused = loop.send(agent, job(kOne, third));
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, code('R', 302));
  EXPECT_EQ(refused.error().message, "mailbox of tester is full (2)");
  EXPECT_EQ(counters.dropped.load(), 1u);
  loop.control(agent, Control::kStop);
  loop.complete(plugin.ticket, give_seven, plugin, nullptr, nullptr);
  turn(3);
  EXPECT_TRUE(running.has_ended);  // the present message is finished
  EXPECT_TRUE(first.was_abandoned);
  EXPECT_TRUE(second.was_abandoned);
  EXPECT_EQ(loop.live_agents(), 0u);
}

TEST_F(LoopTest, AStoppedAgentMayFinishItsMessageUntilItsDeadline) {
  Outcome running, queued;
  Agent& agent = spawn();
  ASSERT_TRUE(loop.send(agent, job(kSleep, running)).ok());
  turn();
  ASSERT_TRUE(loop.send(agent, job(kOne, queued)).ok());
  loop.stop(agent, 500);
  clock.now += 499;
  turn();
  EXPECT_FALSE(running.has_ended);
  loop.complete(plugin.ticket, give_seven, plugin, nullptr, nullptr);
  turn(2);
  ASSERT_TRUE(running.has_ended);
  EXPECT_EQ(running.code, 0u);
  EXPECT_TRUE(queued.was_abandoned);
  clock.now += 1000;
  turn();
  EXPECT_EQ(loop.live_agents(), 0u);
  EXPECT_TRUE(late.empty());
}

TEST_F(LoopTest, AMessageThatNeverEndsIsInterruptedAtTheDeadlineAndItsAgentNamed) {
  Outcome endless;
  Agent& agent = spawn();
  ASSERT_TRUE(loop.send(agent, job(kEndless, endless)).ok());
  turn(3);
  loop.stop(agent, 500);
  turn(3);
  EXPECT_FALSE(endless.has_ended);
  clock.now += 500;
  turn();
  ASSERT_TRUE(endless.has_ended);
  EXPECT_EQ(endless.code, code('R', 204));
  EXPECT_EQ(loop.live_agents(), 0u);
  EXPECT_EQ(late, std::vector<std::string>{"tester 500"});
  turn(3);  // nothing of it is left to run
}

TEST_F(LoopTest, AWaitingAgentEndsAtTheDeadlineAndItsLateCompletionIsDropped) {
  Outcome waiting;
  Agent& agent = spawn();
  ASSERT_TRUE(loop.send(agent, job(kSleep, waiting)).ok());
  turn();
  loop.stop(agent, 0);
  turn();
  ASSERT_TRUE(waiting.has_ended);
  EXPECT_EQ(waiting.code, code('R', 204));
  int dropped = 0;
  loop.complete(plugin.ticket, give_seven, plugin, &dropped,
                [](void* data) noexcept { ++*static_cast<int*>(data); });
  EXPECT_EQ(dropped, 1);
}

TEST_F(LoopTest, AnIdleAgentStopsAtOnce) {
  Agent& agent = spawn();
  loop.stop(agent, 0);
  EXPECT_EQ(loop.live_agents(), 0u);
  turn();
  EXPECT_TRUE(late.empty());
}

TEST_F(LoopTest, APausedAgentTakesNoMessagesUntilItGoesOn) {
  Outcome outcome;
  Agent& agent = spawn();
  loop.control(agent, Control::kPause);
  turn();
  ASSERT_TRUE(loop.send(agent, job(kOne, outcome)).ok());
  turn(3);
  EXPECT_FALSE(outcome.has_ended);
  loop.control(agent, Control::kResume);
  turn();
  EXPECT_TRUE(outcome.has_ended);
}

TEST_F(LoopTest, AOneShotAgentEndsAfterItsJobAndItsNumberIsNotUsedAgain) {
  Outcome first, second;
  Agent& agent = spawn(0, true);
  const AgentId id = agent.id();
  ASSERT_TRUE(loop.send(agent, job(kOne, first)).ok());
  turn(2);
  EXPECT_EQ(loop.find(id), nullptr);
  Agent& next = spawn();
  EXPECT_NE(next.id().bits, id.bits);
  EXPECT_EQ(loop.find(id), nullptr);
  const Result<void> gone = loop.reserve(id);
  ASSERT_FALSE(gone.ok());
  EXPECT_EQ(gone.error().code, code('R', 301));
  EXPECT_EQ(gone.error().message, "agent is not running");
}

TEST_F(LoopTest, TimersRunInOrderAndOnce) {
  std::string order;
  loop.after(20, [&] { order += 'b'; });
  loop.after(10, [&] { order += 'a'; });
  const TimerId gone = loop.after(15, [&] { order += 'x'; });
  loop.after(20, [&] { order += 'c'; });
  loop.cancel_timer(gone);
  turn();
  EXPECT_EQ(order, "");
  clock.now += 20;
  turn(2);
  EXPECT_EQ(order, "abc");
}

TEST_F(LoopTest, ATimerMadeByATimerWaitsForTheNextTurn) {
  int runs = 0;
  std::function<void()> again = [&] {
    ++runs;
    loop.after(0, again);
  };
  loop.after(0, again);
  turn();
  EXPECT_EQ(runs, 1);
  turn();
  EXPECT_EQ(runs, 2);
}

TEST_F(LoopTest, PostedFunctionsRunInOrder) {
  std::string order;
  loop.post([&] { order += 'a'; });
  loop.post([&] { order += 'b'; });
  turn();
  EXPECT_EQ(order, "ab");
}

TEST_F(LoopTest, LocalsOfAPluginLastAsLongAsTheJob) {
  static int drops = 0;
  drops = 0;
  Outcome outcome;
  Agent& agent = spawn();
  ASSERT_TRUE(loop.send(agent, job(kSleep, outcome)).ok());
  turn();
  void** local = agent.local(plugin, [](void*) noexcept { ++drops; });
  *local = &drops;
  EXPECT_EQ(agent.local(plugin, nullptr), local);
  loop.complete(plugin.ticket, give_seven, plugin, nullptr, nullptr);
  turn();
  EXPECT_TRUE(outcome.has_ended);
  EXPECT_EQ(drops, 1);
}

}  // namespace
}  // namespace flin::agents
