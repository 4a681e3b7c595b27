// The answer of another machine as a value of FLIN (L 24.8): a map with status, ok, headers, body
// and json. Reading `json` of an answer that failed is R0203, of a bad body R0021.
#pragma once

#include "outbound.h"

#include "flin/plugin.h"

namespace flin::async {

Status answer_value(ICall& call, const OutboundAnswer& answer, Value& out);  // [agent-thread]

}  // namespace flin::async
