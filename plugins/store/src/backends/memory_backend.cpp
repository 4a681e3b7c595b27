#include "memory_backend.h"

#include <algorithm>
#include <chrono>
#include <mutex>

namespace flin::store {
namespace {

Fault not_open() { return {kUnavailable, "store is not available"}; }

// One logged change as a sink sees it, with all it borrows.
class LoggedChange {
 public:
  std::uint32_t give(std::uint64_t seq, const LogEntry& entry, const TableShape& shape,
                     ICommitSink& out) {
    const Entity& entity = shape.binding->entities[shape.type];
    const std::vector<std::uint32_t> fields = whole_row(entity);
    const Row* before =
        entry.before ? &before_.fill(shape, {entry.id, entry.before}, fields) : nullptr;
    const Row* after = entry.after ? &after_.fill(shape, {entry.id, entry.after}, fields) : nullptr;
    std::vector<FieldValue> set;
    for (const std::uint32_t column : entry.columns) {
      const auto at =
          std::find(shape.columns.begin(), shape.columns.end(), column) - shape.columns.begin();
      const auto field = static_cast<std::uint32_t>(at);
      if (field < entity.fields.size() && after) set.push_back({field, after->fields[field]});
    }
    const Change change{static_cast<std::uint32_t>(shape.type),
                        entry.kind,
                        entry.id,
                        entry.base_version,
                        {set.data(), set.size()}};
    return out.changed(seq, change, before, after);
  }

 private:
  RowBuffer before_, after_;
};

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
  if (MaybeFault fault = bind(tables_, read_entities(schema), *binding)) return status_of(fault);
  // W 3: numbers rise for good, also over restarts of a store that forgets.
  if (!binding_) trimmed_ = seq_ = static_cast<std::uint64_t>(std::max<std::int64_t>(clock_(), 1));
  binding_ = std::move(binding);
  return {};
}

void MemoryBackend::close() noexcept {
  const std::unique_lock lock(mutex_);
  binding_.reset();
  tables_.clear();
  log_.clear();
  snapshots_.clear();
  destroyed_.clear();
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
    const auto row = tables_[table].rows.find(id);
    if (row != tables_[table].rows.end()) {
      if (row->second.destroyed > oldest) return;
      tables_[table].rows.erase(row);
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
    const Moment moment{at && at->id != 0 ? at->seq : seq_, time};
    if (MaybeFault fault = select(tables_, *binding_, moment, selection)) return fault;
    shape = shape_of(tables_, binding_, plan.type);
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
    const Table& table = tables_[binding_->types[type].table];
    const auto row = table.rows.find(id);
    if (row == table.rows.end() || row->second.destroyed) return {};
    versions = row->second.versions;
    shape = shape_of(tables_, binding_, type);
  }
  const std::vector<std::uint32_t> fields = whole_row(shape.binding->entities[type]);
  RowBuffer buffer;
  for (std::size_t at = 0; at < versions.size(); ++at) {
    const std::int64_t to = at + 1 < versions.size() ? versions[at + 1]->from : kStillValid;
    const Past past{buffer.fill(shape, {id, versions[at]}, fields), versions[at]->from, to,
                    versions[at]->kind};
    if (rows.past(past) == 0) break;
  }
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
  Staging staging(tables_, *binding_, seq_ + 1, time);
  if (MaybeRefusal refusal = staging.prepare(changes)) return refusal;
  auto logged = std::make_shared<Commit>(Commit{seq_ + 1, staging.publish()});
  seq = ++seq_;
  time_ = time;
  log_.push_back(std::move(logged));
  destroyed_.insert(destroyed_.end(), staging.destroyed().begin(), staging.destroyed().end());
  forget_destroyed();
  applied = staging.applied();
  return {};
}

std::uint32_t MemoryBackend::copy_log(std::uint64_t since, std::uint64_t limit,
                                      std::vector<CommitRef>& commits,
                                      std::vector<TableShape>& shapes) const {
  const std::shared_lock lock(mutex_);
  if (!binding_ || since < trimmed_ || since > seq_) return 0;
  const std::uint64_t from = since - trimmed_;  // commits are numbered without gaps
  const std::uint64_t left = log_.size() - from;
  const std::uint64_t count = limit == 0 ? left : std::min(limit, left);
  commits.assign(log_.begin() + static_cast<std::ptrdiff_t>(from),
                 log_.begin() + static_cast<std::ptrdiff_t>(from + count));
  shapes.resize(tables_.size());
  for (const CommitRef& commit : commits) {
    for (const LogEntry& entry : commit->entries) {
      const std::uint32_t type = binding_->type_of_table[entry.table];
      if (!shapes[entry.table].binding && type != kNoType)
        shapes[entry.table] = shape_of(tables_, binding_, type);
    }
  }
  return 1;
}

std::uint32_t MemoryBackend::log(std::uint64_t since, std::uint64_t limit,
                                 ICommitSink& out) noexcept {
  std::vector<CommitRef> commits;
  std::vector<TableShape> shapes;
  if (copy_log(since, limit, commits, shapes) == 0) return 0;
  LoggedChange logged;
  for (const CommitRef& commit : commits) {
    for (const LogEntry& entry : commit->entries) {
      if (!shapes[entry.table].binding) continue;
      if (logged.give(commit->seq, entry, shapes[entry.table], out) == 0) return 1;
    }
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
