#include "host/load_order.h"

#include <algorithm>

namespace flin {

namespace {

bool offers(const OrderedPlugin& plugin, std::string_view interface_id) {
  return std::any_of(plugin.offers.begin(), plugin.offers.end(), [&](const OfferDecl& offer) {
    return std::string_view(offer.interface_id) == interface_id;
  });
}

class Resolution {
 public:
  Resolution(const std::vector<OrderedPlugin>& plugins,
             const std::function<bool(std::string_view)>& host_offers)
      : plugins_(plugins), host_offers_(host_offers), marks_(plugins.size(), Mark::kNew) {}

  Result<void> visit(std::size_t index) {
    if (marks_[index] == Mark::kPlaced) return {};
    if (marks_[index] == Mark::kOnPath) return circle(index);
    marks_[index] = Mark::kOnPath;
    path_.push_back(index);
    for (const NeedDecl& need : plugins_[index].needs) {
      if (auto met = visit_providers(index, need); !met) return met;
    }
    path_.pop_back();
    marks_[index] = Mark::kPlaced;
    order_.push_back(index);
    return {};
  }

  std::vector<std::size_t> take_order() { return std::move(order_); }

 private:
  enum class Mark { kNew, kOnPath, kPlaced };

  Result<void> visit_providers(std::size_t user, const NeedDecl& need) {
    const std::string_view id = need.interface_id;
    if (host_offers_(id)) return {};
    bool found = false;
    for (std::size_t i = 0; i < plugins_.size(); ++i) {
      if (!offers(plugins_[i], id)) continue;
      found = true;
      if (auto visited = visit(i); !visited) return visited;
    }
    if (found || need.optional != 0) return {};
    return Error{code('P', 111),
                 "plugin '" + plugins_[user].id + "' needs " + std::string(id) +
                     ", which no loaded plugin offers. Add a plugin that offers it to "
                     "--plugins."};
  }

  Error circle(std::size_t index) const {
    std::string names;
    for (auto it = std::find(path_.begin(), path_.end(), index); it != path_.end(); ++it) {
      names += plugins_[*it].id + " -> ";
    }
    return Error{code('P', 112),
                 "plugins need each other in a circle: " + names + plugins_[index].id};
  }

  const std::vector<OrderedPlugin>& plugins_;
  const std::function<bool(std::string_view)>& host_offers_;
  std::vector<Mark> marks_;
  std::vector<std::size_t> path_, order_;
};

}  // namespace

Result<std::vector<std::size_t>> load_order(
    const std::vector<OrderedPlugin>& plugins,
    const std::function<bool(std::string_view)>& host_offers) {
  Resolution resolution(plugins, host_offers);
  for (std::size_t i = 0; i < plugins.size(); ++i) {
    if (auto visited = resolution.visit(i); !visited) return visited.error();
  }
  return resolution.take_order();
}

}  // namespace flin
