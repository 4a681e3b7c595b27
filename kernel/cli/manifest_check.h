// What a host does not refuse and a user would stumble over: names, signatures, helps and settings
// of a manifest, judged without running anything of the plugin.
#pragma once

#include "flin/plugin.h"

#include <string>
#include <vector>

namespace flin::cli {

// One sentence per fault, in the order of the manifest; none: all is well.
std::vector<std::string> manifest_faults(const Manifest& manifest);

}  // namespace flin::cli
