// An opcode's call that the store may answer at once or later, from another thread.
//
// The op starts the work, whose done function calls finished(), and then gives the job to answer().
// Answered already: the result is made there and then, without suspending. Else the call suspends
// and whoever is late (the done function, or the op itself) hands the job to IHost::complete.
#pragma once

#include "flin/plugin.h"

#include <atomic>
#include <memory>

namespace flin::store {

class OpJob {
 public:
  explicit OpJob(IHost& host) : host_(host) {}
  virtual ~OpJob() = default;
  OpJob(const OpJob&) = delete;
  OpJob& operator=(const OpJob&) = delete;

  // The job is not touched after this by the thread that calls it. [any-thread]
  void finished();
  // [agent-thread]
  static Status answer(std::unique_ptr<OpJob> job, IPlugin& self, ICall& call, Value& result);

  // What the job needs beyond the call, when it suspends. [agent-thread]
  virtual void keep(ICall& call) = 0;
  // Makes the op's result from what was found. [agent-thread]
  virtual Status result(ICall& call, Value& out) = 0;

 private:
  enum State { kRunning, kFinished, kSuspended };
  void complete();

  IHost& host_;
  std::atomic<State> state_ = kRunning;
  std::uint64_t ticket_ = 0;
};

}  // namespace flin::store
