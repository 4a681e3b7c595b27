#include "memory_backend.h"

#include <algorithm>
#include <chrono>
#include <mutex>

namespace flin::store {
namespace {

Fault not_open() { return {kUnavailable, "store is not available"}; }

// Reads the rows of a commit's number, or of a time.
class MemoryMoment final : public IMoment {
 public:
  MemoryMoment(const MemoryTables& tables, std::uint64_t seq, std::optional<std::int64_t> time)
      : tables_(tables), seq_(seq), time_(time) {}
  VersionRef version(const RowHistory& row) const {
    return time_ ? version_when(row, *time_) : version_at(row, seq_);
  }
  VersionRef version(std::uint32_t table, std::uint64_t id) const override {
    const auto& rows = tables_.tables[table].rows;
    const auto row = rows.find(id);
    return row == rows.end() ? nullptr : version(row->second);
  }

 private:
  const MemoryTables& tables_;
  const std::uint64_t seq_;
  const std::optional<std::int64_t> time_;
};

// Finds the live rows of the moment that match.
MaybeFault select(const MemoryTables& tables, const Binding& binding, const MemoryMoment& moment,
                  Selection& selection) {
  const std::uint32_t table = binding.types[selection.type].table;
  Selector selector(tables.infos, binding, moment, selection);
  if (const auto wanted = selection.predicate.wanted_id(selection.parameters))
    return selector.consider(*wanted, moment.version(table, *wanted));
  for (const auto& [id, row] : tables.tables[table].rows) {
    if (MaybeFault fault = selector.consider(id, moment.version(row))) return fault;
  }
  return {};
}

}  // namespace

std::int64_t MemoryBackend::system_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

MemoryBackend::MemoryBackend(IHost& host, Clock clock) : host_(host), clock_(std::move(clock)) {}

Status MemoryBackend::status_of(const MaybeFault& fault) {
  return fault ? host_.fail(fault->code, Text(std::string_view(fault->message))) : Status();
}

Status MemoryBackend::open(Text, List<EntityRow> schema) noexcept {
  const std::unique_lock lock(mutex_);
  auto binding = std::make_shared<Binding>();
  for (std::size_t at = 0; at < tables_.infos.size(); ++at)
    tables_.infos[at].has_rows = !tables_.tables[at].rows.empty();
  if (MaybeFault fault = bind(tables_.infos, read_entities(schema), *binding))
    return status_of(fault);
  tables_.tables.resize(tables_.infos.size());
  tables_.index_unique();
  // W 3: numbers rise for good, also over restarts of a store that forgets.
  if (!binding_) trimmed_ = seq_ = static_cast<std::uint64_t>(std::max<std::int64_t>(clock_(), 1));
  binding_ = std::move(binding);
  return {};
}

void MemoryBackend::close() noexcept {
  const std::unique_lock lock(mutex_);
  binding_.reset();
  tables_.infos.clear();
  tables_.tables.clear();
  log_.clear();
  snapshots_.clear();
  destroyed_.clear();
}

std::uint64_t MemoryBackend::reserve(std::uint32_t type) noexcept {
  const std::unique_lock lock(mutex_);
  if (!binding_ || type >= binding_->types.size()) return 0;
  return tables_.take_id(binding_->types[type].table);
}

Snapshot MemoryBackend::snapshot() noexcept {
  const std::unique_lock lock(mutex_);
  const Snapshot out{next_snapshot_++, seq_};
  snapshots_.emplace(out.id, out.seq);
  return out;
}

void MemoryBackend::release(const Snapshot& snapshot) noexcept {
  const std::unique_lock lock(mutex_);
  snapshots_.erase(snapshot.id);
  forget_destroyed();
}

void MemoryBackend::forget_destroyed() {
  std::uint64_t oldest = seq_;
  for (const auto& [id, seq] : snapshots_) oldest = std::min(oldest, seq);
  while (!destroyed_.empty()) {
    const auto [table, id] = destroyed_.front();
    auto& rows = tables_.tables[table].rows;
    const auto row = rows.find(id);
    if (row != rows.end()) {
      if (row->second.destroyed > oldest) return;
      rows.erase(row);
    }
    destroyed_.pop_front();
  }
}

void MemoryBackend::query(const Plan& plan, const Snapshot& at, IRowSink& rows, QueryDone done,
                          void* data) noexcept {
  done(data, status_of(read(plan, &at, {}, rows)));
}

void MemoryBackend::as_of(const Plan& plan, std::int64_t time, IRowSink& rows, QueryDone done,
                          void* data) noexcept {
  done(data, status_of(read(plan, nullptr, time, rows)));
}

MaybeFault MemoryBackend::read(const Plan& plan, const Snapshot* at,
                               std::optional<std::int64_t> time, IRowSink& rows) {
  Selection selection;
  TableShape shape;
  {
    const std::shared_lock lock(mutex_);
    if (!binding_) return not_open();
    if (MaybeFault fault = read_plan(plan, *binding_, selection)) return fault;
    const MemoryMoment moment(tables_, at && at->id != 0 ? at->seq : seq_, time);
    if (MaybeFault fault = select(tables_, *binding_, moment, selection)) return fault;
    shape = shape_of(tables_.infos, binding_, plan.type);
  }
  return deliver(shape, selection, rows);
}

void MemoryBackend::history(std::uint32_t type, std::uint64_t id, IRowSink& rows, QueryDone done,
                            void* data) noexcept {
  done(data, status_of(past(type, id, rows)));
}

MaybeFault MemoryBackend::past(std::uint32_t type, std::uint64_t id, IRowSink& rows) {
  std::vector<VersionRef> versions;
  TableShape shape;
  {
    const std::shared_lock lock(mutex_);
    if (!binding_) return not_open();
    if (type >= binding_->types.size()) {
      return Fault{kBadArgument,
                   "invalid argument: there is no entity number " + std::to_string(type)};
    }
    const auto& stored = tables_.tables[binding_->types[type].table].rows;
    const auto row = stored.find(id);
    if (row == stored.end() || row->second.destroyed) return {};
    versions = row->second.versions;
    shape = shape_of(tables_.infos, binding_, type);
  }
  deliver_history(shape, id, versions, rows);
  return {};
}

void MemoryBackend::commit(const ChangeSet& changes, CommitDone done, void* data) noexcept {
  std::vector<Applied> applied;
  std::uint64_t seq = 0;
  if (const MaybeRefusal refusal = write(changes, applied, seq)) {
    done(data, status_of(refusal->fault), nullptr,
         refusal->conflict ? &*refusal->conflict : nullptr);
    return;
  }
  const Committed committed{seq, {applied.data(), applied.size()}};
  done(data, {}, &committed, nullptr);
}

MaybeRefusal MemoryBackend::write(const ChangeSet& changes, std::vector<Applied>& applied,
                                  std::uint64_t& seq) {
  const std::unique_lock lock(mutex_);
  if (!binding_) return Refusal{not_open(), {}};
  seq = seq_;
  if (changes.changes.empty()) return {};
  const std::int64_t time = std::max(clock_() / 1000, time_);
  Staging staging(tables_.infos, tables_, *binding_, seq_ + 1, time);
  if (MaybeRefusal refusal = staging.prepare(changes)) return refusal;
  tables_.publish(staging, seq_ + 1);
  auto logged = std::make_shared<LoggedCommit>(LoggedCommit{seq_ + 1, staging.take_log()});
  seq = ++seq_;
  time_ = time;
  log_.push_back(std::move(logged));
  destroyed_.insert(destroyed_.end(), staging.destroyed().begin(), staging.destroyed().end());
  forget_destroyed();
  applied = staging.applied();
  return {};
}

std::uint32_t MemoryBackend::copy_log(std::uint64_t since, std::uint64_t limit,
                                      std::vector<LoggedCommitRef>& commits,
                                      std::vector<TableShape>& shapes) const {
  const std::shared_lock lock(mutex_);
  if (!binding_ || since < trimmed_ || since > seq_) return 0;
  const std::uint64_t from = since - trimmed_;  // commits are numbered without gaps
  const std::uint64_t left = log_.size() - from;
  const std::uint64_t count = limit == 0 ? left : std::min(limit, left);
  commits.assign(log_.begin() + static_cast<std::ptrdiff_t>(from),
                 log_.begin() + static_cast<std::ptrdiff_t>(from + count));
  shapes = shapes_of(tables_.infos, binding_);
  return 1;
}

std::uint32_t MemoryBackend::log(std::uint64_t since, std::uint64_t limit,
                                 ICommitSink& out) noexcept {
  std::vector<LoggedCommitRef> commits;
  std::vector<TableShape> shapes;
  if (copy_log(since, limit, commits, shapes) == 0) return 0;
  LogBuffer buffer;
  for (const LoggedCommitRef& commit : commits) {
    if (!buffer.give(*commit, shapes, out)) break;
  }
  return 1;
}

void MemoryBackend::trim(std::uint64_t keep) noexcept {
  const std::unique_lock lock(mutex_);
  while (log_.size() > keep) {
    trimmed_ = log_.front()->seq;
    log_.pop_front();
  }
}

}  // namespace flin::store
