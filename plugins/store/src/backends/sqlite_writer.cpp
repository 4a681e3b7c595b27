#include "sqlite_writer.h"

#include "sqlite_codec.h"

#include <algorithm>
#include <chrono>

namespace flin::store {

QueuedSet::QueuedSet(const ChangeSet& changes, CommitDone d, void* given) : done(d), data(given) {
  std::size_t size = 0;
  for (const Change& change : changes.changes) {
    for (const FieldValue& value : change.fields) size += value.value.text.size;
  }
  bytes_.reserve(size);  // so that texts stay where they are
  fields_.reserve(changes.changes.size);
  for (const Change& change : changes.changes) {
    std::vector<FieldValue>& fields =
        fields_.emplace_back(change.fields.begin(), change.fields.end());
    for (FieldValue& value : fields) {
      const char* place = bytes_.data() + bytes_.size();
      const std::string_view text = value.value.text;
      bytes_.insert(bytes_.end(), text.begin(), text.end());
      value.value.text.data = place;
    }
    changes_.push_back(change);
    changes_.back().fields = {fields.data(), fields.size()};
  }
}

// ---- Waiting and waking ----

void SqliteWriter::use(SqlModelRef model) {
  const std::lock_guard lock(queue_mutex_);
  const std::lock_guard ids(ids_mutex_);
  if (!model_) {  // later ones are schemas for the same data
    state_ = durable_ = model->schema.state;
    recent_.clear();
  }
  if (!model_) next_ids_.clear();
  next_ids_.resize(model->schema.tables.size(), 1);
  for (std::size_t at = model_ ? model_->schema.tables.size() : 0; at < next_ids_.size(); ++at)
    next_ids_[at] = model->schema.tables[at].next_id;
  model_ = std::move(model);
}

void SqliteWriter::start() {
  const std::lock_guard lock(queue_mutex_);
  if (is_running_) return;
  is_running_ = true;
  is_ending_ = false;
  thread_ = std::thread([this] { run(); });
}

void SqliteWriter::stop() {
  {
    const std::lock_guard lock(queue_mutex_);
    if (!is_running_) return;
    is_ending_ = true;
  }
  wakes_.notify_one();
  thread_.join();
  const std::lock_guard lock(queue_mutex_);
  is_running_ = false;
  model_.reset();
}

void SqliteWriter::commit(const ChangeSet& changes, CommitDone done, void* data) {
  {
    const std::lock_guard lock(queue_mutex_);
    if (is_running_ && !is_ending_ && queue_.size() < kMostWaiting) {
      queue_.emplace_back(changes, done, data);
      metrics_.queue.set(static_cast<double>(queue_.size()));
      if (queue_.size() == 1) wakes_.notify_one();
      return;
    }
  }
  done(data, status_of_(Fault{kUnavailable, "store is not available: too many saves are waiting"}),
       nullptr, nullptr);
}

void SqliteWriter::run() {
  std::vector<QueuedSet> group;
  while (true) {
    group.clear();
    {
      std::unique_lock lock(queue_mutex_);
      wakes_.wait(lock, [this] { return is_ending_ || !queue_.empty(); });
      if (queue_.empty()) return;
      if (queue_.size() <= kMostInGroup) {
        group.swap(queue_);
      } else {
        const auto end = queue_.begin() + kMostInGroup;
        std::move(queue_.begin(), end, std::back_inserter(group));
        queue_.erase(queue_.begin(), end);
      }
      metrics_.queue.set(static_cast<double>(queue_.size()));
    }
    write_group(group);
  }
}

std::uint64_t SqliteWriter::seq() const {
  const std::lock_guard lock(queue_mutex_);
  return durable_.seq;
}

std::uint64_t SqliteWriter::trimmed() const {
  const std::lock_guard lock(queue_mutex_);
  return durable_.trimmed;
}

bool SqliteWriter::recent(std::uint64_t since, std::uint64_t limit,
                          std::vector<LoggedCommitRef>& out) const {
  const std::lock_guard lock(queue_mutex_);
  if (since < durable_.trimmed || since > durable_.seq) return false;
  const std::uint64_t left = durable_.seq - since;
  if (left > recent_.size()) return false;
  const std::uint64_t count = limit == 0 ? left : std::min(limit, left);
  const auto from = recent_.end() - static_cast<std::ptrdiff_t>(left);
  out.assign(from, from + static_cast<std::ptrdiff_t>(count));
  return true;
}

// ---- Groups ----

void SqliteWriter::write_group(std::vector<QueuedSet>& group) {
  std::vector<Outcome> outcomes(group.size());
  {
    const std::lock_guard writing(writing_);
    if (!write_together(group, 0, group.size(), outcomes) && group.size() > 1) {
      for (std::size_t at = 0; at < group.size(); ++at) write_together(group, at, at + 1, outcomes);
    }
  }
  for (std::size_t at = 0; at < group.size(); ++at) {
    Outcome& outcome = outcomes[at];
    if (outcome.is_refused) {
      group[at].done(group[at].data, status_of_(outcome.fault), nullptr,
                     outcome.conflict ? &*outcome.conflict : nullptr);
      continue;
    }
    const Committed committed{outcome.seq, {outcome.applied.data(), outcome.applied.size()}};
    group[at].done(group[at].data, {}, &committed, nullptr);
  }
}

// One transaction. False: it failed, nothing of it is there, and each of its outcomes says why.
bool SqliteWriter::write_together(const std::vector<QueuedSet>& group, std::size_t from,
                                  std::size_t to, std::vector<Outcome>& outcomes) {
  const SqlState before = state_;
  const auto began = std::chrono::steady_clock::now();
  logged_.clear();
  connection_.execute("BEGIN IMMEDIATE");
  for (std::size_t at = from; at < to && !connection_.has_failed(); ++at) {
    outcomes[at] = {};
    write_set(group[at], outcomes[at]);
  }
  if (!logged_.empty()) put_state();
  connection_.execute(logged_.empty() ? "ROLLBACK" : "COMMIT");
  if (const MaybeFault fault = connection_.take_fault()) {
    connection_.execute("ROLLBACK");  // fails where SQLite has done so itself
    (void)connection_.take_fault();
    state_ = before;
    for (std::size_t at = from; at < to; ++at) {
      outcomes[at] = {};
      outcomes[at].fault = *fault;
      outcomes[at].is_refused = true;
    }
    return false;
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  metrics_.seconds.observe(took.count());
  metrics_.group.observe(static_cast<double>(to - from));
  const std::lock_guard lock(queue_mutex_);
  durable_ = state_;
  for (LoggedCommitRef& commit : logged_) recent_.push_back(std::move(commit));
  while (recent_.size() > kRecentCommits) recent_.pop_front();
  return true;
}

void SqliteWriter::write_set(const QueuedSet& set, Outcome& outcome) {
  const std::int64_t time = std::max(clock_() / 1000, state_.time);
  Staging staging(model_->schema.infos, *this, *model_->binding, state_.seq + 1, time);
  const MaybeRefusal refusal = staging.prepare(set.changes());
  if (connection_.has_failed()) return;
  if (refusal) {
    outcome.fault = refusal->fault;
    outcome.conflict = refusal->conflict;
    outcome.is_refused = true;
    return;
  }
  outcome.seq = ++state_.seq;
  state_.time = time;
  outcome.applied = staging.applied();
  put(staging, outcome.seq);
}

void SqliteWriter::put(Staging& staging, std::uint64_t seq) {
  put_versions(staging);
  auto commit = std::make_shared<LoggedCommit>(LoggedCommit{seq, staging.take_log()});
  put_log(*commit, staging);
  logged_.push_back(std::move(commit));
}

void SqliteWriter::put_versions(const Staging& staging) {
  for (const auto& [place, versions] : staging.made()) {
    if (!staging.is_destroyed(place)) put_row(place, versions);
  }
  for (const Place& place : staging.destroyed()) put_destroyed(place);
}

void SqliteWriter::put_row(Place place, const std::vector<VersionRef>& versions) {
  for (const VersionRef& version : versions) {
    SqlStatement history = connection_.prepare(
        "INSERT INTO history(entity, id, version, seq, valid_from, data) VALUES(?, ?, ?, ?, ?, ?)");
    const std::string data = encode(*version);
    history.bind(1, place.first).bind(2, static_cast<std::int64_t>(place.second));
    history.bind(3, static_cast<std::int64_t>(version->number));
    history.bind(4, static_cast<std::int64_t>(version->seq)).bind(5, version->from);
    history.bind_blob(6, data).run();
  }
  if (versions.front()->number == 1)
    insert_row(place, *versions.back());
  else
    update_row(place, versions);
}

void SqliteWriter::insert_row(Place place, const Version& version) {
  const SqlTable& table = model_->schema.tables[place.first];
  const TableInfo& info = model_->schema.infos[place.first];
  std::string sql =
      "INSERT INTO " + table.name + "(id, version, created_at, updated_at, deleted_at";
  for (const std::string& column : table.columns) sql += ", " + column;
  sql += ") VALUES(?, ?, ?, ?, ?";
  for (std::size_t at = 0; at < table.columns.size(); ++at) sql += ", ?";
  SqlStatement row = connection_.prepare(sql + ")");
  row.bind(1, static_cast<std::int64_t>(place.second));
  row.bind(2, static_cast<std::int64_t>(version.number));
  row.bind(3, version.created_at).bind(4, version.from);
  if (version.deleted_at) row.bind(5, *version.deleted_at);
  for (std::size_t at = 0; at < table.columns.size(); ++at)
    bind_value(row, static_cast<int>(at) + 6, info.columns[at],
               cell(info, version, static_cast<std::uint32_t>(at)));
  row.run();
}

void SqliteWriter::update_row(Place place, const std::vector<VersionRef>& versions) {
  const SqlTable& table = model_->schema.tables[place.first];
  const TableInfo& info = model_->schema.infos[place.first];
  const Version& version = *versions.back();
  std::set<std::uint32_t> changed;
  for (const VersionRef& each : versions)
    changed.insert(each->changed.begin(), each->changed.end());
  std::string sql = "UPDATE " + table.name + " SET version = ?, updated_at = ?, deleted_at = ?";
  for (const std::uint32_t column : changed) sql += ", " + table.columns[column] + " = ?";
  SqlStatement row = connection_.prepare(sql + " WHERE id = ?");
  row.bind(1, static_cast<std::int64_t>(version.number)).bind(2, version.from);
  if (version.deleted_at) row.bind(3, *version.deleted_at);
  int at = 3;
  for (const std::uint32_t column : changed)
    bind_value(row, ++at, info.columns[column], cell(info, version, column));
  row.bind(++at, static_cast<std::int64_t>(place.second)).run();
}

// The log goes on to tell what became of the row: it takes over what history is about to lose.
void SqliteWriter::put_destroyed(Place place) {
  const auto id = static_cast<std::int64_t>(place.second);
  connection_
      .prepare(
          "UPDATE log SET"
          " before_data = coalesce(before_data, (SELECT data FROM history h WHERE"
          "  h.entity = log.entity AND h.id = log.id AND h.version = log.version - 1)),"
          " after_data = coalesce(after_data, (SELECT data FROM history h WHERE"
          "  h.entity = log.entity AND h.id = log.id AND h.version = log.version))"
          " WHERE entity = ?1 AND id = ?2 AND seq IN"
          "  (SELECT seq FROM history WHERE entity = ?1 AND id = ?2)")
      .bind(1, place.first)
      .bind(2, id)
      .run();
  connection_.prepare("DELETE FROM history WHERE entity = ? AND id = ?")
      .bind(1, place.first)
      .bind(2, id)
      .run();
  connection_.prepare("DELETE FROM " + model_->schema.tables[place.first].name + " WHERE id = ?")
      .bind(1, id)
      .run();
}

void SqliteWriter::put_log(const LoggedCommit& commit, const Staging& staging) {
  std::int64_t at = 0;
  for (const LogEntry& entry : commit.entries) {
    SqlStatement row = connection_.prepare(
        "INSERT INTO log(seq, place, entity, id, kind, base_version, version, before_data,"
        " after_data) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)");
    const std::uint64_t version =
        entry.after ? entry.after->number : (entry.before ? entry.before->number : 0) + 1;
    row.bind(1, static_cast<std::int64_t>(commit.seq)).bind(2, at++).bind(3, entry.table);
    row.bind(4, static_cast<std::int64_t>(entry.id)).bind(5, entry.kind);
    row.bind(6, static_cast<std::int64_t>(entry.base_version));
    row.bind(7, static_cast<std::int64_t>(version));
    if (staging.is_destroyed({entry.table, entry.id})) {
      if (entry.before) row.bind_blob_copy(8, encode(*entry.before));
      if (entry.after) row.bind_blob_copy(9, encode(*entry.after));
    }
    row.run();
  }
}

void SqliteWriter::put_state() {
  connection_.prepare("UPDATE flin_state SET seq = ?, time = ?")
      .bind(1, static_cast<std::int64_t>(state_.seq))
      .bind(2, state_.time)
      .run();
  std::set<std::uint32_t> tables;
  for (const LoggedCommitRef& commit : logged_) {
    for (const LogEntry& entry : commit->entries) {
      if (entry.kind == kCreate) tables.insert(entry.table);
    }
  }
  for (const std::uint32_t table : tables) {
    connection_.prepare("UPDATE flin_entity SET next_id = ? WHERE number = ?")
        .bind(1, static_cast<std::int64_t>(next_id(table)))
        .bind(2, table)
        .run();
  }
}

void SqliteWriter::trim(std::uint64_t keep) {
  const std::lock_guard writing(writing_);
  if (!model_ || state_.seq <= keep || state_.seq - keep <= state_.trimmed) return;
  const std::uint64_t trimmed = state_.seq - keep;
  connection_.execute("BEGIN IMMEDIATE");
  connection_.prepare("DELETE FROM log WHERE seq <= ?")
      .bind(1, static_cast<std::int64_t>(trimmed))
      .run();
  connection_.prepare("UPDATE flin_state SET trimmed = ?")
      .bind(1, static_cast<std::int64_t>(trimmed))
      .run();
  connection_.execute("COMMIT");
  if (connection_.take_fault()) {  // the next trim will do it
    connection_.execute("ROLLBACK");
    (void)connection_.take_fault();
    return;
  }
  state_.trimmed = trimmed;
  const std::lock_guard lock(queue_mutex_);
  durable_.trimmed = trimmed;
}

// ---- The committed state, as the transaction under way sees it ----

VersionRef SqliteWriter::committed(Place place) const {
  return find_row(connection_, model_->schema.infos[place.first],
                  model_->schema.tables[place.first], place.second);
}

std::uint64_t SqliteWriter::next_id(std::uint32_t table) const {
  const std::lock_guard lock(ids_mutex_);
  return table < next_ids_.size() ? next_ids_[table] : 0;
}

std::uint64_t SqliteWriter::take_id(std::uint32_t table) {
  const std::lock_guard lock(ids_mutex_);
  return table < next_ids_.size() ? next_ids_[table]++ : 0;
}

void SqliteWriter::put_back(std::uint32_t table, std::uint64_t first, std::uint64_t last) {
  const std::lock_guard lock(ids_mutex_);
  if (next_ids_[table] == last + 1) next_ids_[table] = first;
}

bool SqliteWriter::is_taken(std::uint32_t table, std::uint64_t id) const {
  return id < next_id(table);
}

bool SqliteWriter::was_set_since(Place place, std::uint32_t column, std::uint64_t base) const {
  SqlStatement rows =
      connection_.prepare("SELECT data FROM history WHERE entity = ? AND id = ? AND version > ?");
  rows.bind(1, place.first).bind(2, static_cast<std::int64_t>(place.second));
  rows.bind(3, static_cast<std::int64_t>(base));
  while (rows.step()) {
    Version version;
    if (!decode(rows.blob(0), version)) connection_.damaged();
    const auto& changed = version.changed;
    if (std::find(changed.begin(), changed.end(), column) != changed.end()) return true;
  }
  return false;
}

std::vector<Place> SqliteWriter::referrers(const std::set<Place>& gone) const {
  std::vector<Place> out;
  const auto add = [&](std::uint32_t table, SqlStatement rows) {
    while (rows.step()) out.emplace_back(table, static_cast<std::uint64_t>(rows.integer(0)));
  };
  for (std::uint32_t at = 0; at < model_->schema.infos.size(); ++at) {
    const SqlTable& table = model_->schema.tables[at];
    for (std::uint32_t column = 0; column < table.columns.size(); ++column) {
      const Column& info = model_->schema.infos[at].columns[column];
      const std::string from = "SELECT id FROM " + table.name + " WHERE " + table.columns[column];
      bool has_gone_items = false;
      for (const Place& place : gone) {
        has_gone_items |= place.first == info.item_target;
        if (place.first != info.target) continue;
        SqlStatement rows = connection_.prepare(from + " = ?");
        rows.bind(1, static_cast<std::int64_t>(place.second));
        add(at, std::move(rows));
      }
      if (has_gone_items) add(at, connection_.prepare(from + " <> '[]'"));
    }
  }
  return out;
}

std::vector<std::uint64_t> SqliteWriter::owners(std::uint32_t table, std::uint32_t column,
                                                const Scalar& value) const {
  std::vector<std::uint64_t> out;
  const SqlTable& stored = model_->schema.tables[table];
  SqlStatement rows = connection_.prepare("SELECT id FROM " + stored.name + " WHERE " +
                                          stored.columns[column] + " = ? AND deleted_at IS NULL");
  bind_value(rows, 1, model_->schema.infos[table].columns[column], value);
  while (rows.step()) out.push_back(static_cast<std::uint64_t>(rows.integer(0)));
  return out;
}

}  // namespace flin::store
