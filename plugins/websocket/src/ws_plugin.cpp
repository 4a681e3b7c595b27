// The ws plugin: WebSockets of /_ws, entity subscriptions, and the road of pages to the kernel.
#include "hub.h"

#include "flin/events.h"
#include "flin/guard.h"

namespace flin::ws {
namespace {

constexpr NeedDecl kNeeds[] = {
    {http::IUpgrades::kId, 0}, {http::IPaths::kId, 0},        {IPages::kId, 0},
    {IProgram::kId, 0},        {store::IEntityStore::kId, 1}, {IMetrics::kId, 1}};
constexpr OfferDecl kOffers[] = {{IHub::kId, ""}};
constexpr SettingDecl kSettings[] = {
#define SETTING(member, reader, key, fallback, type, help) {key, fallback, help, type, 0},
#include "settings.def"
#undef SETTING
};

constexpr Manifest make_manifest() {
  Manifest manifest{"ws", "1.0.0", "WebSockets: live pages and entity subscriptions"};
  manifest.needs = kNeeds;
  manifest.offers = kOffers;
  manifest.settings = kSettings;
  return manifest;
}
constexpr Manifest kManifest = make_manifest();

class WsPlugin final : public IPlugin {
 public:
  Status load(IHost& host) noexcept override {
    try {
      Status status = hub_.load(host, *this);
      if (!status.ok()) return status;
      status = host.on(kProgramLoaded, 0, [](IPlugin& self, const Event&) noexcept {
        static_cast<WsPlugin&>(self).hub_.program_loaded();
        return Status();
      });
      if (!status.ok()) return status;
      return host.on(kShutdownRequested, 0, [](IPlugin& self, const Event&) noexcept {
        static_cast<WsPlugin&>(self).hub_.shut_down();
        return Status();
      });
    } catch (const std::exception& e) {
      return host.fail(kOpThrew, Text(std::string_view(e.what())));
    }
  }
  Status start() noexcept override { return Status(); }  // http brings the sockets
  void stop() noexcept override { hub_.stop(); }
  void* query(Text interface_id) noexcept override {
    return std::string_view(interface_id) == std::string_view(IHub::kId) ? static_cast<IHub*>(&hub_)
                                                                         : nullptr;
  }
  void destroy() noexcept override { delete this; }

 private:
  Hub hub_;
};

}  // namespace
}  // namespace flin::ws

FLIN_PLUGIN(flin::ws::WsPlugin, flin::ws::kManifest);
