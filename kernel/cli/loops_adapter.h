// What plugins ask of the loops (IHost::post, IHost::complete), over the scheduler.
#pragma once

#include "agents/scheduler.h"
#include "host/loops.h"

#include <memory>

namespace flin::cli {

class LoopsAdapter final : public Loops {
 public:
  explicit LoopsAdapter(agents::Scheduler& scheduler) : scheduler_(scheduler) {}

  void post(std::uint32_t loop, LoopFn fn, IPlugin& self, void* data,
            DropFn drop) noexcept override {
    agents::Loop& target = loop < scheduler_.size() ? scheduler_.loop(loop) : scheduler_.choose();
    target.post(agents::Posted{[](void* p, agents::Loop&) {
                                 const std::unique_ptr<Call> call(static_cast<Call*>(p));
                                 call->fn(*call->self, call->data);
                               },
                               new Call{fn, &self, data, drop},
                               [](void* p) {
                                 const std::unique_ptr<Call> call(static_cast<Call*>(p));
                                 if (call->drop != nullptr) call->drop(call->data);
                               }});
  }

  void complete(std::uint64_t ticket, CompleteFn fn, IPlugin& self, void* data,
                DropFn drop) noexcept override {
    scheduler_.complete(ticket, fn, self, data, drop);
  }

 private:
  struct Call {
    LoopFn fn;
    IPlugin* self;
    void* data;
    DropFn drop;
  };
  agents::Scheduler& scheduler_;
};

}  // namespace flin::cli
