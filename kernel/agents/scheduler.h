// All loops of the process, and agents by id wherever they live. What plugins see of it is IAgents
// and the loop functions of IHost.
#pragma once

#include "agents/loop.h"
#include "flin/agents.h"

#include <memory>
#include <string>
#include <vector>

namespace flin::agents {

struct SchedulerOptions {
  std::uint32_t loops = 1;
  runtime::Limits limits = {};
  std::uint32_t mailbox = 1000;
  std::uint32_t fuel = 20000;
  OnLate on_late = nullptr;
  Observer observer = {};
};

class Scheduler {
 public:
  Scheduler(SchedulerOptions options, const Clock& clock);
  ~Scheduler();

  std::uint32_t size() const { return static_cast<std::uint32_t>(loops_.size()); }
  Loop& loop(std::uint32_t number) { return *loops_[number]; }
  const Counters& counters() const { return counters_; }

  void start(IPollers* pollers);
  // Waits until no agent is busy, at most `deadline_ms`; then waiting calls fail (R0204), agents
  // end and the loop threads are joined. Gives the names of those that were late. Called by a
  // thread that is no loop.
  std::vector<std::string> drain_and_end(std::uint32_t deadline_ms);

  // Waits until every loop has ended the turn it is in. Called by a thread that is no loop, after
  // start().
  void wait_for_turns();

  // The loop of the calling thread; null outside one. [any-thread]
  Loop* current() const;
  // A loop for work that has none: the calling one, else each in turn. [any-thread]
  Loop& choose();

  // Starts an agent with its first job: on the calling loop if there is one. [any-thread]
  Result<AgentId> start_agent(AgentOptions options, std::unique_ptr<Job> job);
  // R0301, R0302. [any-thread]
  Result<void> send(AgentId to, std::unique_ptr<Job> job);
  void control(AgentId to, Control message);  // [any-thread]
  // Loop::stop on the agent's loop, soon. [any-thread]
  void stop(AgentId id, std::uint32_t deadline_ms);
  // Of all loops. [any-thread]
  std::size_t live_agents() const;
  void complete(std::uint64_t ticket, CompleteFn fn, IPlugin& self, void* data,
                DropFn drop);  // [any-thread]

 private:
  const Clock& clock_;
  Counters counters_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::atomic<std::uint32_t> next_{0};
  bool started_ = false;
};

}  // namespace flin::agents
