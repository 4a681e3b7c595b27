// Deadlines on one thread.
#include "timers.h"

#include <gtest/gtest.h>

#include <vector>

namespace flin::async::tests {
namespace {

class Ran {
 public:
  std::function<void()> note(int what) {
    return [this, what] {
      const std::lock_guard guard(lock_);
      what_.push_back(what);
      told_.notify_all();
    };
  }
  std::vector<int> wait(std::size_t count) {
    std::unique_lock guard(lock_);
    told_.wait(guard, [&] { return what_.size() >= count; });
    return what_;
  }

 private:
  std::mutex lock_;
  std::condition_variable told_;
  std::vector<int> what_;
};

TEST(Timers, RunInOrderOfTheirDeadlines) {
  Ran ran;
  Timers timers;
  timers.after(60, ran.note(3));
  timers.after(5, ran.note(1));
  timers.after(30, ran.note(2));
  EXPECT_EQ(ran.wait(3), (std::vector<int>{1, 2, 3}));
}

TEST(Timers, RunNotOnceTheyAreCancelled) {
  Ran ran;
  Timers timers;
  const Timers::Id gone = timers.after(1, ran.note(1));
  timers.cancel(gone);
  timers.after(10, ran.note(2));
  EXPECT_EQ(ran.wait(1), std::vector<int>{2});
  timers.cancel(gone);  // again: nothing
}

TEST(Timers, AreDroppedAtTheEndAndNotTakenBehindIt) {
  Ran ran;
  auto held = std::make_shared<int>(0);
  Timers timers;
  EXPECT_NE(timers.after(1'000'000, [held] {}), 0u);
  EXPECT_EQ(held.use_count(), 2);
  timers.stop();
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(timers.after(0, [held] {}), 0u);
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Timers, MayBeAHundredThousand) {
  Ran ran;
  Timers timers;
  for (int i = 0; i < 100'000; ++i) timers.after(1'000'000 + i % 1000, [] {});
  timers.after(1, ran.note(1));
  EXPECT_EQ(ran.wait(1), std::vector<int>{1});
}

}  // namespace
}  // namespace flin::async::tests
