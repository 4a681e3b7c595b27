// Offers the backend "jsonlines" to the store: --store=jsonlines:notes.jsonl.
#include "jsonlines_backend.h"

#include <memory>

namespace {
using namespace flin;

class Plugin final : public IPlugin {
 public:
  Status load(IHost& host) noexcept override {
    backend_.attach(host);
    return {};
  }
  Status start() noexcept override { return {}; }
  void stop() noexcept override {}
  void* query(Text interface_id) noexcept override {
    if (std::string_view(interface_id) == std::string_view(store::IReservedIds::kId))
      return static_cast<store::IReservedIds*>(&backend_);
    if (std::string_view(interface_id) != std::string_view(store::IStoreBackend::kId))
      return nullptr;
    return static_cast<store::IStoreBackend*>(&backend_);
  }
  void destroy() noexcept override { delete this; }

 private:
  jsonlines::JsonLinesBackend backend_;
};

constexpr OfferDecl kOffers[] = {{store::IStoreBackend::kId, "jsonlines"},
                                 {store::IReservedIds::kId, "jsonlines"}};
constexpr Manifest kManifest = {
    "jsonlines", "1.0.0", "Keeps entities in a file of JSON lines.", {}, kOffers};
}  // namespace

FLIN_PLUGIN(Plugin, kManifest);
