#include "sqlite_backend.h"

#include <algorithm>

namespace flin::store {
namespace {

constexpr std::size_t kMostIdle = 8;            // connections kept for the next read
constexpr std::uint64_t kLogChunk = 256;        // commits read from the log at a time
constexpr std::uintmax_t kSmallFile = 8 << 20;  // checked at each start

Fault not_open() { return {kUnavailable, "store is not available"}; }

Fault no_entity(std::uint32_t type) {
  return {kBadArgument, "invalid argument: there is no entity number " + std::to_string(type)};
}

// A small file is checked whole at each start, a large one after a stop that was none.
MaybeFault check_pages(SqlConnection& connection, bool was_closed) {
  if (was_closed && file_size(connection.path()) > kSmallFile) return {};
  std::string found;
  {
    SqlStatement check = connection.prepare("PRAGMA quick_check(1)");
    if (check.step()) found = check.text(0);
  }
  if (MaybeFault fault = connection.take_fault()) return fault;
  if (found == "ok") return {};
  return damage(connection.path(), found.substr(found.rfind('\n') + 1));
}

}  // namespace

SqliteBackend::SqliteBackend(IHost& host, Clock clock, const StoreMetrics& metrics)
    : host_(host),
      clock_(clock),
      writer_(
          std::move(clock), [this](const MaybeFault& fault) { return status_of(fault); }, metrics) {
}

SqliteBackend::~SqliteBackend() { close(); }

Status SqliteBackend::status_of(const MaybeFault& fault) {
  return fault ? host_.fail(fault->code, Text(std::string_view(fault->message))) : Status();
}

// ---- Opening and closing ----

Status SqliteBackend::open(Text address, List<EntityRow> schema) noexcept {
  const std::string path(static_cast<std::string_view>(address));
  const Entities entities = read_entities(schema);
  if (path_.empty() && entities.empty() && !is_file_there(path)) {
    const std::lock_guard lock(mutex_);
    auto model = std::make_shared<SqlModel>();
    model->binding = std::make_shared<Binding>();
    if (start_seq_ == 0)
      start_seq_ = static_cast<std::uint64_t>(std::max<std::int64_t>(clock_(), 1));
    model_ = std::move(model);
    return {};
  }
  if (path_.empty()) {
    if (MaybeFault fault = open_file(path)) {
      close();
      return status_of(fault);
    }
  }
  return status_of(fit(entities));
}

MaybeFault SqliteBackend::open_file(const std::string& path) {
  if (MaybeFault fault = lock_.take(path)) return fault;
  const bool was_closed = !is_file_there(path + "-wal");
  SqlConnection& connection = writer_.connection();
  SqlFile what = SqlFile::kEmpty;
  if (MaybeFault fault = connection.open(path, SqlConnection::kReadWrite)) return fault;
  if (MaybeFault fault = identify(connection, what)) return fault;
  if (MaybeFault fault = connection.become_writer()) return fault;
  if (what == SqlFile::kEmpty) {
    const auto seq = static_cast<std::uint64_t>(std::max<std::int64_t>(clock_(), 1));
    if (MaybeFault fault = create_schema(connection, seq)) return fault;
  } else if (MaybeFault fault = check_pages(connection, was_closed)) {
    return fault;
  }
  const std::lock_guard lock(mutex_);
  path_ = path;
  return {};
}

MaybeFault SqliteBackend::fit(const Entities& entities) {
  auto model = std::make_shared<SqlModel>();
  {
    const auto paused = writer_.pause();
    SqlConnection& connection = writer_.connection();
    if (MaybeFault fault = read_schema(connection, model->schema)) return fault;
    auto binding = std::make_shared<Binding>();
    if (MaybeFault fault = bind(model->schema.infos, entities, *binding)) return fault;
    if (MaybeFault fault = write_schema(connection, model->schema)) return fault;
    model->binding = std::move(binding);
    writer_.use(model);
  }
  writer_.start();
  const std::lock_guard lock(mutex_);
  model_ = std::move(model);
  return {};
}

void SqliteBackend::close() noexcept {
  writer_.stop();
  std::vector<Connection> idle;
  std::map<std::uint64_t, std::shared_ptr<Held>> snapshots;
  {
    const std::lock_guard lock(mutex_);
    model_.reset();
    path_.clear();
    idle.swap(idle_);
    snapshots.swap(snapshots_);
  }
  idle.clear();
  snapshots.clear();
  writer_.connection().close();  // last: it takes the log of SQLite into the file
  lock_.release();
}

MaybeFault SqliteBackend::plan_migration(const std::string& path, const Entities& entities,
                                         std::vector<SchemaStep>& out) {
  SqlSchema schema;
  if (is_file_there(path)) {
    SqlConnection connection;
    SqlFile what = SqlFile::kEmpty;
    if (MaybeFault fault = connection.open(path, SqlConnection::kReadOnly)) return fault;
    if (MaybeFault fault = identify(connection, what)) return fault;
    if (what == SqlFile::kOurs) {
      if (MaybeFault fault = read_schema(connection, schema)) return fault;
    }
  }
  out = compare(schema.infos, entities);
  return {};
}

SqlModelRef SqliteBackend::model() const {
  const std::lock_guard lock(mutex_);
  return model_;
}

// ---- Connections ----

MaybeFault SqliteBackend::take(Connection& out) {
  std::string path;
  {
    const std::lock_guard lock(mutex_);
    if (path_.empty()) return not_open();
    if (!idle_.empty()) {  // the one used last: its pages are at hand
      out = std::move(idle_.back());
      idle_.pop_back();
      return {};
    }
    path = path_;
  }
  const std::lock_guard opening(opening_);
  out = std::make_unique<SqlConnection>();
  return out->open(path, SqlConnection::kReadOnly);
}

void SqliteBackend::give_back(Connection connection) {
  const std::lock_guard lock(mutex_);
  if (!path_.empty() && idle_.size() < kMostIdle) idle_.push_back(std::move(connection));
}

std::shared_ptr<SqliteBackend::Held> SqliteBackend::held(const Snapshot& at) {
  const std::lock_guard lock(mutex_);
  const auto found = snapshots_.find(at.id);
  return found == snapshots_.end() ? nullptr : found->second;
}

// Runs `read` on a snapshot's connection, or on one that sees the newest state throughout.
template <class Read>
MaybeFault SqliteBackend::read(const Snapshot& at, Read read) {
  if (at.id != 0) {
    const std::shared_ptr<Held> snapshot = held(at);
    if (!snapshot) return Fault{kBadArgument, "invalid argument: the snapshot was released"};
    const std::lock_guard lock(snapshot->mutex);
    return read(*snapshot->connection);
  }
  Connection connection;
  if (MaybeFault fault = take(connection)) return fault;
  MaybeFault fault = read(*connection);
  give_back(std::move(connection));
  return fault;
}

// ---- Reading ----

Snapshot SqliteBackend::snapshot() noexcept {
  Connection connection;
  const Snapshot newest{0, model() && !path_.empty() ? writer_.seq() : start_seq_};
  if (take(connection)) return newest;
  connection->execute("BEGIN");
  std::uint64_t seq = 0;
  {
    SqlStatement state = connection->prepare("SELECT seq FROM flin_state");
    if (state.step()) seq = static_cast<std::uint64_t>(state.integer(0));
  }
  if (connection->take_fault()) return newest;
  auto made = std::make_shared<Held>();
  made->connection = std::move(connection);
  const std::lock_guard lock(mutex_);
  const Snapshot out{next_snapshot_++, seq};
  snapshots_.emplace(out.id, std::move(made));
  return out;
}

void SqliteBackend::release(const Snapshot& snapshot) noexcept {
  std::shared_ptr<Held> held;
  {
    const std::lock_guard lock(mutex_);
    const auto found = snapshots_.find(snapshot.id);
    if (found == snapshots_.end()) return;
    held = std::move(found->second);
    snapshots_.erase(found);
  }
  const std::lock_guard lock(held->mutex);
  held->connection->execute("ROLLBACK");
  if (!held->connection->take_fault()) give_back(std::move(held->connection));
}

void SqliteBackend::query(const Plan& plan, const Snapshot& at, IRowSink& rows, QueryDone done,
                          void* data) noexcept {
  const SqlModelRef now = model();
  if (!now) return done(data, status_of(not_open()));
  SqlFound found;
  MaybeFault fault = read(at, [&](SqlConnection& c) { return found.query(c, *now, plan); });
  if (!fault) fault = found.deliver(rows);
  done(data, status_of(fault));
}

void SqliteBackend::as_of(const Plan& plan, std::int64_t time, IRowSink& rows, QueryDone done,
                          void* data) noexcept {
  const SqlModelRef now = model();
  if (!now) return done(data, status_of(not_open()));
  SqlFound found;
  MaybeFault fault =
      read({0, 0}, [&](SqlConnection& c) { return found.as_of(c, *now, plan, time); });
  if (!fault) fault = found.deliver(rows);
  done(data, status_of(fault));
}

void SqliteBackend::history(std::uint32_t type, std::uint64_t id, IRowSink& rows, QueryDone done,
                            void* data) noexcept {
  const SqlModelRef now = model();
  if (!now) return done(data, status_of(not_open()));
  if (type >= now->binding->types.size()) return done(data, status_of(no_entity(type)));
  std::vector<VersionRef> versions;
  const std::uint32_t table = now->binding->types[type].table;
  const MaybeFault fault =
      read({0, 0}, [&](SqlConnection& c) { return read_history(c, table, id, versions); });
  if (!fault) deliver_history(shape_of(now->schema.infos, now->binding, type), id, versions, rows);
  done(data, status_of(fault));
}

std::uint32_t SqliteBackend::log(std::uint64_t since, std::uint64_t limit,
                                 ICommitSink& out) noexcept {
  const SqlModelRef now = model();
  if (!now) return 0;
  if (now->schema.tables.empty()) return since == start_seq_ ? 1 : 0;
  if (since < writer_.trimmed() || since > writer_.seq()) return 0;
  std::vector<LoggedCommitRef> commits;
  if (!writer_.recent(since, limit, commits)) return read_log(since, limit, *now, out);
  const auto shapes = shapes_of(now->schema.infos, now->binding);
  LogBuffer buffer;
  for (const LoggedCommitRef& commit : commits) {
    if (!buffer.give(*commit, shapes, out)) break;
  }
  return 1;
}

// One read transaction throughout, so that a trim beside it leaves no gap.
std::uint32_t SqliteBackend::read_log(std::uint64_t since, std::uint64_t limit,
                                      const SqlModel& model, ICommitSink& out) {
  const Snapshot at = snapshot();
  if (at.id == 0) return 0;
  const auto shapes = shapes_of(model.schema.infos, model.binding);
  const std::uint64_t end = limit == 0 ? at.seq : std::min(at.seq, since + limit);
  LogBuffer buffer;
  bool is_fine = true, has_enough = false, is_first = true;
  while (is_fine && !has_enough && since < end) {
    std::vector<LoggedCommitRef> commits;
    const std::uint64_t most = std::min(kLogChunk, end - since);
    is_fine = !read(at, [&](SqlConnection& c) { return store::read_log(c, since, most, commits); });
    // Commits are numbered without gaps: one that is not there was trimmed before the snapshot.
    if (is_first && (commits.empty() || commits.front()->seq != since + 1)) is_fine = false;
    is_first = false;
    for (const LoggedCommitRef& commit : commits) {
      if (has_enough || !is_fine) break;
      has_enough = !buffer.give(*commit, shapes, out);
    }
    since += most;
  }
  release(at);
  return is_fine ? 1 : 0;
}

// ---- Writing ----

void SqliteBackend::commit(const ChangeSet& changes, CommitDone done, void* data) noexcept {
  const SqlModelRef now = model();
  if (!now) return done(data, status_of(not_open()), nullptr, nullptr);
  if (!changes.changes.empty() && now->schema.tables.empty())
    return done(data, status_of(no_entity(changes.changes[0].type)), nullptr, nullptr);
  if (changes.changes.empty()) {
    const Committed none{now->schema.tables.empty() ? start_seq_ : writer_.seq(), {}};
    return done(data, {}, &none, nullptr);
  }
  writer_.commit(changes, done, data);
}

std::uint64_t SqliteBackend::reserve(std::uint32_t type) noexcept {
  const SqlModelRef now = model();
  if (!now || type >= now->binding->types.size()) return 0;
  return writer_.reserve(now->binding->types[type].table);
}

void SqliteBackend::trim(std::uint64_t keep) noexcept { writer_.trim(keep); }

}  // namespace flin::store
