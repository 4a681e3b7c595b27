#include "host/service_table.h"

namespace flin {

namespace {

std::string shown(std::string_view interface_id, std::string_view name) {
  std::string out(interface_id);
  if (!name.empty()) out += " under the name '" + std::string(name) + "'";
  return out;
}

}  // namespace

void* HostServices::find(std::string_view interface_id) const {
  const auto it = services_.find(interface_id);
  return it == services_.end() ? nullptr : it->second;
}

Result<void> ServiceTable::add(std::string_view plugin, IPlugin& object, List<OfferDecl> offers) {
  for (const OfferDecl& offer : offers) {
    const std::string_view id = offer.interface_id, name = offer.name;
    const std::string what = shown(id, name);
    if (host_offers(id)) {
      return Error{code('P', 107), "plugin '" + std::string(plugin) + "' offers " + what +
                                       ", which flin offers itself"};
    }
    const Key key{std::string(id), std::string(name)};
    const auto taken = providers_.find(key);
    if (taken != providers_.end()) {
      return Error{code('P', 107), "plugins '" + taken->second.plugin + "' and '" +
                                       std::string(plugin) + "' both offer " + what};
    }
    void* service = object.query(offer.interface_id);
    if (service == nullptr) {
      return Error{code('P', 107), "plugin '" + std::string(plugin) + "' offers " + what +
                                       " but does not hand it out"};
    }
    providers_.emplace(key, Provider{std::string(plugin), service});
  }
  return {};
}

void ServiceTable::remove_all_of(std::string_view plugin) {
  std::erase_if(providers_, [&](const auto& entry) { return entry.second.plugin == plugin; });
}

void* ServiceTable::find(std::string_view interface_id, std::string_view name) const {
  if (void* service = host_.find(interface_id)) return service;
  const auto it = providers_.find(Key{std::string(interface_id), std::string(name)});
  return it == providers_.end() ? nullptr : it->second.service;
}

}  // namespace flin
