// Finds, judges, orders, starts and ends plugins; knows none of them by name. One thread calls it.
//
// Order up:   load() [search, judge, resolve, settle settings; for each in order: register, load]
//             -> the caller compiles and links the program -> start() -> run
// Order down: request_shutdown() -> the caller drains agents and ends the loop threads -> stop()
//             -> the caller destroys the heaps -> unload() [tables, objects, libraries]     (A 11)
#pragma once

#include "base/log.h"
#include "base/result.h"
#include "host/binding_table.h"
#include "host/catalogue.h"
#include "host/config.h"
#include "host/event_bus.h"
#include "host/loops.h"
#include "host/op_table.h"
#include "host/service_table.h"
#include "host/validators_service.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

struct HostParts;

struct PluginHostOptions {
  std::vector<std::string> directories;  // plugin_directories()
  bool keep_libraries = false;           // FLIN_KEEP_PLUGINS=1: never close a library
};

// Whether the environment asks for it.
bool keeps_plugins(const Environment& environment);

class PluginHost {
 public:
  // Config and log are borrowed. The caller has read the config.
  PluginHost(PluginHostOptions options, Config& config, Logger& log);
  ~PluginHost();  // stop() and unload(), as far as they are due

  PluginHost(const PluginHost&) = delete;
  PluginHost& operator=(const PluginHost&) = delete;

  // Services of the kernel: add them before load(). They must outlive unload().
  HostServices& services() { return host_services_; }

  // Where post() and complete() of plugins go; must stay valid until stop() has returned. Without,
  // their data is dropped.
  void attach_loops(Loops& loops);

  // All or nothing: P101 to P112, S101, S102 leave no plugin loaded.
  Result<void> load(const std::vector<std::string>& ids);

  // P113, or the S102 of a plugin that refuses a setting's value. What had started is stopped then;
  // the caller goes on with the order down at the destruction of heaps.
  Result<void> start();

  // Emits shutdown.requested.
  void request_shutdown(std::uint32_t deadline_ms);

  // stop() in reverse start order.
  void stop();

  // Takes back what was registered, ends the objects, closes the libraries, each in reverse order.
  void unload();

  // The E1105 of an import row that links to nothing: names the plugin that would have the opcode.
  Error link_error(std::string_view op) const;

  const OpTable& ops() const { return ops_; }
  BindingTable& bindings() { return bindings_; }
  const BindingTable& bindings() const { return bindings_; }
  const EventBus& events() const { return events_; }
  const Catalogue& catalogue() const { return catalogue_; }

  // An interface some plugin offers to the host, such as IPollers; null when none does.
  void* offered(std::string_view interface_id, std::string_view name = {}) const;
  template <class T>
  T* offered(std::string_view name = {}) const {
    return static_cast<T*>(offered(std::string_view(T::kId), name));
  }

  // Ids of the loaded plugins in start order.
  std::vector<std::string> order() const;

 private:
  struct LoadedPlugin;

  Result<void> load_all(const std::vector<std::string>& ids);
  Result<void> open(const std::string& id);
  Result<void> resolve();
  Result<void> settle_settings();
  Result<void> register_declared(LoadedPlugin& plugin);
  Result<void> load_one(LoadedPlugin& plugin);
  void take_back(const LoadedPlugin& plugin);

  PluginHostOptions options_;
  Config& config_;
  Logger& log_;
  Catalogue catalogue_;
  HostServices host_services_;
  ServiceTable services_;
  OpTable ops_;
  BindingTable bindings_;
  EventBus events_;
  ValidatorsService validators_;
  std::unique_ptr<HostParts> parts_;
  std::vector<std::unique_ptr<LoadedPlugin>> plugins_;  // in start order from resolve() on
};

}  // namespace flin
