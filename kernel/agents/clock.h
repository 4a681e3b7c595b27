// Time as loops see it: milliseconds that never go back. Tests set it by hand.
#pragma once

#include <chrono>
#include <cstdint>

namespace flin::agents {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t now_ms() const = 0;  // [any-thread]
};

class SteadyClock final : public Clock {
 public:
  std::int64_t now_ms() const override {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  }
};

}  // namespace flin::agents
