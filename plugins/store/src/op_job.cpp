#include "op_job.h"

#include "flin/guard.h"

namespace flin::store {
namespace {

Status completed(IPlugin&, ICall& call, void* data, Value& result) {
  const std::unique_ptr<OpJob> job(static_cast<OpJob*>(data));
  return job->result(call, result);
}

void dropped(void* data) noexcept { delete static_cast<OpJob*>(data); }

}  // namespace

void OpJob::finished() {
  if (state_.exchange(kFinished) == kSuspended) complete();
}

void OpJob::complete() { host_.complete(ticket_, guarded_complete<completed>, this, dropped); }

Status OpJob::answer(std::unique_ptr<OpJob> job, IPlugin&, ICall& call, Value& result) {
  if (job->state_ == kFinished) return job->result(call, result);
  job->keep(call);
  job->ticket_ = call.suspend();
  OpJob* const waiting = job.release();  // belongs to the ticket from here on
  if (waiting->state_.exchange(kSuspended) == kFinished) waiting->complete();
  return {};
}

}  // namespace flin::store
