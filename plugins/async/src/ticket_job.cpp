#include "ticket_job.h"

#include "async_plugin.h"

#include "flin/guard.h"

namespace flin::async {
namespace {

Status completed(IPlugin&, ICall& call, void* data, Value& result) {
  const std::unique_ptr<TicketJob> job(static_cast<TicketJob*>(data));
  return job->result(call, result);
}

void dropped(void* data) noexcept { delete static_cast<TicketJob*>(data); }

// Stands for a job that the workers did not take.
class RefusedJob final : public TicketJob {
 public:
  explicit RefusedJob(Failure failure) : failure_(std::move(failure)) {}
  void run() override {}
  Status result(ICall& call, Value&) override { return failed(call, failure_); }

 private:
  const Failure failure_;
};

}  // namespace

Status failed(ICall& call, const Failure& failure) {
  return call.fail(failure.code, Text(std::string_view(failure.message)));
}

Status TicketJob::start(std::unique_ptr<TicketJob> job, AsyncPlugin& plugin, ICall& call) {
  job->plugin_ = &plugin;
  const std::uint64_t ticket = job->ticket_ = call.suspend();
  TicketJob* const waiting = job.release();  // belongs to the workers from here on
  const Status status = plugin.workers().run(
      [](void* data) noexcept {
        auto* self = static_cast<TicketJob*>(data);
        self->run();
        self->plugin_->host().complete(self->ticket_, guarded_complete<completed>, self, dropped);
      },
      waiting, dropped);
  if (status.ok()) return {};
  delete waiting;
  plugin.host().complete(
      ticket, guarded_complete<completed>,
      new RefusedJob({status.code(), std::string(std::string_view(status.message()))}), dropped);
  return {};
}

}  // namespace flin::async
