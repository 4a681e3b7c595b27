// The text of `flin dump` (L 20.1): functions with their instructions, constants and tables.
#pragma once

#include "bytecode/chunk.h"

#include <string>

namespace flin::bytecode {

std::string disassemble(const Chunk& chunk);

}  // namespace flin::bytecode
