#include "write_job.h"

namespace flin::store {
namespace {

RuleOperation operation_of(std::uint32_t kind) {
  switch (kind) {
    case kCreate: return kRuleCreate;
    case kUpdate:
    case kRestore: return kRuleUpdate;
    default: return kRuleDelete;
  }
}

const char* word_of(RuleOperation operation) {
  return operation == kRuleCreate ? "create" : operation == kRuleUpdate ? "update" : "delete";
}

MaybeFault check_form(const Model& model, const OwnedChange& change) {
  if (change.type >= model.entities.size() || change.kind > kDestroy) {
    return Fault{kBadArgument,
                 "invalid argument: there is no entity number " + std::to_string(change.type)};
  }
  const Entity& entity = model.entities[change.type];
  for (const FieldWrite& write : change.fields) {
    if (write.field >= entity.fields.size()) {
      return Fault{kNoMember,
                   entity.name + " has no member '" + field_name(entity, write.field) + "' to set"};
    }
    const Scalar& value = write.value;
    if (value.kind == Kind::kRecord && value.i == 0 && value.extra < model.entities.size())
      return Fault{kGone, model.entities[value.extra].name + " is not saved or no longer exists"};
  }
  return {};
}

}  // namespace

OwnedChange own(const Change& change) {
  OwnedChange out{change.type, change.kind, change.id, change.base_version, {}, {}};
  for (const FieldValue& value : change.fields)
    out.fields.push_back({value.field, own(value.value)});
  return out;
}

Change borrow(OwnedChange& change) {
  change.values.clear();
  for (const FieldWrite& write : change.fields)
    change.values.push_back({write.field, borrow(write.value)});
  return {change.type,
          change.kind,
          change.id,
          change.base_version,
          {change.values.data(), change.values.size()}};
}

MaybeFault check_change(const Model& model, OwnedChange& change, FieldErrors& errors) {
  if (MaybeFault fault = check_form(model, change)) return fault;
  if (change.kind != kCreate && change.kind != kUpdate) return {};
  model.validators.check(model.entities, change.type, change.kind == kCreate, change.fields,
                         errors);
  if (errors.fields.empty()) return {};
  return Fault{kValidation, errors.message()};
}

void WriteJob::run(EntityStore& store, const ChangeSet& changes, const Ctx& ctx, WriteDone done,
                   void* data) {
  (new WriteJob(store, changes, ctx, done, data))->start();
}

WriteJob::WriteJob(EntityStore& store, const ChangeSet& changes, const Ctx& ctx, WriteDone done,
                   void* data)
    : store_(store),
      model_(store.model()),
      session_(std::string_view(ctx.session)),
      system_(ctx.system),
      done_(done),
      data_(data) {
  for (const Change& change : changes.changes) changes_.push_back(own(change));
}

void WriteJob::start() {
  if (!model_) return fail(store_.unavailable());
  for (OwnedChange& change : changes_) {
    if (MaybeFault fault = check_change(*model_, change, errors_)) return fail(*fault);
  }
  check_rules();
}

bool WriteJob::is_row_needed(const OwnedChange& change) const {
  return system_ == 0 && model_->rules.has_rules(change.type) && change.kind != kCreate;
}

void WriteJob::check_rules() {
  while (next_ < changes_.size() && !fault_) {
    const OwnedChange& change = changes_[next_];
    if (!is_row_needed(change)) {
      check_rule(change, nullptr);
      ++next_;
      continue;
    }
    handshake_.reset();
    is_row_there_ = false;
    store_.backend().history(change.type, change.id, *this, row_read, this);
    if (!handshake_.is_second()) return;  // row_read goes on
  }
  if (fault_) return fail(*fault_);
  send();
}

std::uint32_t WriteJob::past(const Past& past) noexcept {  // the last one is the newest
  row_id_ = past.row.id;
  row_version_ = past.row.version;
  row_ = own(past.row.fields);
  is_row_there_ = true;
  return 1;
}

void WriteJob::row_read(void* data, Status status) noexcept {
  auto& job = *static_cast<WriteJob*>(data);
  const OwnedChange& change = job.changes_[job.next_++];
  if (!status.ok()) {
    job.fault_ = Fault{status.code(), std::string(status.message())};
  } else if (!job.is_row_there_) {
    job.fault_ =
        Fault{kGone, job.model_->entities[change.type].name + " is not saved or no longer exists"};
  } else {
    const std::vector<Plain> fields = borrow(job.row_);
    const Row before{job.row_id_, job.row_version_, {fields.data(), fields.size()}};
    job.check_rule(change, &before);
  }
  if (job.handshake_.is_second()) job.check_rules();
}

// L 14.9: update is checked on the old and the new state.
void WriteJob::check_rule(const OwnedChange& change, const Row* before) {
  const Ctx ctx{Text(std::string_view(session_)), system_};
  const RuleOperation operation = operation_of(change.kind);
  const Entity& entity = model_->entities[change.type];
  const auto is_allowed = [&](const Row& row) {
    return model_->rules.allows(model_->entities, change.type, operation, ctx, WholeRow(row));
  };
  bool is_fine = !before || is_allowed(*before);
  if (is_fine && (change.kind == kCreate || change.kind == kUpdate)) {
    Scalars after = before ? own(before->fields) : Scalars(entity.fields.size() + 3);
    for (std::size_t at = 0; !before && at < entity.fields.size(); ++at)
      after[at] = entity.fields[at].initial;
    for (const FieldWrite& write : change.fields) after[write.field] = write.value;
    const std::vector<Plain> fields = borrow(after);
    is_fine = is_allowed({change.id, before ? before->version : 0, {fields.data(), fields.size()}});
  }
  if (!is_fine)
    fault_ =
        Fault{kDenied, std::string("access denied: ") + word_of(operation) + " " + entity.name};
}

void WriteJob::send() {
  std::vector<Change> changes;
  for (OwnedChange& change : changes_) changes.push_back(borrow(change));
  store_.backend().commit({{changes.data(), changes.size()}}, written, this);
}

void WriteJob::written(void* data, Status status, const Committed* committed,
                       const Conflict* conflict) noexcept {
  auto& job = *static_cast<WriteJob*>(data);
  const bool is_unique =
      status.code() == kValidation && conflict && conflict->type < job.model_->entities.size();
  if (is_unique) {
    job.errors_.fields.emplace_back(
        field_name(job.model_->entities[conflict->type], conflict->field), "is already taken");
    status = job.store_.host().fail(kValidation, Text(std::string_view(job.errors_.message())));
  }
  if (committed) job.store_.feed().drain();
  job.finish(std::move(status), committed, conflict);
}

void WriteJob::fail(const Fault& fault) {
  finish(store_.host().fail(fault.code, Text(std::string_view(fault.message))), nullptr, nullptr);
}

void WriteJob::finish(Status status, const Committed* committed, const Conflict* conflict) {
  (status.ok() ? store_.metrics().commits : store_.metrics().refused).add();
  done_(data_,
        {std::move(status), committed, conflict, errors_.fields.empty() ? nullptr : &errors_});
  delete this;
}

}  // namespace flin::store
