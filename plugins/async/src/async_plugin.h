// The plugin `async`: threads for what blocks, changes of files, deadlines, files and outbound
// HTTP.
#pragma once

#include "files.h"
#include "outbound.h"
#include "settings.h"
#include "timers.h"
#include "watcher.h"
#include "workers.h"

#include "flin/plugin.h"
#include "flin/program.h"

#include <mutex>
#include <set>

namespace flin::async {

extern const Manifest kManifest;

class HttpCall;

class AsyncPlugin final : public IPlugin {
 public:
  Status load(IHost& host) noexcept override;
  Status start() noexcept override { return {}; }
  void stop() noexcept override;
  void* query(Text interface_id) noexcept override;
  void destroy() noexcept override;

  IHost& host() { return *host_; }
  IProgram& program() { return *program_; }
  const Settings& settings() const { return settings_; }
  const OutboundLimits& outbound_limits() const { return outbound_limits_; }
  Workers& workers() { return workers_; }
  Timers& timers() { return timers_; }
  Files files();
  // Calls under way, to be ended at stop().
  void entered(HttpCall& call);
  void left(HttpCall& call);

 private:
  IHost* host_ = nullptr;
  IProgram* program_ = nullptr;
  Settings settings_;
  OutboundLimits outbound_limits_;
  std::mutex lock_;  // guards calls_
  std::set<HttpCall*> calls_;
  Timers timers_;
  Workers workers_;
  Watcher watcher_;
};

}  // namespace flin::async
