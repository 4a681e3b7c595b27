// Deadlines of one loop as a wheel: 512 slots of 64 ms. A connection moves its deadline with every
// request, so moving it later is one store; the timer is put into its new slot when the old one
// comes round. Deadlines are met up to one slot late. [loop-thread]
#pragma once

#include "flin/poller.h"

#include <array>
#include <cstdint>

namespace flin::http {

class Timers;

// A deadline and what happens at it. Belongs to its owner, who must clear it before it dies.
class Timer {
 public:
  virtual void expired() noexcept = 0;  // may set, clear or end timers, this one too

 protected:
  ~Timer() = default;

 private:
  friend class Timers;
  Timer* next_ = nullptr;
  Timer** link_ = nullptr;     // what points to this; null: in no slot
  std::int64_t deadline_ = 0;  // ms; 0: none
  std::int64_t slot_end_ = 0;  // ms at which its slot is looked at
};

class Timers final : public IReady {
 public:
  Timers() = default;
  ~Timers();
  Timers(const Timers&) = delete;
  Timers& operator=(const Timers&) = delete;

  void set(Timer& timer, std::int64_t deadline);  // ms on the clock that advance() is given
  void clear(Timer& timer);
  // Milliseconds until something may be due, at least 0; -1 when there is nothing to wait for.
  std::int64_t until_next(std::int64_t now) const;
  bool due(std::int64_t now) const { return until_next(now) == 0; }
  void advance(std::int64_t now);  // runs what is due

  void ready(std::uint32_t events) noexcept
      override;  // advance() to the present: how a poller's turn runs them

 private:
  static constexpr std::int64_t kSlotMs = 64;
  static constexpr std::size_t kSlots = 512;
  void insert(Timer& timer, std::int64_t deadline);
  void run_slot(std::size_t slot, std::int64_t now);

  std::array<Timer*, kSlots> slots_{};
  std::array<std::uint64_t, kSlots / 64> used_{};
  std::int64_t tick_ = 0;  // every slot up to this tick has been looked at
  bool started_ = false;
};

// Milliseconds on the monotonic clock.
std::int64_t now_ms();

}  // namespace flin::http
