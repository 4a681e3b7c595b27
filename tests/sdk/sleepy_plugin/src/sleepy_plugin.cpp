// A plugin whose opcode waits: nap(ms) suspends its agent, and a thread of the plugin completes it.
#include <flin/guard.h>

#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

namespace {
using namespace flin;

class Sleepy final : public IPlugin {
 public:
  Status load(IHost& host) noexcept override {
    host_ = &host;
    return {};
  }
  Status start() noexcept override {
    worker_ = std::thread([this] { work(); });
    return {};
  }
  void stop() noexcept override {
    {
      std::lock_guard lock(mutex_);
      is_ending_ = true;
    }
    changed_.notify_one();
    if (worker_.joinable()) worker_.join();
  }
  void* query(Text) noexcept override { return nullptr; }
  void destroy() noexcept override { delete this; }

  void nap(std::uint64_t ticket, std::int64_t ms) {
    {
      std::lock_guard lock(mutex_);
      naps_.push({std::chrono::steady_clock::now() + std::chrono::milliseconds(ms), ticket, ms});
    }
    changed_.notify_one();
  }

 private:
  struct Nap {
    std::chrono::steady_clock::time_point until;
    std::uint64_t ticket;
    std::int64_t ms;
    bool operator<(const Nap& other) const { return until > other.until; }
  };

  static Status woken(IPlugin&, ICall& call, void* data, Value& result) noexcept {
    const auto* ms = static_cast<std::int64_t*>(data);
    Plain slept;
    slept.kind = Kind::kInt;
    slept.i = *ms;
    delete ms;
    result = call.make(slept);
    return {};
  }

  void work() {
    std::unique_lock lock(mutex_);
    while (!is_ending_) {
      if (naps_.empty()) {
        changed_.wait(lock);
      } else if (naps_.top().until > std::chrono::steady_clock::now()) {
        changed_.wait_until(lock, naps_.top().until);
      } else {
        const Nap nap = naps_.top();
        naps_.pop();
        host_->complete(nap.ticket, woken, new std::int64_t(nap.ms),
                        [](void* data) noexcept { delete static_cast<std::int64_t*>(data); });
      }
    }
  }

  IHost* host_ = nullptr;
  std::thread worker_;
  std::mutex mutex_;  // guards naps_ and is_ending_
  std::condition_variable changed_;
  std::priority_queue<Nap> naps_;
  bool is_ending_ = false;
};

Status op_nap(IPlugin& self, ICall& call, const Value*, std::uint32_t, Value&) {
  Plain ms;
  if (Status status = call.args_plain(&ms); !status.ok()) return status;
  static_cast<Sleepy&>(self).nap(call.suspend(), ms.i);
  return {};
}

constexpr OpDecl kOps[] = {
    {"sleepy.nap", 1, 1, kMaySuspend | kServer, 0, guarded<op_nap>, "Waits."}};
constexpr BuiltinDecl kBuiltins[] = {{"nap", "(ms: int) -> int", "sleepy.nap", kServerTier, 0,
                                      "Waits that many milliseconds and gives them."}};
constexpr Manifest kManifest = {"sleepy", "1.0.0",  "A plugin that waits.", {}, {}, kOps,
                                {},       kBuiltins};
}  // namespace

FLIN_PLUGIN(Sleepy, kManifest);
