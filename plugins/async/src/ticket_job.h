// Work for one suspended call of an opcode: done on a worker thread, told to the agent.
#pragma once

#include "flin/plugin.h"

#include <cstdint>
#include <memory>
#include <string>

namespace flin::async {

class AsyncPlugin;

struct Failure {
  std::uint32_t code = 0;  // 0: none
  std::string message;
};

class TicketJob {
 public:
  TicketJob() = default;
  virtual ~TicketJob() = default;
  TicketJob(const TicketJob&) = delete;
  TicketJob& operator=(const TicketJob&) = delete;

  virtual void run() = 0;                              // [worker]
  virtual Status result(ICall& call, Value& out) = 0;  // [agent-thread]

  // Suspends the call and hands the job to the workers. A failure to do so is the call's.
  static Status start(std::unique_ptr<TicketJob> job, AsyncPlugin& plugin, ICall& call);

 private:
  AsyncPlugin* plugin_ = nullptr;
  std::uint64_t ticket_ = 0;
};

Status failed(ICall& call, const Failure& failure);

}  // namespace flin::async
