#include "agents/agent.h"

#include "agents/loop.h"
#include "base/log.h"
#include "flin/agents.h"
#include "runtime/heap.h"

namespace flin::agents {

using runtime::RunState;

Agent::Agent(Loop& loop, AgentId id, AgentOptions options, std::uint32_t mailbox)
    : loop_(loop), id_(id), options_(std::move(options)), mailbox_(mailbox) {}

Agent::~Agent() = default;

bool Agent::has_work() const {
  if (state_ == AgentState::kTerminated) return false;
  if (mailbox_.has_control()) return true;
  if (job_ != nullptr) return ticket_ == 0;
  if (state_ == AgentState::kShuttingDown) return true;
  return state_ != AgentState::kPaused && !mailbox_.empty();
}

void Agent::take_control() {
  while (mailbox_.has_control()) {
    const Control control = mailbox_.pop_control();
    const bool is_up = state_ == AgentState::kRunning || state_ == AgentState::kStarting;
    if (control == Control::kStop)
      state_ = AgentState::kShuttingDown;
    else if (control == Control::kPause && is_up)
      state_ = AgentState::kPaused;
    else if (control == Control::kResume && state_ == AgentState::kPaused)
      state_ = AgentState::kRunning;
  }
}

bool Agent::turn(std::uint32_t fuel) {
  take_control();
  if (job_ == nullptr) {
    if (state_ == AgentState::kShuttingDown) {
      terminate();
      return false;
    }
    if (state_ == AgentState::kPaused || mailbox_.empty()) return false;
    if (!start_next()) return has_work();
  }
  if (ticket_ != 0) return false;
  const LogScope scope(log_kind(), id_.bits, options_.name);
  const RunState outcome = isolate_->run(fuel);
  if (outcome == RunState::kYielded) return true;
  if (outcome == RunState::kSuspended) return false;
  if (outcome == RunState::kFailed) {
    loop_.counters().failed.fetch_add(1, std::memory_order_relaxed);
    if (loop_.observer().failed) loop_.observer().failed(id_, options_.name, isolate_->failure());
  }
  if (job_->end(*isolate_, outcome)) return true;
  release_job();
  return has_work();
}

LogScope::Kind Agent::log_kind() const {
  return options_.kind == kRequestAgent ? LogScope::kRequest : LogScope::kAgent;
}

bool Agent::start_next() {
  const bool is_first = state_ == AgentState::kStarting;
  state_ = AgentState::kRunning;
  if (is_first && loop_.observer().started) loop_.observer().started(id_, options_.name);
  job_ = mailbox_.pop();
  const LogScope scope(log_kind(), id_.bits, options_.name);
  isolate_ = loop_.borrow_isolate();
  isolate_->reset(job_->program(), *this);
  collections_ = isolate_->heap().collections();
  loop_.counters().messages.fetch_add(1, std::memory_order_relaxed);
  if (job_->begin(*isolate_)) return true;
  release_job();
  return false;
}

void Agent::release_job() {
  for (auto& local : locals_)
    if (local->data != nullptr && local->drop != nullptr) local->drop(local->data);
  locals_.clear();
  job_.reset();
  const std::uint64_t collected = isolate_->heap().collections() - collections_;
  if (collected != 0) loop_.counters().collections.fetch_add(collected, std::memory_order_relaxed);
  loop_.give_back_isolate(std::move(isolate_));
  if (options_.one_shot) state_ = AgentState::kShuttingDown;
}

void Agent::terminate() {
  state_ = AgentState::kTerminated;
  while (!mailbox_.empty()) mailbox_.pop()->abandon();
}

void Agent::end_now() {
  if (job_ != nullptr) {
    if (ticket_ != 0) {
      loop_.forget_ticket(ticket_);
      ticket_ = 0;
    }
    isolate_->cancel(code('R', 204), "cancelled");
    job_->end(*isolate_, RunState::kFailed);  // whatever it enters now does not run
    release_job();
  }
  terminate();
}

std::uint64_t Agent::suspend(const IPlugin&, std::uint32_t timeout_ms) {
  ticket_ = loop_.make_ticket(*this, timeout_ms);
  return ticket_;
}

void Agent::complete(CompleteFn fn, IPlugin& self, void* data) {
  ticket_ = 0;
  isolate_->complete(self, fn, data);
}

void Agent::complete_with(Status error) {
  ticket_ = 0;
  isolate_->complete_with(std::move(error));
}

void** Agent::local(const IPlugin& plugin, DropFn drop) {
  for (auto& local : locals_)
    if (local->plugin == &plugin) return &local->data;
  locals_.push_back(std::make_unique<Local>(Local{&plugin, nullptr, drop}));
  return &locals_.back()->data;
}

}  // namespace flin::agents
