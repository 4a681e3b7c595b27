// What `response`, `redirect` and `error` give in a route: an answer as a foreign object, written
// out when it is made.
#pragma once

#include "answer.h"

#include "flin/plugin.h"

namespace flin::http {

extern const ForeignType kRouteAnswer;

Status op_response(IPlugin& self, ICall& call, const Value* args, std::uint32_t count,
                   Value& result);
Status op_redirect(IPlugin& self, ICall& call, const Value* args, std::uint32_t count,
                   Value& result);
Status op_error(IPlugin& self, ICall& call, const Value* args, std::uint32_t count, Value& result);

}  // namespace flin::http
