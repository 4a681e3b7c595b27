// Turns an exception that leaves an opcode, an event handler or a completion into a Status, inside
// the plugin's own code. Poco and the standard library throw; nothing may throw over the boundary.
#pragma once

#include "flin/plugin.h"

#include <exception>

namespace flin {

constexpr std::uint32_t kOpThrew = code('R', 501);

using ThrowingOp = Status (*)(IPlugin&, ICall&, const Value*, std::uint32_t, Value&);
using ThrowingComplete = Status (*)(IPlugin&, ICall&, void*, Value&);

// Rows of ops.def name `guarded<op_save>`. The host adds plugin and op to the message (R0501).
template <ThrowingOp op>
Status guarded(IPlugin& self, ICall& call, const Value* args, std::uint32_t count,
               Value& result) noexcept {
  try {
    return op(self, call, args, count, result);
  } catch (const std::exception& e) {
    return call.fail(kOpThrew, Text(std::string_view(e.what())));
  } catch (...) { return call.fail(kOpThrew, Text("an exception of unknown type")); }
}

template <ThrowingComplete fn>
Status guarded_complete(IPlugin& self, ICall& call, void* data, Value& result) noexcept {
  try {
    return fn(self, call, data, result);
  } catch (const std::exception& e) {
    return call.fail(kOpThrew, Text(std::string_view(e.what())));
  } catch (...) { return call.fail(kOpThrew, Text("an exception of unknown type")); }
}

}  // namespace flin
