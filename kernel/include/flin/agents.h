// Running FLIN from outside (A 14): a plugin starts an agent with a function of the program and
// gets its outcome through a context that it implements itself.
#pragma once

#include "flin/plugin.h"

namespace flin {

// What LoadContext asks for (L 20.3 note 1).
enum ContextWhat : std::uint32_t {
  kContextEvent,
  kContextProps,
  kContextChildren,
  kContextParams,
  kContextQuery,
  kContextBody,
  kContextHeaders,
  kContextCookies,
  kContextSession,
  kContextRequest,
  kContextUser,
  kContextSocket,
  kContextSelf
};
enum AgentKind : std::uint32_t {
  kRequestAgent,
  kPageAgent,
  kSocketAgent,
  kBackgroundAgent,
  kDeclaredAgent
};

// Answers LoadContext and takes the outcome. Implemented by the plugin: never changes.
class IContext {
 public:
  virtual Status load(ICall& call, std::uint32_t what,
                      Value& out) noexcept = 0;  // [agent-thread] at first use, once each
  virtual void done(ICall& call, Status error,
                    Value result) noexcept = 0;  // [agent-thread] at most once
  virtual void destroy() noexcept = 0;           // [any-thread] always, last

 protected:
  ~IContext() = default;
};

struct AgentStart {
  FunctionId function;
  List<Plain> arguments;
  IContext* context =
      nullptr;  // owned by the agent from start() on, also when start() fails; may be null
  Text name;    // for logs and traces: "GET /todos"
  std::uint32_t kind = kRequestAgent;
  std::uint32_t mailbox = 0;  // 0: the setting `mailbox`
};

class IAgents {
 public:
  static constexpr Text kId = "flin.host.IAgents/1";
  virtual Status start(const AgentStart& what,
                       AgentId& id) noexcept = 0;  // [any-thread] on a loop thread: on that loop
  virtual Status post(IPlugin& self, AgentId to, AgentFn fn, void* data,
                      DropFn drop) noexcept = 0;  // [any-thread] calls fn(self, ..) in that agent;
                                                  // R0301 not running, R0302 mailbox full
  // Ends the agent (L 13.6): what is queued or comes is dropped, and its present message
  // may finish until the deadline; then it ends at the next safe point, its message fails with
  // R0204, and the log names it. kNoTimeout: no deadline. [any-thread]
  virtual void stop(AgentId id, std::uint32_t deadline_ms) noexcept = 0;
  virtual std::uint32_t loops() noexcept = 0;         // number of loop threads
  virtual std::uint32_t current_loop() noexcept = 0;  // kAnyLoop outside a loop thread

 protected:
  ~IAgents() = default;
};

}  // namespace flin
