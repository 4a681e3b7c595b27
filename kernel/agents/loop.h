// One loop thread: a run queue of agents, timers, an inbox for what other threads hand over, and a
// poller. A turn takes the inbox, fires timers, lets agents run for their fuel, then polls for I/O,
// waiting only when there is nothing to run. Everything [loop-thread] but what says otherwise.
#pragma once

#include "agents/agent.h"
#include "agents/clock.h"
#include "flin/poller.h"

#include <atomic>
#include <compare>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <vector>

namespace flin::agents {

// Of the whole scheduler. [any-thread]
struct Counters {
  std::atomic<std::uint64_t> spawned{0}, ended{0}, messages{0}, dropped{0}, failed{0}, timeouts{0};
  std::atomic<std::uint64_t> queue_high_water{0};
  std::atomic<std::uint64_t> collections{0};  // of the heaps of agents
};

// Told of an agent that had not finished when the deadline of its stop came. [loop-thread]
using OnLate = std::function<void(const std::string& name, std::uint32_t deadline_ms)>;
// What others are told of agents; each may be null. [agent-thread]
struct Observer {
  std::function<void(AgentId id, const std::string& name)> started;  // its first message begins
  std::function<void(AgentId id, const std::string& name, const runtime::Failure&)> failed;
};

struct LoopOptions {
  std::uint32_t number = 0;
  runtime::Limits limits;
  std::uint32_t fuel = 20000;    // instructions of one turn of an agent
  std::uint32_t mailbox = 1000;  // default bound
  OnLate on_late = nullptr;
  Observer observer = {};
};

// Something another thread hands over. Exactly one of run and drop is called, on the loop's thread
// or, when the loop has ended, on the thread that posted.
struct Posted {
  void (*run)(void* data, Loop& loop);
  void* data;
  void (*drop)(void* data);
};

struct TimerId {
  std::int64_t due = 0;      // milliseconds of the loop's clock
  std::uint64_t number = 0;  // 0: no timer
  auto operator<=>(const TimerId&) const = default;
};

class Loop {
 public:
  Loop(LoopOptions options, const Clock& clock, Counters& counters);
  ~Loop();

  std::uint32_t number() const { return options_.number; }
  Counters& counters() { return counters_; }
  const Observer& observer() const { return options_.observer; }

  // Life. start() makes the thread, which takes its poller from `pollers` (null: a condition
  // variable).
  void start(IPollers* pollers);
  // [any-thread] The loop ends after its present turn; agents left are ended at once. join() waits.
  void end();
  void join();
  // For tests without threads: one turn on the calling thread, waiting at most `wait_us`.
  void adopt_thread(IPollers* pollers);
  void turn(std::int64_t wait_us);
  bool is_current() const {
    return thread_id_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }

  void post(const Posted& posted);      // [any-thread]
  void post(std::function<void()> fn);  // [any-thread] dropped when the loop has ended

  // Agents of this loop.
  Agent& spawn(AgentOptions options);
  Agent* find(AgentId id);
  Result<void> send(Agent& agent, std::unique_ptr<Job> job);  // R0302
  void control(Agent& agent, Control message);
  // Orderly end (L 13.6): the present message may finish until the deadline, what is queued is
  // abandoned. Then the agent ends at the next safe point, which its fuel brings: the message fails
  // with R0204. kNoTimeout: no deadline. Not within a turn of that agent.
  void stop(Agent& agent, std::uint32_t deadline_ms);
  // [any-thread] Reserves a place in the agent's mailbox: R0301 when there is none of that id,
  // R0302.
  Result<void> reserve(AgentId id);
  void send_reserved(AgentId id, std::unique_ptr<Job> job);
  std::size_t live_agents() const { return live_.load(std::memory_order_relaxed); }  // [any-thread]
  // Names of agents that have work or wait; at most `most`.
  std::vector<std::string> busy(std::size_t most) const;
  std::size_t busy_count() const;
  void fail_waiting();  // every waiting call fails with R0204

  // Timers. A timer runs once.
  TimerId after(std::int64_t ms, std::function<void()> fn);
  void cancel_timer(const TimerId& timer);  // one that has run: nothing happens

  // Tickets of suspended calls: the loop's number and a number of the wait.
  std::uint64_t make_ticket(Agent& agent, std::uint32_t timeout_ms);
  void forget_ticket(std::uint64_t ticket);
  void complete(std::uint64_t ticket, CompleteFn fn, IPlugin& self, void* data, DropFn drop);

  std::unique_ptr<runtime::Isolate> borrow_isolate();
  void give_back_isolate(std::unique_ptr<runtime::Isolate> isolate);

  static std::uint32_t loop_of(AgentId id) { return static_cast<std::uint32_t>(id.bits >> 56); }
  static std::uint32_t loop_of_ticket(std::uint64_t ticket) {
    return static_cast<std::uint32_t>(ticket >> 56);
  }

 private:
  struct Slot {
    std::uint32_t generation = 0;
    std::unique_ptr<Agent> agent;
    std::shared_ptr<Room> room;
  };
  struct Wait {
    Agent* agent;
    TimerId timer;
  };
  void run();
  void take_inbox();
  void fire_timers();
  bool run_agents();
  void poll(std::int64_t wait_us);
  void queue(Agent& agent);
  void remove(Agent& agent);
  void end_all();
  void end_late(AgentId id, std::uint32_t deadline_ms);
  std::int64_t until_next_timer_us() const;
  void end_wait(std::uint64_t ticket, Status error);
  static std::uint32_t index_of(AgentId id) { return static_cast<std::uint32_t>(id.bits); }
  static std::uint32_t generation_of(AgentId id) {
    return static_cast<std::uint32_t>(id.bits >> 32) & 0xFFFFFF;
  }

  const LoopOptions options_;
  const Clock& clock_;
  Counters& counters_;

  std::thread thread_;
  std::atomic<std::thread::id> thread_id_{};
  std::atomic<bool> ending_{false};
  IPoller* poller_ = nullptr;
  std::vector<Ready> ready_;

  std::mutex inbox_lock_;  // guards inbox_ and closed_
  std::vector<Posted> inbox_, taken_;
  bool closed_ = false;

  mutable std::mutex slots_lock_;  // guards slots_ and free_slots_: other threads spawn and reserve
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::atomic<std::size_t> live_{0};
  std::deque<Agent*> run_queue_;

  std::map<TimerId, std::function<void()>> timers_;
  std::uint64_t last_timer_ = 0;

  std::unordered_map<std::uint64_t, Wait> waits_;
  std::uint64_t last_wait_ = 0;
  std::vector<std::unique_ptr<runtime::Isolate>> isolates_;
};

}  // namespace flin::agents
