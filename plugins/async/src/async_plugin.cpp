#include "async_plugin.h"

#include <string_view>

namespace flin::async {
namespace {

constexpr OfferDecl kOffers[] = {{IWatcher::kId, ""}, {IWorkers::kId, ""}};
constexpr SettingDecl kSettings[] = {
#define SETTING(member, reader, key, fallback, type, help) {key, fallback, help, type, 0},
#include "settings.def"
#undef SETTING
};

constexpr Manifest make_manifest() {
  Manifest manifest{"async", "0.1.0", "Worker threads and changes of files"};
  manifest.offers = kOffers;
  manifest.settings = kSettings;
  return manifest;
}

}  // namespace

const Manifest kManifest = make_manifest();

Status AsyncPlugin::load(IHost& host) noexcept {
  host_ = &host;
  if (Status status = read_settings(host, settings_); !status.ok()) return status;
  workers_.attach(host, settings_.threads, settings_.queue);
  watcher_.attach(host, settings_.watcher);
  return {};
}

void AsyncPlugin::stop() noexcept {
  watcher_.stop();
  workers_.stop();
}

void* AsyncPlugin::query(Text interface_id) noexcept {
  const std::string_view id = interface_id;
  if (id == std::string_view(IWatcher::kId)) return static_cast<IWatcher*>(&watcher_);
  if (id == std::string_view(IWorkers::kId)) return static_cast<IWorkers*>(&workers_);
  return nullptr;
}

void AsyncPlugin::destroy() noexcept { delete this; }

}  // namespace flin::async
