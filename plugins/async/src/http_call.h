// One outbound request of a program: its deadline, its attempts, and the call that waits for it.
#pragma once

#include "outbound.h"
#include "timers.h"

#include "flin/plugin.h"

#include <memory>
#include <mutex>

namespace flin::async {

class AsyncPlugin;

class HttpCall final : public std::enable_shared_from_this<HttpCall> {
 public:
  HttpCall(AsyncPlugin& plugin, OutboundRequest request, std::int64_t timeout_ms, int retries);
  ~HttpCall();

  // Suspends the call; whatever comes first ends it: the answer, a failure, the deadline.
  static Status start(std::shared_ptr<HttpCall> self, ICall& call);
  void abort() { abort_.now(); }  // [any-thread]

 private:
  void submit();
  void run();  // [worker]
  bool again_after(const OutboundFailure& failure);
  void end(OutboundFailure failure);
  static Status completed(IPlugin& self, ICall& call, void* data, Value& result);

  AsyncPlugin& plugin_;
  const OutboundRequest request_;
  const std::int64_t timeout_ms_;
  std::chrono::steady_clock::time_point deadline_;
  std::uint64_t ticket_ = 0;
  Abort abort_;
  int retries_left_, attempts_ = 0;  // [worker]

  std::mutex lock_;  // guards all below
  bool has_ended_ = false;
  Timers::Id timer_ = 0;
  OutboundFailure failure_;
  OutboundAnswer answer_;
};

}  // namespace flin::async
