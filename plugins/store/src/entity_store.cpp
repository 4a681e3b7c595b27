#include "entity_store.h"

#include "write_job.h"

#include <algorithm>

namespace flin::store {
namespace {

constexpr std::uint32_t kOnlyInLoad = code('P', 110);
constexpr std::int64_t kNoLimit = INT64_MAX;

// A query with its read rule added and its rows counted.
class ReadJob final : public IRowSink {
 public:
  ReadJob(EntityStore& store, std::shared_ptr<const Model> model, const Plan& plan, const Ctx& ctx,
          std::int64_t most, IRowSink& out, QueryDone done, void* data)
      : store_(store),
        model_(std::move(model)),
        most_(most),
        out_(out),
        done_(done),
        data_(data),
        plan_(plan) {
    code_.assign(plan.predicate.begin(), plan.predicate.end());
    parameters_ = own(plan.parameters);
    if (plan.type < model_->entities.size()) {
      model_->rules.restrict_read(model_->entities, plan.type, ctx, code_, parameters_);
    }
    plains_ = borrow(parameters_);
    plan_.predicate = {code_.data(), code_.size()};
    plan_.parameters = {plains_.data(), plains_.size()};
    // One more than may be given tells that there are too many; the rest need not be read.
    if (plan_.aggregate == kRows && most < kNoLimit && (plan_.limit < 0 || plan_.limit > most))
      plan_.limit = most + 1;
  }

  const Plan& plan() const { return plan_; }

  std::uint32_t row(const Row& row) noexcept override { return count() ? out_.row(row) : 0; }
  std::uint32_t past(const Past& past) noexcept override { return out_.past(past); }
  void value(const Plain& group, const Plain& value) noexcept override {
    if (count()) out_.value(group, value);
  }

  static void done(void* data, Status status) noexcept {
    const std::unique_ptr<ReadJob> job(static_cast<ReadJob*>(data));
    const std::int64_t most = job->most_;
    job->store_.metrics().rows.add(static_cast<std::uint64_t>(std::min(job->count_, most)));
    if (status.ok() && job->count_ > most) { status = job->store_.fail(too_many_rows(most)); }
    job->done_(job->data_, std::move(status));
  }

 private:
  bool count() { return ++count_ <= most_; }

  EntityStore& store_;
  const std::shared_ptr<const Model> model_;  // shared with the store
  const std::int64_t most_;                   // rows or values it may give
  IRowSink& out_;
  const QueryDone done_;
  void* const data_;
  Plan plan_;
  Bytes code_;
  Scalars parameters_;
  std::vector<Plain> plains_;
  std::int64_t count_ = 0;
};

// Leaves out the versions that `ctx` may not read.
class PastJob final : public IRowSink {
 public:
  PastJob(std::shared_ptr<const Model> model, std::uint32_t type, const Ctx& ctx, IRowSink& out,
          QueryDone done, void* data)
      : model_(std::move(model)),
        type_(type),
        session_(std::string_view(ctx.session)),
        system_(ctx.system),
        out_(out),
        done_(done),
        data_(data) {}

  std::uint32_t row(const Row& row) noexcept override { return out_.row(row); }
  std::uint32_t past(const Past& past) noexcept override {
    const Ctx ctx{Text(std::string_view(session_)), system_};
    const bool is_visible =
        model_->rules.allows(model_->entities, type_, kRuleRead, ctx, WholeRow(past.row));
    return is_visible ? out_.past(past) : 1;
  }
  void value(const Plain& group, const Plain& value) noexcept override { out_.value(group, value); }
  static void done(void* data, Status status) noexcept {
    const std::unique_ptr<PastJob> job(static_cast<PastJob*>(data));
    job->done_(job->data_, std::move(status));
  }

 private:
  const std::shared_ptr<const Model> model_;  // shared with the store
  const std::uint32_t type_;
  const std::string session_;
  const std::uint32_t system_;
  IRowSink& out_;
  const QueryDone done_;
  void* const data_;
};

// Leaves out what `ctx` may not read; a row it may read on one side only is null on the other.
class LogFilter final : public ICommitSink {
 public:
  LogFilter(const Model& model, const Ctx& ctx, ICommitSink& out)
      : model_(model), ctx_(ctx), out_(out) {}

  std::uint32_t changed(std::uint64_t seq, const Change& change, const Row* before,
                        const Row* after) noexcept override {
    const Row* seen_before = is_visible(change.type, before) ? before : nullptr;
    const Row* seen_after = is_visible(change.type, after) ? after : nullptr;
    if (!seen_before && !seen_after) return 1;
    return out_.changed(seq, change, seen_before, seen_after);
  }

 private:
  bool is_visible(std::uint32_t type, const Row* row) const {
    return row && model_.rules.allows(model_.entities, type, kRuleRead, ctx_, WholeRow(*row));
  }

