// Runs the main code of a script (L 1.6) and tells how it ended.
#pragma once

#include "agents/scheduler.h"
#include "runtime/isolate.h"

#include <optional>

namespace flin::cli {

// Waits until the main code has ended. 0, or 1 after an uncaught error, whose text and stack were
// written to standard error. The loops are running.
int run_main_code(agents::Scheduler& scheduler, std::shared_ptr<const runtime::Program> program);

// The same for one function without parameters; gives its failure instead of writing it.
std::optional<runtime::Failure> run_function(agents::Scheduler& scheduler,
                                             std::shared_ptr<const runtime::Program> program,
                                             std::uint32_t function);

}  // namespace flin::cli
