#include "agents/condition_poller.h"

#include "runtime/status.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace flin::agents {

namespace {

class ConditionPoller final : public IPoller {
 public:
  Status add(std::int64_t, std::uint32_t, IReady&) noexcept override { return none(); }
  Status modify(std::int64_t, std::uint32_t, IReady&) noexcept override { return none(); }
  Status remove(std::int64_t) noexcept override { return none(); }

  Status wait(ReadyList& ready, std::int64_t timeout_us) noexcept override {
    ready.size = 0;
    std::unique_lock lock(mutex_);
    const auto woken = [this] { return woken_; };
    if (timeout_us < 0)
      condition_.wait(lock, woken);
    else if (timeout_us > 0)
      condition_.wait_for(lock, std::chrono::microseconds(timeout_us), woken);
    woken_ = false;
    return {};
  }

  void wake() noexcept override {
    {
      std::lock_guard lock(mutex_);
      woken_ = true;
    }
    condition_.notify_one();
  }

  void destroy() noexcept override { delete this; }

 private:
  ~ConditionPoller() = default;
  static Status none() {
    return make_status(code('R', 14), "invalid argument: no plugin offers a poller for sockets");
  }

  std::mutex mutex_;  // guards woken_
  std::condition_variable condition_;
  bool woken_ = false;
};

}  // namespace

IPoller* make_condition_poller() { return new ConditionPoller; }

}  // namespace flin::agents
