#include "timers.h"

#include <algorithm>
#include <chrono>

namespace flin::http {

std::int64_t now_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

Timers::~Timers() {
  for (Timer*& slot : slots_) {
    while (slot) clear(*slot);
  }
}

void Timers::insert(Timer& timer, std::int64_t deadline) {
  if (!started_) {
    tick_ = now_ms() / kSlotMs;
    if (deadline / kSlotMs < tick_) tick_ = deadline / kSlotMs - 1;
    started_ = true;
  }
  // The slot that ends at or after the deadline; what lies beyond the wheel waits in its last slot.
  std::int64_t tick = deadline / kSlotMs + 1;
  tick = std::clamp<std::int64_t>(tick, tick_ + 1, tick_ + static_cast<std::int64_t>(kSlots) - 1);
  const auto slot = static_cast<std::size_t>(tick) % kSlots;
  timer.slot_end_ = tick * kSlotMs;
  timer.next_ = slots_[slot];
  timer.link_ = &slots_[slot];
  if (timer.next_) timer.next_->link_ = &timer.next_;
  slots_[slot] = &timer;
  used_[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

void Timers::set(Timer& timer, std::int64_t deadline) {
  timer.deadline_ = deadline;
  if (timer.link_ && timer.slot_end_ <= deadline + kSlotMs)
    return;  // looked at in time, then moved
  if (timer.link_) {
    clear(timer);
    timer.deadline_ = deadline;
  }
  insert(timer, deadline);
}

void Timers::clear(Timer& timer) {
  timer.deadline_ = 0;
  if (!timer.link_) return;
  *timer.link_ = timer.next_;
  if (timer.next_) timer.next_->link_ = timer.link_;
  timer.link_ = nullptr;
  timer.next_ = nullptr;
}

std::int64_t Timers::until_next(std::int64_t now) const {
  for (std::int64_t ahead = 1; ahead < static_cast<std::int64_t>(kSlots);) {
    const auto slot = static_cast<std::size_t>(tick_ + ahead) % kSlots;
    const std::uint64_t rest = used_[slot / 64] >> (slot % 64);
    if (rest == 0) {
      ahead += static_cast<std::int64_t>(64 - slot % 64);
      continue;
    }
    ahead += __builtin_ctzll(rest);
    if (ahead >= static_cast<std::int64_t>(kSlots)) break;
    return std::max<std::int64_t>(0, (tick_ + ahead) * kSlotMs - now);
  }
  return -1;
}

void Timers::run_slot(std::size_t slot, std::int64_t now) {
  used_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
  // The list is moved aside, so that what expires may put timers into this very slot.
  Timer* list = slots_[slot];
  slots_[slot] = nullptr;
  if (list) list->link_ = &list;
  while (list) {
    Timer& timer = *list;
    const std::int64_t deadline = timer.deadline_;
    clear(timer);
    if (deadline > now) {
      timer.deadline_ = deadline;
      insert(timer, deadline);
    } else {
      timer.expired();
    }
  }
}

void Timers::advance(std::int64_t now) {
  if (!started_) return;
  const std::int64_t last = now / kSlotMs;
  if (last - tick_ >= static_cast<std::int64_t>(kSlots))
    tick_ = last - static_cast<std::int64_t>(kSlots) + 1;
  while (tick_ < last) {
    ++tick_;
    run_slot(static_cast<std::size_t>(tick_) % kSlots, now);
  }
}

void Timers::ready(std::uint32_t) noexcept { advance(now_ms()); }

}  // namespace flin::http
