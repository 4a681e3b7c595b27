// What the connections of one loop have done since the start. Written on that loop alone, read on
// any thread; `Metrics` shows the sums of all loops to operators.
#pragma once

#include "flin/metrics.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

namespace flin::ws {

class Count {
 public:
  void add(std::uint64_t n = 1) { set(value() + n); }
  void take(std::uint64_t n = 1) { set(value() - n); }
  std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

 private:
  void set(std::uint64_t n) { value_.store(n, std::memory_order_relaxed); }
  std::atomic<std::uint64_t> value_{0};
};

struct Counters {
#define COUNTER(member, kind, name, help) Count member;
#include "counters.def"
#undef COUNTER
};

class Metrics {
 public:
  // Registers everything with the host; a host without metrics is fine. [load]
  Status load(IHost& host, IPlugin& self);
  void add(const Counters& counters);  // of one more loop; they stay valid until stop()
  // A WebSocket ends with that close code, 1005 for none in the frame and 1006 for no frame (RFC
  // 6455 7.1.5). Codes of programs but 4001 count as one. [any-thread]
  void count_close(std::uint16_t code);

 private:
  struct Row {
    Metrics* metrics;
    Count Counters::*member;
  };
  static double sum(IPlugin&, void* row) noexcept;

  IMetrics* host_ = nullptr;
  std::vector<Row> rows_;  // constant after load
  std::mutex mutex_;       // guards the list
  std::vector<const Counters*> loops_;
};

}  // namespace flin::ws
