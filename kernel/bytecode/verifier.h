// Proves what L 20.5 asks before a chunk runs, and fills in Function::max_stack checks. A chunk
// that passed can be run without bounds checks on code, constants, locals, upvalues and stack.
#pragma once

#include "base/result.h"
#include "bytecode/chunk.h"

namespace flin::bytecode {

// E1104 with the byte offset and the reason: "invalid bytecode at offset 12: jump into an
// instruction".
Result<void> verify(const Chunk& chunk);

}  // namespace flin::bytecode
