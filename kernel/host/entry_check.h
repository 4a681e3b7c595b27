// Judges the constant data of a plugin before anything of it runs (A 2, A 10).
#pragma once

#include "base/result.h"
#include "flin/plugin.h"

#include <string>
#include <string_view>

namespace flin {

// The manifest behind `entry`, found at `path` under the name `id`. Fields that the plugin's build
// did not know stay empty. P102 no mark, P103 other major, P104 newer minor, P105 other toolchain,
// P106 other id: checked in this order.
Result<Manifest> check_entry(const flin_plugin_entry& entry, const std::string& path,
                             std::string_view id);

}  // namespace flin
