// `flin migrate --plan`: what serving a program would change in its data.
#pragma once

#include "cli/options.h"

namespace flin::cli {

class Kernel;

// `kernel` has linked the program. Gives the exit status: 0, or 78 when something has to be done
// first or the data cannot be read.
int plan_migration(const Options& options, const Kernel& kernel);

}  // namespace flin::cli
