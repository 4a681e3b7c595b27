#include "async_plugin.h"

#include "http_call.h"
#include "ops.h"

#include "flin/guard.h"

#include <string_view>

namespace flin::async {
namespace {

constexpr NeedDecl kNeeds[] = {{IProgram::kId, 0}};
constexpr OfferDecl kOffers[] = {{IWatcher::kId, ""}, {IWorkers::kId, ""}};
constexpr OpDecl kOps[] = {
#define OP(handler, name, args, results, flags, timeout, help) \
  {name, args, results, flags, timeout, guarded<handler>, help},
#include "ops.def"
#undef OP
};
constexpr BuiltinDecl kBuiltins[] = {
#define BUILTIN(name, signature, op, flags, help) \
  {name, signature, op, kServerTier, (flags) | kMaySuspend | kServer, help},
#include "builtins.def"
#undef BUILTIN
};
constexpr SettingDecl kSettings[] = {
#define SETTING(member, reader, key, fallback, type, help) {key, fallback, help, type, 0},
#include "settings.def"
#undef SETTING
};

constexpr Manifest make_manifest() {
  Manifest manifest{"async", "0.1.0", "Outbound HTTP, files, sleep; worker threads, changed files"};
  manifest.needs = kNeeds;
  manifest.offers = kOffers;
  manifest.ops = kOps;
  manifest.builtins = kBuiltins;
  manifest.settings = kSettings;
  return manifest;
}

}  // namespace

const Manifest kManifest = make_manifest();

Status AsyncPlugin::load(IHost& host) noexcept {
  host_ = &host;
  program_ = service<IProgram>(host);
  if (Status status = read_settings(host, settings_); !status.ok()) return status;
  outbound_limits_ = {settings_.answer_bytes, settings_.redirects,
                      AllowedHosts(settings_.allow_hosts)};
  workers_.attach(host, settings_.threads, settings_.queue);
  watcher_.attach(host, settings_.watcher);
  return {};
}

Files AsyncPlugin::files() {
  return Files(std::string(std::string_view(program_->directory())), settings_.file_bytes);
}

void AsyncPlugin::entered(HttpCall& call) {
  const std::lock_guard lock(lock_);
  calls_.insert(&call);
}

void AsyncPlugin::left(HttpCall& call) {
  const std::lock_guard lock(lock_);
  calls_.erase(&call);
}

void AsyncPlugin::stop() noexcept {
  watcher_.stop();
  timers_.stop();
  {
    const std::lock_guard lock(lock_);
    for (HttpCall* call : calls_) call->abort();
  }
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
