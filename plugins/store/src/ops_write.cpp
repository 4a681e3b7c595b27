// Opcodes that write: one change set each, also for a list of entities (L 14.4).
#include "op_job.h"
#include "ops.h"
#include "query_value.h"

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

  void run() {
    std::vector<Change> changes;
    for (Part& part : parts_) {
      part.change.fields = {part.fields.data(), part.fields.size()};
      changes.push_back(part.change);
    }
    store_.write({{changes.data(), changes.size()}}, {}, done, this);
  }

  void keep(ICall& call) override {
    given_handle_ = call.keep(given_);
    for (const Value record : records_) handles_.push_back(call.keep(record));
  }

  Status result(ICall& call, Value& out) override {
    recall(call);
    if (!status_.ok()) return error(call);
    for (std::size_t at = 0; at < records_.size(); ++at) {
      if (Status status = refresh(call, at); !status.ok()) return status;
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

  Status refresh(ICall& call, std::size_t at) {
    const std::uint32_t kind = parts_[at].change.kind;
    const Plain now = borrow(Scalar::of_time(applied_[at].time));
    Plain times[3] = {now, now, {}};  // created_at, updated_at, deleted_at
    const auto present = [&](std::uint32_t field, Plain& out) {
      return call.plain(call.field(records_[at], field), out);
    };
    if (kind != kCreate) {
      if (Status status = present(kFieldCreatedAt, times[0]); !status.ok()) return status;
    }
    if (kind == kUpdate || kind == kDelete) {
      if (Status status = present(kFieldDeletedAt, times[2]); !status.ok()) return status;
      if (kind == kDelete && times[2].kind == Kind::kNone) times[2] = now;
    }
    return call.refresh(records_[at], {applied_[at].id, applied_[at].version, times});
  }

  Status error(ICall& call) {
    if (errors_.fields.empty()) return std::move(status_);
    std::vector<Value> parts;
    for (const auto& [field, message] : errors_.fields) {
      parts.push_back(call.make(borrow(Scalar::of_text(field))));
      parts.push_back(call.make(borrow(Scalar::of_text(message))));
    }
    const Value fields = call.make_map(parts.data(), errors_.fields.size());
    return call.fail_with(status_.code(), Text(status_.message()), fields);
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
  const auto model = plugin.store().model();
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
  job->run();
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
