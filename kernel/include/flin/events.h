// Events of the kernel. A payload begins with its size and grows at the end; a new meaning is a new
// name. A handler whose name begins with `before_` may stop the action by an error Status; errors
// of other handlers are logged with the plugin's id and the rest still run (A 8).
#pragma once

#include "flin/plugin.h"

namespace flin {

struct Event {
  std::uint32_t size;  // of this struct in the sender's build
  Text name;
  const void* payload;  // the struct named beside the event
};

// A Program is being linked: plugins start new tables, which its decl ops fill. [load, or a
// worker thread in a reload]
constexpr Text kProgramLinking = "program.linking";
// Its declarations are carried out: may it be served? IProgram is this Program for whoever handles
// one of these three events, the one served so far for all others. An error stops it: its message
// is shown, the Program served so far goes on, and this one ends. [as above]
constexpr Text kProgramBeforeServed = "program.before_served";
// It is the one served now: swap the tables. [as above]
constexpr Text kProgramLoaded = "program.loaded";
// Its last agent is gone: free its tables. Not told of the Program served when flin ends.
// [loop-thread]
constexpr Text kProgramEnded = "program.ended";
struct ProgramEvent {
  std::uint32_t size;
  std::uint32_t program;  // IProgram::number()
};

constexpr Text kAgentStarted = "agent.started";  // [agent-thread]
constexpr Text kAgentFailed = "agent.failed";    // [agent-thread]
struct AgentEvent {
  std::uint32_t size;
  std::uint32_t code;  // agent.failed: code of the error
  AgentId agent;
  Text name, message;
};

constexpr Text kReactiveFlushed =
    "reactive.flushed";  // [loop-thread] after the frames of one step of the live hub
struct FlushedEvent {
  std::uint32_t size;
  std::uint32_t nodes;  // recomputed
  std::uint64_t seq;
};

constexpr Text kShutdownRequested =
    "shutdown.requested";  // [loop-thread] close listeners; nothing new comes in
struct ShutdownEvent {
  std::uint32_t size;
  std::uint32_t deadline_ms;
};

template <class Payload>
const Payload& payload_of(const Event& event) {
  return *static_cast<const Payload*>(event.payload);
}

}  // namespace flin
