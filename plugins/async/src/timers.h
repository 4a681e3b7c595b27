// Deadlines: functions that run once at a time, on one thread of their own. They must be short.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace flin::async {

class Timers {
 public:
  using Id = std::uint64_t;  // 0: no timer
  ~Timers() { stop(); }

  // 0 after stop(): fn is dropped then. [any-thread]
  Id after(std::int64_t ms, std::function<void()> fn);
  // One that has run, or runs now: nothing happens. [any-thread]
  void cancel(Id timer);
  // What has not run is dropped.
  void stop();

 private:
  using Clock = std::chrono::steady_clock;
  struct Timer {
    Id id;
    std::function<void()> fn;
  };
  void run();

  std::mutex lock_;  // guards all below
  std::condition_variable told_;
  std::multimap<Clock::time_point, Timer> timers_;
  std::map<Id, Clock::time_point> due_;
  Id last_ = 0;
  std::thread thread_;  // made with the first timer
  bool is_ending_ = false;
};

}  // namespace flin::async
