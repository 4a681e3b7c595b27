// One suite for both pollers.
#include "../../../plugins/http/src/pollers.h"
#include "fakes/net_fakes.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

namespace flin::http {
namespace {

class NoHost final : public IHost {
 public:
  void log(std::int32_t, Text) noexcept override {}
  Text setting(Text) noexcept override { return {}; }
  void* service(Text, Text) noexcept override { return nullptr; }
  Status on(Text, std::int32_t, EventFn) noexcept override { return Status(); }
  Status fail(std::uint32_t code, Text message) noexcept override {
    return test::make_status(code, message);
  }
  void post(std::uint32_t, LoopFn, void*, DropFn) noexcept override {}
  void complete(std::uint64_t, CompleteFn, void*, DropFn) noexcept override {}
  Status emit(Text, const void*) noexcept override { return {}; }
};
struct Handler final : IReady {
  void ready(std::uint32_t) noexcept override {}
};

class Pollers : public testing::TestWithParam<PollerKind> {
 protected:
  Pollers() : poller_(make_poller(GetParam(), host_, timers_)) {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair_), 0);
  }
  ~Pollers() override {
    poller_->destroy();
    ::close(pair_[0]);
    if (pair_[1] >= 0) ::close(pair_[1]);
  }
  std::uint64_t wait(std::int64_t us, std::uint64_t capacity = 8) {
    ReadyList list{ready_, 0, capacity};
    EXPECT_TRUE(poller_->wait(list, us).ok());
    return list.size;
  }

  NoHost host_;
  Timers timers_;
  IPoller* poller_;
  Handler handler_;
  int pair_[2] = {-1, -1};
  Ready ready_[8] = {};
};

TEST_P(Pollers, TellWhatIsReadableAgainAndAgain) {
  ASSERT_TRUE(poller_->add(pair_[0], kReadable, handler_).ok());
  EXPECT_EQ(wait(0), 0u);
  ASSERT_EQ(::write(pair_[1], "x", 1), 1);
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(wait(1000000), 1u);
    EXPECT_EQ(ready_[0].handler, &handler_);
    EXPECT_EQ(ready_[0].events & kReadable, kReadable);
  }
}
TEST_P(Pollers, ListenToWhatWasModified) {
  ASSERT_TRUE(poller_->add(pair_[0], kReadable, handler_).ok());
  ASSERT_TRUE(poller_->modify(pair_[0], kReadable | kWritable, handler_).ok());
  ASSERT_EQ(wait(1000000), 1u);
  EXPECT_EQ(ready_[0].events, kWritable);
  ASSERT_TRUE(poller_->modify(pair_[0], 0, handler_).ok());
  ASSERT_EQ(::write(pair_[1], "x", 1), 1);
  EXPECT_EQ(wait(0), 0u);
}
TEST_P(Pollers, ForgetWhatWasRemoved) {
  ASSERT_TRUE(poller_->add(pair_[0], kReadable, handler_).ok());
  ASSERT_EQ(::write(pair_[1], "x", 1), 1);
  ASSERT_TRUE(poller_->remove(pair_[0]).ok());
  EXPECT_EQ(wait(0), 0u);
  EXPECT_FALSE(poller_->remove(pair_[0]).ok());
  EXPECT_FALSE(poller_->modify(pair_[0], kReadable, handler_).ok());
}
TEST_P(Pollers, ReportTheEndOfTheOtherSide) {
  ASSERT_TRUE(poller_->add(pair_[0], kReadable, handler_).ok());
  ::close(pair_[1]);
  pair_[1] = -1;
  ASSERT_EQ(wait(1000000), 1u);
  EXPECT_NE(ready_[0].events & (kReadable | kHangup), 0u);
}
TEST_P(Pollers, AreWokenFromAnotherThread) {
  std::thread waker([&] { poller_->wake(); });
  EXPECT_EQ(wait(-1), 0u);
  waker.join();
  poller_->wake();  // before the wait
  EXPECT_EQ(wait(-1), 0u);
}
TEST_P(Pollers, FillAtMostTheCapacity) {
  ASSERT_TRUE(poller_->add(pair_[0], kWritable, handler_).ok());
  ASSERT_TRUE(poller_->add(pair_[1], kWritable, handler_).ok());
  EXPECT_EQ(wait(1000000, 1), 1u);
  EXPECT_EQ(wait(1000000), 2u);
}
TEST_P(Pollers, EndAWaitForADeadline) {
  struct Fired final : Timer {
    void expired() noexcept override { fired = true; }
    bool fired = false;
  } timer;
  timers_.set(timer, now_ms() + 1);
  while (!timer.fired) {
    const std::uint64_t count = wait(-1);
    for (std::uint64_t i = 0; i < count; ++i) ready_[i].handler->ready(ready_[i].events);
  }
  EXPECT_EQ(wait(0), 0u);
}

INSTANTIATE_TEST_SUITE_P(Both, Pollers, testing::Values(PollerKind::kEpoll, PollerKind::kPoll),
                         [](const auto& info) {
                           return info.param == PollerKind::kEpoll ? "Epoll" : "PollSet";
                         });

}  // namespace
}  // namespace flin::http
