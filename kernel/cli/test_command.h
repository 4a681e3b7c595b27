// `flin test`: runs the `test` blocks of a program (L 18.1).
#pragma once

#include "cli/options.h"

namespace flin::cli {

// Each test alone: its own plugins, store (in memory) and agent. Tells each result, then the sum;
// with --json one line per test: {"test":..,"ok":..,"ms":..,"code":..,"message":..,"trace":[..]}.
// 0: all passed; 1: one failed, the program has errors, or --filter leaves none; 2, 78 as for run.
int run_tests(const Options& options);

}  // namespace flin::cli
