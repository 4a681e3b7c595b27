// Who offers which interface under which name (A 9): plugins by their manifest, the kernel by
// HostServices. Filled while loading by one thread, then only read. [any-thread]
#pragma once

#include "base/result.h"
#include "flin/plugin.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

// Services of the kernel (A 14). Pointers are borrowed and must live until every plugin is
// destroyed.
class HostServices {
 public:
  // `service` is what a plugin's service<T>() casts back: a T*, made void. [load]
  void add(std::string_view interface_id, void* service) {
    services_.insert_or_assign(std::string(interface_id), service);
  }
  template <class T>
  void add(T* service) {
    add(std::string_view(T::kId), static_cast<void*>(service));
  }
  void* find(std::string_view interface_id) const;

 private:
  std::map<std::string, void*, std::less<>> services_;
};

class ServiceTable {
 public:
  explicit ServiceTable(const HostServices& host) : host_(host) {}

  // Notes the offers of one plugin. P107 when an interface is offered under a name that is taken,
  // or the plugin's query() does not hand it out.
  Result<void> add(std::string_view plugin, IPlugin& object, List<OfferDecl> offers);
  void remove_all_of(std::string_view plugin);

  // The interface, or null.
  void* find(std::string_view interface_id, std::string_view name) const;

  bool host_offers(std::string_view interface_id) const {
    return host_.find(interface_id) != nullptr;
  }

 private:
  struct Provider {
    std::string plugin;
    void* service;
  };
  using Key = std::pair<std::string, std::string>;  // interface id, name
  const HostServices& host_;
  std::map<Key, Provider> providers_;
};

}  // namespace flin
