#include "agents/function_job.h"

#include "runtime/status.h"

namespace flin::agents {

void PlainCopies::add(const Plain& plain) {
  values_.push_back(plain);
  if (plain.text.size == 0) return;
  texts_.emplace_back(std::string_view(plain.text));
  values_.back().text = std::string_view(texts_.back());
}

FunctionJob::FunctionJob(std::shared_ptr<const runtime::Program> program, std::uint32_t function,
                         List<Plain> arguments, IContext* context)
    : program_(std::move(program)), function_(function), context_(context) {
  for (const Plain& argument : arguments) arguments_.add(argument);
}

FunctionJob::~FunctionJob() {
  if (context_ != nullptr) context_->destroy();
}

bool FunctionJob::begin(runtime::Isolate& isolate) {
  std::vector<Value> values;
  values.reserve(arguments_.values().size());
  ICall& call = isolate.call();
  std::vector<std::uint64_t> handles;
  for (const Plain& plain : arguments_.values()) handles.push_back(call.keep(call.make(plain)));
  for (const std::uint64_t handle : handles) values.push_back(call.kept(handle));
  isolate.enter_function(function_, values.data(), static_cast<std::uint32_t>(values.size()));
  for (const std::uint64_t handle : handles) call.forget(handle);
  return true;
}

bool FunctionJob::end(runtime::Isolate& isolate, runtime::RunState outcome) {
  if (context_ == nullptr) return false;
  if (outcome == runtime::RunState::kDone) {
    context_->done(isolate.call(), Status{}, isolate.result());
    return false;
  }
  const runtime::Failure& failure = isolate.failure();
  context_->done(isolate.call(), make_status(failure.code, failure.message), runtime::kNone);
  return false;
}

Status FunctionJob::context(ICall& call, std::uint32_t what, Value& out) {
  if (context_ == nullptr) return Job::context(call, what, out);
  return context_->load(call, what, out);
}

bool PostedJob::begin(runtime::Isolate& isolate) {
  const AgentFn fn = fn_;
  fn_ = nullptr;
  fn(self_, isolate.call(), data_);
  return false;
}

}  // namespace flin::agents
