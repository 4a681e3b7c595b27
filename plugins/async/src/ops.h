// The handlers of ops.def. They may throw only what the standard library throws; `guarded` turns
// that into R0501. [agent-thread]
#pragma once

#include "flin/plugin.h"

namespace flin::async {

#define OP(handler, name, args, results, flags, timeout, help)                        \
  Status handler(IPlugin& self, ICall& call, const Value* args_, std::uint32_t count, \
                 Value& result);
#include "ops.def"
#undef OP

}  // namespace flin::async
