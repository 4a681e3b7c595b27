// The context http gave with a connection, counted: every adoption on a socket takes it anew, and
// IPages owns what it is given. It holds the connection's place among http's connections.
#pragma once

#include "flin/agents.h"

#include <memory>
#include <utility>

namespace flin::ws {

class SharedContext {
 public:
  explicit SharedContext(IContext* context) : context_(context) {}
  ~SharedContext() {
    if (context_) context_->destroy();
  }
  SharedContext(const SharedContext&) = delete;
  SharedContext& operator=(const SharedContext&) = delete;
  // A context for one user of `shared`; null when there is none to lend.
  static IContext* lend(std::shared_ptr<SharedContext> shared) {
    return shared->context_ ? new Lent(std::move(shared)) : nullptr;
  }

 private:
  class Lent final : public IContext {
   public:
    explicit Lent(std::shared_ptr<SharedContext> shared) : shared_(std::move(shared)) {}
    Status load(ICall& call, std::uint32_t what, Value& out) noexcept override {
      return shared_->context_->load(call, what, out);
    }
    void done(ICall&, Status, Value) noexcept override {}
    void destroy() noexcept override { delete this; }

   private:
    std::shared_ptr<SharedContext> shared_;
  };
  IContext* context_;
};

}  // namespace flin::ws
