// The prelude (L 20.10): built-ins that call a function given to them and have no opcode of their
// own. They are FLIN functions, compiled into the programs that use them.
#pragma once

#include "check/bindings.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace flin::compile {

// The function of the prelude that does `builtin` with that many arguments; empty: none, the
// built-in is the kernel's own code.
std::string_view prelude_function(std::string_view builtin, std::size_t arguments);

// Source text of all functions of the prelude (prelude.flin).
std::string_view prelude_source();

// Rows for Bindings: all built-ins that take a function, those of the Hof instructions too, with
// their signatures. They are no part of the kernel's library of native functions. Valid for ever.
const std::vector<check::Builtin>& function_builtins();

}  // namespace flin::compile
