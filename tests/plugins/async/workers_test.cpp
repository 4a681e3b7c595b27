// The pool: bounded threads, a bounded queue, an orderly end.
#include "workers.h"

#include "flin/testing.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace flin::async::tests {
namespace {

// Work that waits until the test lets it go.
struct Gate {
  std::mutex lock;
  std::condition_variable told;
  int entered = 0, done = 0, dropped = 0;
  bool is_open = false;

  static void work(void* data) noexcept {
    auto& gate = *static_cast<Gate*>(data);
    std::unique_lock guard(gate.lock);
    ++gate.entered;
    gate.told.notify_all();
    gate.told.wait(guard, [&] { return gate.is_open; });
    ++gate.done;
    gate.told.notify_all();
  }
  static void drop(void* data) noexcept {
    auto& gate = *static_cast<Gate*>(data);
    const std::lock_guard guard(gate.lock);
    ++gate.dropped;
  }
  void open() {
    const std::lock_guard guard(lock);
    is_open = true;
    told.notify_all();
  }
  void wait_entered(int count) {
    std::unique_lock guard(lock);
    told.wait(guard, [&] { return entered >= count; });
  }
  void wait_done(int count) {
    std::unique_lock guard(lock);
    told.wait(guard, [&] { return done >= count; });
  }
};

class WorkersTest : public ::testing::Test {
 protected:
  testing::Host host;
  Gate gate;
  Workers workers;
};

TEST_F(WorkersTest, MakesThreadsAsWorkComesAndNoMoreThanItMay) {
  workers.attach(host, 3, 100);
  EXPECT_EQ(workers.threads(), 0u);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(workers.run(Gate::work, &gate, Gate::drop).ok());
  gate.wait_entered(3);
  EXPECT_EQ(workers.threads(), 3u);
  EXPECT_EQ(workers.waiting(), 7u);
  gate.open();
  gate.wait_done(10);
  EXPECT_EQ(workers.threads(), 3u);
  EXPECT_EQ(gate.dropped, 0);
}

TEST_F(WorkersTest, UsesAnIdleThreadBeforeItMakesAnother) {
  workers.attach(host, 3, 100);
  gate.open();
  for (int i = 1; i <= 5; ++i) {
    ASSERT_TRUE(workers.run(Gate::work, &gate, Gate::drop).ok());
    gate.wait_done(i);
  }
  EXPECT_LE(workers.threads(), 2u);  // a thread may be on its way back when the next comes
}

TEST_F(WorkersTest, RefusesWhatItHasNoRoomFor) {
  workers.attach(host, 1, 2);
  ASSERT_TRUE(workers.run(Gate::work, &gate, Gate::drop).ok());
  gate.wait_entered(1);
  ASSERT_TRUE(workers.run(Gate::work, &gate, Gate::drop).ok());
  ASSERT_TRUE(workers.run(Gate::work, &gate, Gate::drop).ok());
  const Status refused = workers.run(Gate::work, &gate, Gate::drop);
  EXPECT_EQ(refused.code(), code('R', 302));
  EXPECT_EQ(std::string(std::string_view(refused.message())),
            "queue of the worker threads is full (2, setting async.queue)");
  gate.open();
  gate.wait_done(3);
  EXPECT_EQ(gate.dropped, 0);
}

TEST_F(WorkersTest, AtItsEndDropsWhatWaitsFinishesWhatRunsAndTakesNothingMore) {
  workers.attach(host, 1, 10);
  ASSERT_TRUE(workers.run(Gate::work, &gate, Gate::drop).ok());
  gate.wait_entered(1);
  ASSERT_TRUE(workers.run(Gate::work, &gate, Gate::drop).ok());
  gate.open();
  workers.stop();
  EXPECT_EQ(gate.done + gate.dropped, 2);
  EXPECT_GE(gate.done, 1);
  const Status refused = workers.run(Gate::work, &gate, Gate::drop);
  EXPECT_EQ(refused.code(), code('R', 302));
  EXPECT_EQ(std::string(std::string_view(refused.message())), "the server stops");
}

}  // namespace
}  // namespace flin::async::tests
