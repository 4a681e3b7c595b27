// What a running isolate needs from the agent around it. kernel/agents implements it for all
// agents; kernel/pages extends it for renders, actions and live values.
#pragma once

#include "flin/plugin.h"
#include "runtime/value.h"

#include <string>
#include <string_view>

namespace flin::runtime {

class Isolate;

// Outcome of a port function that may need FLIN code to run before it has a value.
enum class PortResult : std::uint8_t {
  kValue,   // `out` is the value
  kPushed,  // it called Isolate::call_then(..): the value comes from there
  kFailed   // it called Isolate::fail(..)
};

class Ports {
 public:
  virtual ~Ports() = default;

  // A ticket for IHost::complete; the isolate stops with RunState::kSuspended when the opcode
  // returns.
  virtual std::uint64_t suspend(const IPlugin& plugin, std::uint32_t timeout_ms) = 0;
  virtual AgentId agent() = 0;
  virtual void** local(const IPlugin& plugin, DropFn drop) = 0;  // ICall::local
  virtual void depend(std::uint64_t source) = 0;                 // ICall::depend
  virtual void committed(std::uint64_t seq) = 0;                 // ICall::committed
  // An opcode with kWrites is about to suspend: what it commits may be told to others before this
  // agent goes on and hears committed().
  virtual void writing() {}
  virtual Status context(ICall& call, std::uint32_t what,
                         Value& out) = 0;  // LoadContext; asked once per kind and run

  // Pages only; others fail with R0014.
  virtual PortResult live_value(Isolate& isolate, std::uint32_t row, const Value* inputs,
                                std::uint32_t count, Value& out) = 0;
  virtual bool form_fields(Isolate& isolate, std::uint32_t handler, const Value* inputs,
                           std::uint32_t count) = 0;
  virtual void body_begins(Isolate& isolate) = 0;

  // Steps of the address of what is rendered next (W 4.2), of pages only: a row of the loop of that
  // view row (`key` null: its index), an instance of a component, the content of a slot. Each is
  // ended by leave_step().
  virtual void enter_row(std::uint32_t view_row, const std::string* key) {
    (void)view_row, (void)key;
  }
  virtual void enter_use(std::uint32_t view_row, std::uint32_t component) {
    (void)view_row, (void)component;
  }
  virtual void enter_slot(std::uint32_t slot) { (void)slot; }
  virtual void leave_step() {}
  // The variables of the instance being rendered, in order of the component's row of cells. False:
  // it called Isolate::fail(..).
  virtual bool instance_cells(Isolate& isolate, std::uint32_t component, const Value* values,
                              std::uint32_t count) {
    (void)isolate, (void)component, (void)values, (void)count;
    return true;
  }
};

}  // namespace flin::runtime
