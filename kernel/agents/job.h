// One message of an agent: what its isolate runs, and what becomes of the outcome. Pages, requests
// and tests implement it; an agent runs one job at a time, from begin() to end(), perhaps with
// pauses. Everything here: [agent-thread].
#pragma once

#include "flin/plugin.h"
#include "runtime/isolate.h"

#include <cstdint>
#include <memory>

namespace flin::agents {

class Agent;

class Job {
 public:
  virtual ~Job() = default;

  // The Program its code belongs to.
  virtual std::shared_ptr<const runtime::Program> program() const = 0;
  // Makes ready what the isolate runs (Isolate::enter_..). False: there is nothing to run, end() is
  // not called.
  virtual bool begin(runtime::Isolate& isolate) = 0;
  // The code ended (kDone) or failed (kFailed). True: it has entered more code (Isolate::enter_..),
  // which runs in the same isolate; false: the job is over and the isolate is reset.
  virtual bool end(runtime::Isolate& isolate, runtime::RunState outcome) = 0;
  // The agent ended before this job began, or while it waited: R0204, R0301.
  virtual void abandon() {}

  // What the running code asks for; see runtime::Ports.
  virtual Status context(ICall& call, std::uint32_t what, Value& out);
  virtual void depend(std::uint64_t source) { (void)source; }
  virtual void committed(std::uint64_t seq) { (void)seq; }
  virtual void writing() {}  // runtime::Ports::writing
  virtual runtime::PortResult live_value(runtime::Isolate& isolate, std::uint32_t row,
                                         const Value* inputs, std::uint32_t count, Value& out);
  virtual bool form_fields(runtime::Isolate& isolate, std::uint32_t handler, const Value* inputs,
                           std::uint32_t count);
  virtual void body_begins(runtime::Isolate& isolate) { (void)isolate; }
  virtual void enter_row(std::uint32_t view_row, const std::string* key) {
    (void)view_row, (void)key;
  }
  virtual void enter_use(std::uint32_t view_row, std::uint32_t component) {
    (void)view_row, (void)component;
  }
  virtual void enter_slot(std::uint32_t slot) { (void)slot; }
  virtual void leave_step() {}
  virtual bool instance_cells(runtime::Isolate& isolate, std::uint32_t component,
                              const Value* values, std::uint32_t count) {
    (void)isolate, (void)component, (void)values, (void)count;
    return true;
  }
};

}  // namespace flin::agents
