#include "agents/job.h"

namespace flin::agents {

Status Job::context(ICall& call, std::uint32_t, Value&) {
  return call.fail(code('R', 14), "invalid argument: there is no request here");
}

runtime::PortResult Job::live_value(runtime::Isolate& isolate, std::uint32_t, const Value*,
                                    std::uint32_t, Value&) {
  isolate.fail(code('R', 14), "invalid argument: there is no page here");
  return runtime::PortResult::kFailed;
}

bool Job::form_fields(runtime::Isolate& isolate, std::uint32_t, const Value*, std::uint32_t) {
  isolate.fail(code('R', 14), "invalid argument: there is no page here");
  return false;
}

}  // namespace flin::agents
