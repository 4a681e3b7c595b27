// One context of a transport for many runs: each takes a lent one, and the transport's own ends
// with the last.
#pragma once

#include "flin/agents.h"

#include <memory>

namespace flin::pages {

using SharedContext = std::shared_ptr<IContext>;

inline SharedContext share_context(IContext* context) {
  return context == nullptr ? nullptr
                            : SharedContext(context, [](IContext* own) { own->destroy(); });
}

class LentContext final : public IContext {
 public:
  // Null when there is none to lend.
  static IContext* lend(SharedContext context) {
    return context == nullptr ? nullptr : new LentContext(std::move(context));
  }
  Status load(ICall& call, std::uint32_t what, Value& out) noexcept override {
    return context_->load(call, what, out);
  }
  void done(ICall&, Status, Value) noexcept override {}
  void destroy() noexcept override { delete this; }

 private:
  explicit LentContext(SharedContext context) : context_(std::move(context)) {}
  const SharedContext context_;
};

}  // namespace flin::pages
