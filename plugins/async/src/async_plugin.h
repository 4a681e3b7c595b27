// The plugin `async`: threads for what blocks, and changes of files.
#pragma once

#include "settings.h"
#include "watcher.h"
#include "workers.h"

#include "flin/plugin.h"

namespace flin::async {

extern const Manifest kManifest;

class AsyncPlugin final : public IPlugin {
 public:
  Status load(IHost& host) noexcept override;
  Status start() noexcept override { return {}; }
  void stop() noexcept override;
  void* query(Text interface_id) noexcept override;
  void destroy() noexcept override;

  IHost& host() { return *host_; }
  const Settings& settings() const { return settings_; }
  Workers& workers() { return workers_; }

 private:
  IHost* host_ = nullptr;
  Settings settings_;
  Workers workers_;
  Watcher watcher_;
};

}  // namespace flin::async
