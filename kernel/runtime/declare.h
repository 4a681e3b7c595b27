// Carries out the declarations of a program (routes, pages ..; A 6, L 20.9) when it is linked: each
// op gets its constant operands and its function, outside every agent.
#pragma once

#include "base/result.h"
#include "runtime/program.h"

#include <memory>

namespace flin::runtime {

// In order of declaration. The first failure ends it; its message has the place in front:
// "todo.flin:12: ..". [load]
Result<void> declare(const std::shared_ptr<const Program>& program);

}  // namespace flin::runtime
