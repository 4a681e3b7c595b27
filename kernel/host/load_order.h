// Providers before users (A 10): depth first in the order of the command line, so one command line
// always gives one order.
#pragma once

#include "base/result.h"
#include "flin/plugin.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

struct OrderedPlugin {
  std::string id;
  List<NeedDecl> needs;
  List<OfferDecl> offers;
};

// Indices into `plugins` in the order to load them. `host_offers` says whether the kernel offers an
// interface itself. Whoever offers what a plugin needs, under any name, optional or not, comes
// first. P111 for a need nobody offers, P112 for a circle.
Result<std::vector<std::size_t>> load_order(
    const std::vector<OrderedPlugin>& plugins,
    const std::function<bool(std::string_view)>& host_offers);

}  // namespace flin
