// Portable bytecode to cells: one pass per function over an abstract stack, then one that gives all
// registers their places (PERFORMANCE 5).
#pragma once

#include "base/result.h"
#include "runtime/linked.h"

namespace flin::runtime {

// Fills program.codes. The chunk is verified, its constants, functions and imports are linked.
// E1104 naming the function for what the verifier lets pass but no compiler writes: a window of
// more than 65,535 registers, a jump backward to code that nothing before it reaches.
Result<void> translate(Program::Linked& program);

}  // namespace flin::runtime