  const Model& model_;
  const Ctx& ctx_;
  ICommitSink& out_;
};

struct CommitCall {
  CommitDone done;
  void* data;
};

}  // namespace

Fault too_many_rows(std::int64_t most) {
  return {kMemoryLimit, "memory limit reached: a query gives more than " + std::to_string(most) +
                            " rows (store.max_rows)"};
}

void EntityStore::attach(IHost& host, IStoreBackend& backend, ISources* sources,
                         const Limits& limits) {
  host_ = &host;
  backend_ = &backend;
  limits_ = limits;
  if (sources) watches_ = std::make_unique<Watches>(*sources);
  feed_ = std::make_unique<Feed>(backend, watches_.get(), limits.log_keep);
}

Status EntityStore::open(Text address, List<EntityRow> schema, std::uint32_t program) {
  auto model = std::make_shared<Model>();
  model->entities = read_entities(schema);
  const auto before = this->model();
  const bool is_same = before != nullptr && have_same_numbers(before->entities, model->entities);
  model->since = is_same ? before->since : program;
  if (MaybeFault fault =
          Validators::compile(schema, model->entities, plugin_validators_, model->validators))
    return refuse(fail(*fault));
  if (MaybeFault fault = Rules::compile(schema, model->rules)) return refuse(fail(*fault));
  if (Status status = backend_->open(address, schema); !status.ok())
    return refuse(std::move(status));
  if (!is_feeding_) {
    const Snapshot newest = backend_->snapshot();
    backend_->release(newest);
    feed_->begin_at(newest.seq);
    if (watches_) watches_->end_commit(newest.seq);  // so that live values know where they stand
    is_feeding_ = true;
  }
  if (watches_) watches_->clear();
  const std::lock_guard lock(mutex_);
  model_ = std::move(model);
  why_not_.clear();
  return {};
}

Status EntityStore::refuse(Status status) {
  const std::lock_guard lock(mutex_);
  if (model_ == nullptr) why_not_ = status.message();
  return status;
}

std::shared_ptr<const Model> EntityStore::model() const {
  const std::lock_guard lock(mutex_);
  return model_;
}

std::shared_ptr<const Model> EntityStore::model(std::uint32_t program) const {
  auto now = model();
  return now != nullptr && program >= now->since ? now : nullptr;
}

Fault EntityStore::unavailable() const {
  const std::lock_guard lock(mutex_);
  if (model_ != nullptr)
    return {kUnavailable,
            "store is not available: the program was replaced by one with other "
            "entities while this ran"};
  return {kUnavailable, "store is not available" + (why_not_.empty() ? "" : ": " + why_not_)};
}

Snapshot EntityStore::snapshot() noexcept { return backend_->snapshot(); }
void EntityStore::release(const Snapshot& snapshot) noexcept { backend_->release(snapshot); }

void EntityStore::query(const Plan& plan, const Snapshot& at, const Ctx& ctx, IRowSink& rows,
                        QueryDone done, void* data) noexcept {
  query_up_to(limits_.max_rows, plan, at, ctx, rows, done, data);
}

void EntityStore::query_all(const Plan& plan, const Snapshot& at, const Ctx& ctx, IRowSink& rows,
                            QueryDone done, void* data) noexcept {
  query_up_to(kNoLimit, plan, at, ctx, rows, done, data);
}

void EntityStore::query_up_to(std::int64_t most, const Plan& plan, const Snapshot& at,
                              const Ctx& ctx, IRowSink& rows, QueryDone done, void* data) noexcept {
  auto now = model();
  if (!now) return done(data, fail(unavailable()));
  auto* job = new ReadJob(*this, std::move(now), plan, ctx, most, rows, done, data);
  backend_->query(job->plan(), at, *job, ReadJob::done, job);
}

void EntityStore::as_of(const Plan& plan, std::int64_t time, const Ctx& ctx, IRowSink& rows,
                        QueryDone done, void* data) noexcept {
  auto now = model();
  if (!now) return done(data, fail(unavailable()));
  auto* job = new ReadJob(*this, std::move(now), plan, ctx, limits_.max_rows, rows, done, data);
  backend_->as_of(job->plan(), time, *job, ReadJob::done, job);
}

void EntityStore::history(std::uint32_t type, std::uint64_t id, const Ctx& ctx, IRowSink& rows,
                          QueryDone done, void* data) noexcept {
  auto now = model();
  if (!now) return done(data, fail(unavailable()));
  auto* job = new PastJob(std::move(now), type, ctx, rows, done, data);
  backend_->history(type, id, *job, PastJob::done, job);
}

std::uint32_t EntityStore::log(std::uint64_t since, std::uint64_t limit, const Ctx& ctx,
                               ICommitSink& out) noexcept {
  const auto now = model();
  if (!now) return 0;
  LogFilter filter(*now, ctx, out);
  return backend_->log(since, limit, filter);
}

void EntityStore::commit(const ChangeSet& changes, const Ctx& ctx, CommitDone done,
                         void* data) noexcept {
  auto* call = new CommitCall{done, data};
  const auto give = [](void* given, WriteOutcome outcome) noexcept {
    const std::unique_ptr<CommitCall> call(static_cast<CommitCall*>(given));
    call->done(call->data, std::move(outcome.status), outcome.committed, outcome.conflict);
  };
  write(changes, ctx, give, call);
}

void EntityStore::write(const ChangeSet& changes, const Ctx& ctx, WriteDone done, void* data) {
  WriteJob::run(*this, changes, ctx, done, data);
}

Status EntityStore::on_commit(ICommitSink& sink) noexcept {
  if (!is_loading_) return host_->fail(kOnlyInLoad, "on_commit() is only allowed inside load()");
  feed_->add(sink);
  return {};
}

}  // namespace flin::store
