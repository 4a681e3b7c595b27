#include "timers.h"

namespace flin::async {

Timers::Id Timers::after(std::int64_t ms, std::function<void()> fn) {
  const std::lock_guard lock(lock_);
  if (is_ending_) return 0;
  const Clock::time_point due = Clock::now() + std::chrono::milliseconds(ms);
  timers_.emplace(due, Timer{++last_, std::move(fn)});
  due_.emplace(last_, due);
  if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
  if (timers_.begin()->second.id == last_) told_.notify_one();
  return last_;
}

void Timers::cancel(Id timer) {
  std::function<void()> dropped;  // ends outside the lock
  const std::lock_guard lock(lock_);
  const auto due = due_.find(timer);
  if (due == due_.end()) return;
  const auto [from, to] = timers_.equal_range(due->second);
  for (auto it = from; it != to; ++it) {
    if (it->second.id != timer) continue;
    dropped = std::move(it->second.fn);
    timers_.erase(it);
    break;
  }
  due_.erase(due);
}

void Timers::run() {
  std::unique_lock lock(lock_);
  while (!is_ending_) {
    if (timers_.empty()) {
      told_.wait(lock);
      continue;
    }
    const auto first = timers_.begin();
    if (first->first > Clock::now()) {
      const Clock::time_point due = first->first;  // the timer may be cancelled meanwhile
      told_.wait_until(lock, due);
      continue;
    }
    Timer timer = std::move(first->second);
    timers_.erase(first);
    due_.erase(timer.id);
    lock.unlock();
    timer.fn();
    timer.fn = nullptr;
    lock.lock();
  }
}

void Timers::stop() {
  std::multimap<Clock::time_point, Timer> dropped;
  std::thread thread;
  {
    const std::lock_guard lock(lock_);
    is_ending_ = true;
    dropped.swap(timers_);
    due_.clear();
    thread.swap(thread_);
    told_.notify_all();
  }
  if (thread.joinable()) thread.join();
}

}  // namespace flin::async
