// The commands of flin. Each gives the exit status (ARCHITECTURE 10).
#pragma once

#include "cli/options.h"

namespace flin::cli {

int run_command(const Options& options);

// What main does: parses, runs, tells usage errors.
int run(const std::vector<std::string>& arguments);

}  // namespace flin::cli
