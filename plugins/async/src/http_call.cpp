#include "http_call.h"

#include "answer_value.h"
#include "async_plugin.h"
#include "ticket_job.h"

#include "flin/guard.h"

#include <algorithm>

namespace flin::async {
namespace {

using Clock = std::chrono::steady_clock;
using Shared = std::shared_ptr<HttpCall>;

constexpr std::int64_t kFirstPauseMs = 200, kLastPauseMs = 5000;

void dropped(void* data) noexcept { delete static_cast<Shared*>(data); }

std::string seconds_text(std::int64_t ms) {
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

// Answers of a machine that is busy or restarts (RFC 9110 15.6).
bool is_passing(int status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

}  // namespace

HttpCall::HttpCall(AsyncPlugin& plugin, OutboundRequest request, std::int64_t timeout_ms,
                   int retries)
    : plugin_(plugin),
      request_(std::move(request)),
      timeout_ms_(timeout_ms),
      deadline_(Clock::now() + std::chrono::milliseconds(timeout_ms)),
      retries_left_(retries) {
  plugin_.entered(*this);
}

HttpCall::~HttpCall() { plugin_.left(*this); }

Status HttpCall::start(Shared self, ICall& call) {
  self->ticket_ = call.suspend();
  const std::weak_ptr<HttpCall> weak = self;
  const Timers::Id timer = self->plugin_.timers().after(self->timeout_ms_, [weak] {
    const Shared late = weak.lock();
    if (late == nullptr) return;
    late->end({code('R', 201), "timed out after " + seconds_text(late->timeout_ms_), false});
    late->abort_.now();
  });
  {
    const std::lock_guard lock(self->lock_);
    self->timer_ = timer;
  }
  self->submit();
  return {};
}

void HttpCall::submit() {
  auto* const data = new Shared(shared_from_this());
  const Status status = plugin_.workers().run(
      [](void* p) noexcept {
        const std::unique_ptr<Shared> self(static_cast<Shared*>(p));
        (*self)->run();
      },
      data, dropped);
  if (status.ok()) return;
  delete data;
  end({status.code(), std::string(std::string_view(status.message())), false});
}

void HttpCall::run() {
  {
    const std::lock_guard lock(lock_);
    if (has_ended_) return;  // its time was over before a thread was free
  }
  OutboundAnswer answer;
  ++attempts_;
  OutboundFailure failure =
      exchange(request_, plugin_.outbound_limits(), deadline_, abort_, answer);
  if (failure.code == 0 && is_passing(answer.status)) failure.may_help_again = true;
  if (failure.may_help_again && again_after(failure)) return;
  {
    const std::lock_guard lock(lock_);
    if (has_ended_) return;
    answer_ = std::move(answer);
  }
  end(std::move(failure));
}

// Another attempt after a pause that doubles, if one is left and there is time for it.
bool HttpCall::again_after(const OutboundFailure&) {
  if (retries_left_ <= 0 || abort_.is_set()) return false;
  const std::int64_t pause = std::min(kFirstPauseMs << std::min(attempts_ - 1, 10), kLastPauseMs);
  if (Clock::now() + std::chrono::milliseconds(pause) >= deadline_) return false;
  --retries_left_;
  return plugin_.timers().after(pause, [self = shared_from_this()] { self->submit(); }) != 0;
}

void HttpCall::end(OutboundFailure failure) {
  Timers::Id timer = 0;
  {
    const std::lock_guard lock(lock_);
    if (has_ended_) return;
    has_ended_ = true;
    failure_ = std::move(failure);
    timer = timer_;
  }
  plugin_.timers().cancel(timer);
  plugin_.host().complete(ticket_, guarded_complete<completed>, new Shared(shared_from_this()),
                          dropped);
}

// Nothing of the call changes any more.
Status HttpCall::completed(IPlugin&, ICall& call, void* data, Value& result) {
  const std::unique_ptr<Shared> self(static_cast<Shared*>(data));
  HttpCall& it = **self;
  if (it.failure_.code != 0) return failed(call, {it.failure_.code, it.failure_.message});
  return answer_value(call, it.answer_, result);
}

}  // namespace flin::async
