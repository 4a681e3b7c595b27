// IAgents over the scheduler: how plugins start agents, send to them and stop them (A 14).
#pragma once

#include "agents/programs.h"
#include "agents/scheduler.h"
#include "flin/agents.h"

namespace flin::agents {

class AgentsService final : public IAgents {
 public:
  AgentsService(Scheduler& scheduler, const Programs& programs)
      : scheduler_(scheduler), programs_(programs) {}

  Status start(const AgentStart& what, AgentId& id) noexcept override;
  Status post(IPlugin& self, AgentId to, AgentFn fn, void* data, DropFn drop) noexcept override;
  void stop(AgentId id, std::uint32_t deadline_ms) noexcept override;
  std::uint32_t loops() noexcept override { return scheduler_.size(); }
  std::uint32_t current_loop() noexcept override;

 private:
  Scheduler& scheduler_;
  const Programs& programs_;
};

}  // namespace flin::agents
