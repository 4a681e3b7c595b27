// `flin plugin check FILE`: judges a plugin as flin will, then loads it in a process of its own and
// calls every opcode and validator with generated values, so that a plugin that crashes is found
// before it takes a server with it. Values come from a seed: the same seed gives the same calls.
#pragma once

#include "cli/options.h"

#include <string>

namespace flin::cli {

// options.operands: "check" and the file; settings may hold --seed=N, --calls=N, and settings for
// the plugin. Writes what was checked, line by line, to standard output. 0: nothing is wrong; 1:
// the plugin has faults; 2: usage.
int check_plugin(const Options& options);

}  // namespace flin::cli
