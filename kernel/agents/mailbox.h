// The queue of one agent: a bounded lane for jobs, and a lane for control messages, which cannot
// overflow and are taken first. Used on the agent's loop only; `room` is shared with senders
// elsewhere.
#pragma once

#include "agents/job.h"

#include <atomic>
#include <deque>
#include <memory>

namespace flin::agents {

// How many more jobs fit. A sender reserves a place before it hands its job over, so that it is
// told at once when there is none. [any-thread]
class Room {
 public:
  explicit Room(std::uint32_t limit) : limit_(limit) {}
  std::uint32_t limit() const { return limit_; }
  std::uint32_t used() const { return used_.load(std::memory_order_relaxed); }
  bool reserve() {
    std::uint32_t used = used_.load(std::memory_order_relaxed);
    do {
      if (used >= limit_) return false;
    } while (!used_.compare_exchange_weak(used, used + 1, std::memory_order_relaxed));
    return true;
  }
  void give_back() { used_.fetch_sub(1, std::memory_order_relaxed); }

 private:
  const std::uint32_t limit_;
  std::atomic<std::uint32_t> used_{0};
};

enum class Control : std::uint8_t { kPause, kResume, kStop };

class Mailbox {
 public:
  explicit Mailbox(std::uint32_t limit) : room_(std::make_shared<Room>(limit)) {}

  const std::shared_ptr<Room>& room() const { return room_; }
  bool empty() const { return jobs_.empty(); }
  std::size_t size() const { return jobs_.size(); }
  void push(std::unique_ptr<Job> reserved) { jobs_.push_back(std::move(reserved)); }
  std::unique_ptr<Job> pop() {
    std::unique_ptr<Job> job = std::move(jobs_.front());
    jobs_.pop_front();
    room_->give_back();
    return job;
  }

  bool has_control() const { return !control_.empty(); }
  void push_control(Control c) { control_.push_back(c); }
  Control pop_control() {
    const Control c = control_.front();
    control_.pop_front();
    return c;
  }

 private:
  std::shared_ptr<Room> room_;
  std::deque<std::unique_ptr<Job>> jobs_;
  std::deque<Control> control_;
};

}  // namespace flin::agents
