// Opcodes that write: one change set each, also for a list of entities (L 14.4).
#include "op_job.h"
#include "ops.h"
#include "query_value.h"
#include "transaction.h"

#include <algorithm>
#include <string>

namespace flin::store {
namespace {

// A write that runs for an op. It refreshes the records it wrote and gives back what the op was
// given.
class WriteOp final : public OpJob {
 public:
  WriteOp(StorePlugin& plugin, Value given)
      : OpJob(plugin.host()), store_(plugin.store()), given_(given) {}

  // Takes a record into the set; one that is in it already is passed over.
  Status add(ICall& call, Value v, ChangeKind kind, const Model& model) {
    RecordRef ref;
    if (call.kind(v) != Kind::kRecord) {
      return fail(call,
                  {kWrongType, "expected entity, found " + std::string(kind_word(call.kind(v)))});
    }
    if (Status status = call.record(v, ref); !status.ok()) return status;
    const bool is_known =
        std::any_of(records_.begin(), records_.end(), [&](Value r) { return r.bits == v.bits; });
    if (is_known) return {};
    if (ref.type >= model.entities.size()) return fail(call, store_.unavailable());
    const Entity& entity = model.entities[ref.type];
    if (kind != kUpdate && ref.id == 0)
      return fail(call, {kGone, entity.name + " is not saved or no longer exists"});
    Part part{{ref.type,
               static_cast<std::uint32_t>(ref.id == 0 ? kCreate : kind),
               ref.id,
               ref.version,
               {}},
              {}};
    if (kind == kUpdate) {
      if (Status status = read_fields(call, v, ref, entity, part.fields); !status.ok())
        return status;
    }
    records_.push_back(v);
    parts_.push_back(std::move(part));
    return {};
  }

  // Into a transaction: checked now, written at its end.
  Status stage(ICall& call, Transaction& transaction) {
    std::vector<OwnedChange> changes;
    for (Part& part : parts_) {
      part.change.fields = {part.fields.data(), part.fields.size()};
      OwnedChange& change = changes.emplace_back(own(part.change));
      if (MaybeFault fault = check_change(transaction.model(), change, errors_)) {
        return error_with_fields(
            call, call.fail(fault->code, Text(std::string_view(fault->message))), errors_);
      }
      if (change.kind != kCreate) continue;
      change.id = store_.reserve_id(change.type);
      if (change.id == 0) {
        return fail(call, {kUnavailable, "store is not available: its backend cannot create " +
                                             transaction.model().entities[change.type].name +
                                             " inside a transaction"});
      }
    }
    for (std::size_t at = 0; at < records_.size(); ++at)
      transaction.add(call, records_[at], std::move(changes[at]));
    return {};
  }

  void run(const Ctx& ctx) {
    std::vector<Change> changes;
    for (Part& part : parts_) {
      part.change.fields = {part.fields.data(), part.fields.size()};
      changes.push_back(part.change);
    }
    store_.write({{changes.data(), changes.size()}}, ctx, done, this);
  }

  void keep(ICall& call) override {
    given_handle_ = call.keep(given_);
    for (const Value record : records_) handles_.push_back(call.keep(record));
  }

  Status result(ICall& call, Value& out) override {
    recall(call);
    if (!status_.ok()) return error_with_fields(call, std::move(status_), errors_);
    for (std::size_t at = 0; at < records_.size(); ++at) {
      Status status = refresh_record(call, records_[at], parts_[at].change.kind, applied_[at]);
      if (!status.ok()) return status;
    }
    if (!parts_.empty()) call.committed(seq_);
    out = given_;
    return {};
  }

 private:
  struct Part {
    Change change;
    std::vector<FieldValue> fields;  // texts borrowed from the call: the store copies them in run()
  };

  // A new entity is written whole, one that was read by what was changed since.
  static Status read_fields(ICall& call, Value record, const RecordRef& ref, const Entity& entity,
                            std::vector<FieldValue>& out) {
    const auto add = [&](std::uint32_t field) -> Status {
      FieldValue value{field, {}};
      Status status = call.plain(call.field(record, field), value.value);
      out.push_back(value);
      return status;
    };
    const auto count = static_cast<std::uint32_t>(entity.fields.size());
    if (ref.id == 0) {
      for (std::uint32_t field = 0; field < count; ++field) {
        if (Status status = add(field); !status.ok()) return status;
      }
      return {};
    }
    const std::vector<std::uint32_t> changed(ref.changed.begin(), ref.changed.end());
    for (const std::uint32_t field : changed) {
      if (field >= count) continue;
      if (Status status = add(field); !status.ok()) return status;
    }
    return {};
  }

  static void done(void* data, WriteOutcome outcome) noexcept {
    auto& job = *static_cast<WriteOp*>(data);
    job.status_ = std::move(outcome.status);
    if (outcome.errors) job.errors_ = *outcome.errors;
    if (outcome.committed) {
      job.seq_ = outcome.committed->seq;
      job.applied_.assign(outcome.committed->applied.begin(), outcome.committed->applied.end());
    }
    job.finished();
  }

  // After a suspension the values come from their handles.
  void recall(ICall& call) {
    if (given_handle_ == 0) return;
    given_ = call.kept(given_handle_);
    for (std::size_t at = 0; at < handles_.size(); ++at) records_[at] = call.kept(handles_[at]);
    call.forget(given_handle_);
    for (const std::uint64_t handle : handles_) call.forget(handle);
  }

  EntityStore& store_;
  Value given_;
  std::vector<Value> records_;
  std::vector<Part> parts_;
  std::uint64_t given_handle_ = 0;
  std::vector<std::uint64_t> handles_;
  Status status_;
  FieldErrors errors_;
  std::uint64_t seq_ = 0;
  std::vector<Applied> applied_;
};

// `kind` kUpdate stands for save: a new entity becomes a create.
Status write(IPlugin& self, ICall& call, Value given, ChangeKind kind, Value& result) {
  auto& plugin = static_cast<StorePlugin&>(self);
  const auto model = plugin.store().model(call.program());
  if (!model) return fail(call, plugin.store().unavailable());
  auto job = std::make_unique<WriteOp>(plugin, given);
  if (call.kind(given) == Kind::kList) {
    for (std::uint64_t at = 0; at < call.size(given); ++at) {
      if (Status status = job->add(call, call.item(given, at), kind, *model); !status.ok())
        return status;
    }
  } else if (Status status = job->add(call, given, kind, *model); !status.ok()) {
    return status;
  }
  if (const TransactionRef transaction = transaction_of(call)) {
    result = given;
    return job->stage(call, *transaction);
  }
  job->run(ctx_of(call));
  return OpJob::answer(std::move(job), self, call, result);
}

}  // namespace

Status op_save(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  return write(self, call, args[0], kUpdate, result);
}
Status op_delete(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  return write(self, call, args[0], kDelete, result);
}
Status op_restore(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  return write(self, call, args[0], kRestore, result);
}
Status op_destroy(IPlugin& self, ICall& call, const Value* args, std::uint32_t, Value& result) {
  return write(self, call, args[0], kDestroy, result);
}

}  // namespace flin::store
