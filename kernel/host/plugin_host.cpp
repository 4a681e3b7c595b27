#include "host/plugin_host.h"

#include "host/entry_check.h"
#include "host/host_api.h"
#include "host/load_order.h"
#include "host/plugin_library.h"
#include "runtime/status.h"

#include <utility>

namespace flin {

namespace {

constexpr std::string_view kModule = "host";

// A plugin may refuse a setting's value by an S code; any other failure is the host's to name.
Error failure_of(const Status& status, std::uint32_t number, const std::string& id,
                 const char* did) {
  if (status.code() >> 24 == 'S') return error_of(status);
  return Error{code('P', number),
               "plugin '" + id + "' " + did + ": " + std::string(status.message())};
}

}  // namespace

struct PluginHost::LoadedPlugin {
  std::string id;
  std::unique_ptr<PluginLibrary> library;
  Manifest manifest;
  std::unique_ptr<HostApi> api;
  IPlugin* object = nullptr;
  bool started = false;
};

bool keeps_plugins(const Environment& environment) {
  const auto it = environment.find("FLIN_KEEP_PLUGINS");
  return it != environment.end() && !it->second.empty() && it->second != "0";
}

PluginHost::PluginHost(PluginHostOptions options, Config& config, Logger& log)
    : options_(std::move(options)),
      config_(config),
      log_(log),
      catalogue_(options_.directories),
      services_(host_services_),
      bindings_([this](std::string_view name) { return catalogue_.plugin_for(name); }),
      events_(log),
      validators_(bindings_),
      parts_(new HostParts{config_, log_, services_, events_}) {
  host_services_.add<IValidators>(&validators_);
}

PluginHost::~PluginHost() {
  stop();
  unload();
}

void PluginHost::attach_loops(Loops& loops) { parts_->loops = &loops; }

Result<void> PluginHost::load(const std::vector<std::string>& ids) {
  parts_->is_loading = true;
  auto loaded = load_all(ids);
  parts_->is_loading = false;
  if (!loaded) unload();
  return loaded;
}

Result<void> PluginHost::load_all(const std::vector<std::string>& ids) {
  for (const std::string& id : ids) {
    if (auto opened = open(id); !opened) return opened;
  }
  if (auto resolved = resolve(); !resolved) return resolved;
  if (auto settled = settle_settings(); !settled) return settled;
  for (auto& plugin : plugins_) {
    if (auto registered = register_declared(*plugin); !registered) return registered;
    if (auto loaded = load_one(*plugin); !loaded) return loaded;
  }
  return {};
}

Result<void> PluginHost::open(const std::string& id) {
  auto path = find_plugin(id, options_.directories);
  if (!path) return path.error();
  auto library = PluginLibrary::open(path.value());
  if (!library) return library.error();
  auto manifest = check_entry(library.value()->entry(), path.value(), id);
  if (!manifest) return manifest.error();
  for (const auto& other : plugins_) {
    if (other->id == id) return Error{code('P', 106), "plugin '" + id + "' is named twice"};
  }
  auto plugin = std::make_unique<LoadedPlugin>();
  plugin->id = id;
  plugin->library = std::move(library).value();
  plugin->manifest = manifest.value();
  if (options_.keep_libraries) plugin->library->keep();
  plugin->object = static_cast<IPlugin*>(plugin->library->entry().create());
  if (plugin->object == nullptr)
    return Error{code('P', 109), "plugin '" + id + "' could not be created"};
  plugin->api = std::make_unique<HostApi>(*parts_, id, plugin->manifest.needs);
  plugins_.push_back(std::move(plugin));
  LoadedPlugin& added = *plugins_.back();
  return services_.add(id, *added.object, added.manifest.offers);
}

Result<void> PluginHost::resolve() {
  std::vector<OrderedPlugin> rows;
  for (const auto& plugin : plugins_) {
    rows.push_back({plugin->id, plugin->manifest.needs, plugin->manifest.offers});
  }
  auto order = load_order(rows, [this](std::string_view id) { return services_.host_offers(id); });
  if (!order) return order.error();
  std::vector<std::unique_ptr<LoadedPlugin>> ordered;
  for (const std::size_t index : order.value()) ordered.push_back(std::move(plugins_[index]));
  plugins_ = std::move(ordered);
  return {};
}

Result<void> PluginHost::settle_settings() {
  for (const auto& plugin : plugins_) {
    if (auto settled = config_.declare(plugin->id, plugin->manifest.settings); !settled)
      return settled;
  }
  return config_.check_names(order());
}

Result<void> PluginHost::register_declared(LoadedPlugin& plugin) {
  for (const OpDecl& op : plugin.manifest.ops) {
    if (auto number = ops_.add(plugin.id, *plugin.object, op); !number) return number.error();
  }
  return bindings_.add(plugin.id, *plugin.object, plugin.manifest);
}

Result<void> PluginHost::load_one(LoadedPlugin& plugin) {
  plugin.api->open_registration(*plugin.object);
  const Status status = plugin.object->load(*plugin.api);
  plugin.api->close_registration();
  if (!status.ok()) return failure_of(status, 109, plugin.id, "refused to load");
  log_.debug(kModule, "loaded plugin " + plugin.id + " " +
                          std::string(std::string_view(plugin.manifest.version)) + " from " +
                          plugin.library->path());
  return {};
}

Result<void> PluginHost::start() {
  for (auto& plugin : plugins_) {
    const Status status = plugin->object->start();
    if (!status.ok()) {
      const Error failure = failure_of(status, 113, plugin->id, "did not start");
      stop();
      return failure;
    }
    plugin->started = true;
  }
  return {};
}

void PluginHost::request_shutdown(std::uint32_t deadline_ms) {
  ShutdownEvent payload{};
  payload.deadline_ms = deadline_ms;
  // No before_ event, so errors of handlers are in the log already.
  static_cast<void>(events_.emit(kShutdownRequested, payload));
}

void PluginHost::stop() {
  for (auto it = plugins_.rbegin(); it != plugins_.rend(); ++it) {
    LoadedPlugin& plugin = **it;
    if (plugin.started) plugin.object->stop();
    plugin.started = false;
    plugin.api->end();
  }
}

void PluginHost::take_back(const LoadedPlugin& plugin) {
  ops_.remove_all_of(plugin.id);
  bindings_.remove_all_of(plugin.id);
  events_.remove_all_of(plugin.id);
  services_.remove_all_of(plugin.id);
}

void PluginHost::unload() {
  for (auto it = plugins_.rbegin(); it != plugins_.rend(); ++it) {
    (*it)->api->end();
    take_back(**it);
  }
  for (auto it = plugins_.rbegin(); it != plugins_.rend(); ++it) (*it)->object->destroy();
  for (const auto& plugin : plugins_) config_.retract(plugin->id);
  // Libraries close only after every object that lives in one is gone.
  while (!plugins_.empty()) plugins_.pop_back();
}

Error PluginHost::link_error(std::string_view op) const {
  std::string message = "missing " + std::string(op);
  const std::string plugin = catalogue_.plugin_for_op(op);
  const auto loaded = order();
  std::string line;
  bool is_loaded = false;
  for (const std::string& id : loaded) {
    line += id + ",";
    is_loaded = is_loaded || id == plugin;
  }
  if (!plugin.empty() && !is_loaded) {
    message += ": plugin " + plugin + " has it; run with --plugins=" + line + plugin;
  }
  return Error{code('E', 1105), message};
}

void* PluginHost::offered(std::string_view interface_id, std::string_view name) const {
  return services_.find(interface_id, name);
}

std::vector<std::string> PluginHost::order() const {
  std::vector<std::string> out;
  for (const auto& plugin : plugins_) out.push_back(plugin->id);
  return out;
}

}  // namespace flin
