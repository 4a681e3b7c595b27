// store.begin, store.commit, store.rollback: what `transaction { .. }` is made of (L 20.9).
#include "op_job.h"
#include "ops.h"
#include "query_value.h"
#include "transaction.h"

namespace flin::store {
namespace {

constexpr std::int64_t kMostRepeats = 3;

// Writes a transaction's changes, as one set.
class CommitOp final : public OpJob {
 public:
  CommitOp(StorePlugin& plugin, TransactionRef transaction, std::int64_t repeats)
      : OpJob(plugin.host()),
        store_(plugin.store()),
        transaction_(std::move(transaction)),
        repeats_(repeats) {}

  void run(const Ctx& ctx) {
    std::vector<OwnedChange> changes = transaction_->changes();
    std::vector<Change> borrowed;
    for (OwnedChange& change : changes) borrowed.push_back(borrow(change));
    store_.write({{borrowed.data(), borrowed.size()}}, ctx, done, this);
  }

  void keep(ICall&) override {}

  Status result(ICall& call, Value& out) override {
    if (status_.ok()) {
      if (!applied_.empty()) call.committed(seq_);
      out = call.make(borrow(Scalar::of_bool(true)));
      return transaction_->refresh(call, applied_);
    }
    transaction_->roll_back(call);
    if (status_.code() != kConflict || repeats_ >= kMostRepeats)
      return error_with_fields(call, std::move(status_), errors_);
    out = call.make(borrow(Scalar::of_bool(false)));
    return {};
  }

 private:
  static void done(void* data, WriteOutcome outcome) noexcept {
    auto& job = *static_cast<CommitOp*>(data);
    job.status_ = std::move(outcome.status);
    if (outcome.errors) job.errors_ = *outcome.errors;
    if (outcome.committed) {
      job.seq_ = outcome.committed->seq;
      job.applied_.assign(outcome.committed->applied.begin(), outcome.committed->applied.end());
    }
    job.finished();
  }

  EntityStore& store_;
  const TransactionRef transaction_;  // shared with reads under way
  const std::int64_t repeats_;
  Status status_;
  FieldErrors errors_;
  std::uint64_t seq_ = 0;
  std::vector<Applied> applied_;
};

Status outside(ICall& call) {
  return fail(call, {kBadArgument, "invalid argument: there is no transaction under way"});
}

}  // namespace

Status op_begin(IPlugin& self, ICall& call, const Value*, std::uint32_t, Value& result) {
  auto& plugin = static_cast<StorePlugin&>(self);
  result = call.make({});
  if (const TransactionRef outer = transaction_of(call)) {
    outer->begin_nested();
    return {};
  }
  if (!plugin.store().model()) return fail(call, plugin.store().unavailable());
  set_transaction(call, std::make_shared<Transaction>(plugin.store()));
  return {};
}

Status op_commit(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  auto& plugin = static_cast<StorePlugin&>(self);
  std::int64_t repeats = 0;
  if (Status status = int_of(call, args[0], repeats); !status.ok()) return status;
  TransactionRef transaction = transaction_of(call);
  if (!transaction) return outside(call);
  if (transaction->is_nested()) {
    transaction->end_nested();
    result = call.make(borrow(Scalar::of_bool(true)));
    return {};
  }
  set_transaction(call, nullptr);
  auto job = std::make_unique<CommitOp>(plugin, std::move(transaction), repeats);
  job->run(ctx_of(call));
  return OpJob::answer(std::move(job), self, call, result);
}

Status op_rollback(IPlugin&, ICall& call, const Value*, std::uint32_t, Value& result) {
  const TransactionRef transaction = transaction_of(call);
  if (!transaction) return outside(call);
  const bool is_whole = !transaction->is_nested();
  transaction->roll_back(call);
  if (is_whole) set_transaction(call, nullptr);
  result = call.make({});
  return {};
}

}  // namespace flin::store
