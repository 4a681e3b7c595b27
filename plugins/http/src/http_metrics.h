// The numbers of this plugin (flin/metrics.h), shown with all others at /_flin/metrics.
#pragma once

#include "flin/metrics.h"

#include <array>
#include <atomic>

namespace flin::http {

enum class Timeout { kHead, kBody, kAnswer, kIdle };

class HttpMetrics {
 public:
  // Without `metrics` everything is counted nowhere. P114 when a name is taken. [load]
  Status attach(IMetrics* metrics, IPlugin& self);

  // [any-thread]
  void answered(int status, double seconds) const {
    const auto kind = static_cast<std::size_t>(status / 100);
    if (kind < requests_.size()) requests_[kind].add();
    seconds_.observe(seconds);
  }
  void timed_out(Timeout what) const { timeouts_[static_cast<std::size_t>(what)].add(); }

  Counter received, sent;         // bytes
  Counter accepted, turned_away;  // connections
  Counter malformed;              // requests refused before they ran
  std::atomic<std::int64_t> connections{0}, in_flight{0};

 private:
  std::array<Counter, 6> requests_;  // by the first digit of the status
  std::array<Counter, 4> timeouts_;
  Histogram seconds_;
};

}  // namespace flin::http
