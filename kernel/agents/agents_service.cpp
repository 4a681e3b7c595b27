#include "agents/agents_service.h"

#include "agents/function_job.h"
#include "runtime/status.h"

namespace flin::agents {

Status AgentsService::start(const AgentStart& what, AgentId& id) noexcept {
  std::shared_ptr<const runtime::Program> program = programs_.find(what.function.program);
  if (program == nullptr) {
    if (what.context != nullptr) what.context->destroy();
    return make_status(code('R', 301), "agent is not running");
  }
  AgentOptions options;
  options.name = std::string(std::string_view(what.name));
  options.kind = what.kind;
  options.mailbox = what.mailbox;
  options.one_shot = true;
  auto job = std::make_unique<FunctionJob>(std::move(program), what.function.function,
                                           what.arguments, what.context);
  Result<AgentId> started = scheduler_.start_agent(std::move(options), std::move(job));
  if (!started.ok()) return make_status(started.error());
  id = started.value();
  return {};
}

Status AgentsService::post(IPlugin& self, AgentId to, AgentFn fn, void* data,
                           DropFn drop) noexcept {
  auto job = std::make_unique<PostedJob>(programs_.current(), fn, self, data, drop);
  Result<void> sent = scheduler_.send(to, std::move(job));
  return sent.ok() ? Status{} : make_status(sent.error());
}

void AgentsService::stop(AgentId id, std::uint32_t deadline_ms) noexcept {
  scheduler_.stop(id, deadline_ms);
}

std::uint32_t AgentsService::current_loop() noexcept {
  const Loop* loop = scheduler_.current();
  return loop != nullptr ? loop->number() : kAnyLoop;
}

}  // namespace flin::agents
