// What the host needs of the scheduler: a way to run a plugin's function on a loop thread, and to
// end a suspended call. Implemented where agents are wired up.
#pragma once

#include "flin/plugin.h"

namespace flin {

// Every `data` meets exactly one of its function and its `drop` (which may be null), also when the
// loops have ended or the ticket is unknown, taken or late. [any-thread]
class Loops {
 public:
  virtual ~Loops() = default;
  // `loop`: its number, or kAnyLoop.
  virtual void post(std::uint32_t loop, LoopFn fn, IPlugin& self, void* data,
                    DropFn drop) noexcept = 0;
  virtual void complete(std::uint64_t ticket, CompleteFn fn, IPlugin& self, void* data,
                        DropFn drop) noexcept = 0;
};

}  // namespace flin
