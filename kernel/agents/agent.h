// One agent: a mailbox, a state and, while a job runs, an isolate borrowed from its loop. It lives
// on the loop that made it. Everything but ids: [agent-thread].
#pragma once

#include "agents/mailbox.h"
#include "base/log.h"
#include "runtime/isolate.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace flin::agents {

class Loop;

enum class AgentState : std::uint8_t { kStarting, kRunning, kPaused, kShuttingDown, kTerminated };

struct AgentOptions {
  std::string name;           // "GET /todos", for logs and traces
  std::uint32_t kind = 0;     // flin::AgentKind
  std::uint32_t mailbox = 0;  // 0: the scheduler's default
  bool one_shot = false;      // ends after its first job
};

class Agent final : public runtime::Ports {
 public:
  Agent(Loop& loop, AgentId id, AgentOptions options, std::uint32_t mailbox);
  ~Agent() override;

  AgentId id() const { return id_; }
  const std::string& name() const { return options_.name; }
  std::uint32_t kind() const { return options_.kind; }
  AgentState state() const { return state_; }
  Mailbox& mailbox() { return mailbox_; }
  Loop& loop() { return loop_; }
  bool is_busy() const { return job_ != nullptr; }

  // Called by the loop. One turn: control messages, then at most `fuel` instructions of a job.
  // True: it has more to do now.
  bool turn(std::uint32_t fuel);
  // Whether a turn would do something.
  bool has_work() const;
  // The call it waits in has its result or failure: the loop found its ticket. It has work
  // afterwards.
  void complete(CompleteFn fn, IPlugin& self, void* data);
  void complete_with(Status error);  // a timeout (R0201) or the end (R0204)
  // Ends at once, whatever it does: the job is told by end() or abandon(). The loop removes it
  // next.
  void end_now();

  bool is_queued = false;  // in the loop's run queue; the loop's business

  // runtime::Ports
  std::uint64_t suspend(const IPlugin& plugin, std::uint32_t timeout_ms) override;
  AgentId agent() override { return id_; }
  void** local(const IPlugin& plugin, DropFn drop) override;
  void depend(std::uint64_t source) override { job_->depend(source); }
  void committed(std::uint64_t seq) override { job_->committed(seq); }
  void writing() override { job_->writing(); }
  Status context(ICall& call, std::uint32_t what, Value& out) override {
    return job_->context(call, what, out);
  }
  runtime::PortResult live_value(runtime::Isolate& isolate, std::uint32_t row, const Value* inputs,
                                 std::uint32_t count, Value& out) override {
    return job_->live_value(isolate, row, inputs, count, out);
  }
  bool form_fields(runtime::Isolate& isolate, std::uint32_t handler, const Value* inputs,
                   std::uint32_t count) override {
    return job_->form_fields(isolate, handler, inputs, count);
  }
  void body_begins(runtime::Isolate& isolate) override { job_->body_begins(isolate); }
  void enter_row(std::uint32_t view_row, const std::string* key) override {
    job_->enter_row(view_row, key);
  }
  void enter_use(std::uint32_t view_row, std::uint32_t component) override {
    job_->enter_use(view_row, component);
  }
  void enter_slot(std::uint32_t slot) override { job_->enter_slot(slot); }
  void leave_step() override { job_->leave_step(); }
  bool instance_cells(runtime::Isolate& isolate, std::uint32_t component, const Value* values,
                      std::uint32_t count) override {
    return job_->instance_cells(isolate, component, values, count);
  }

 private:
  struct Local {
    const IPlugin* plugin;
    void* data;
    DropFn drop;
  };

  LogScope::Kind log_kind() const;
  void take_control();
  bool start_next();
  void release_job();
  void terminate();

  Loop& loop_;
  const AgentId id_;
  AgentOptions options_;
  Mailbox mailbox_;
  AgentState state_ = AgentState::kStarting;
  std::unique_ptr<Job> job_;
  std::unique_ptr<runtime::Isolate> isolate_;   // while a job runs
  std::uint64_t collections_ = 0;               // of its heap when the job began
  std::vector<std::unique_ptr<Local>> locals_;  // of the running job
  std::uint64_t ticket_ = 0;                    // of the call it waits in; 0: it does not wait
};

}  // namespace flin::agents
