#include "sqlite_connection.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <Poco/Data/Session.h>
#include <sqlite3.h>

namespace flin::store {
namespace {

constexpr std::size_t kMostStatements = 256;
constexpr int kBusyMilliseconds = 2'000;

constexpr const char* kForAll =
    "PRAGMA cache_size=-65536;"
    "PRAGMA foreign_keys=ON;"
    "PRAGMA mmap_size=0;";
constexpr const char* kForWriter =
    "PRAGMA journal_mode=WAL;"
    "PRAGMA synchronous=FULL;"
    "PRAGMA wal_autocheckpoint=1000;"
    "PRAGMA journal_size_limit=67108864;";
constexpr const char* kForReader = "PRAGMA wal_autocheckpoint=0; PRAGMA query_only=ON;";

// In a URI only these bytes stand for themselves.
std::string uri(const std::string& path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-~";
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out = "file:";
  for (const char c : path) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    out += '%';
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

Fault fault_of(int code, const std::string& path, const std::string& what) {
  switch (code & 0xFF) {
    case SQLITE_FULL:
      return {kUnavailable, "store is not available: the disk is full (" + path + ")"};
    case SQLITE_IOERR:
      return {kUnavailable, "store is not available: the disk failed (" + path + ", " + what + ")"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {kUnavailable, "store is not available: another program holds the database " + path};
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return {kUnavailable, "store is not available: " + path + " cannot be written"};
    case SQLITE_CANTOPEN:
      return {kUnavailable, "store is not available: " + path + " cannot be opened"};
    case SQLITE_CORRUPT: return damage(path, what);
    case SQLITE_NOTADB:
      return {kUnavailable, "the file " + path +
                                " is not an SQLite database; move it away, or name another file "
                                "with --store=sqlite:PATH"};
    default: return {kUnavailable, "store is not available: " + what + " (" + path + ")"};
  }
}

}  // namespace

Fault damage(const std::string& path, const std::string& what) {
  return {kUnavailable, "the database " + path + " is damaged (" + what +
                            "); put a copy of it back, or save what can be read: sqlite3 '" + path +
                            "' .recover | sqlite3 rescued.db, then --store=sqlite:rescued.db"};
}

std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

SqlConnection::SqlConnection() = default;
SqlConnection::~SqlConnection() { close(); }

MaybeFault SqlConnection::open(const std::string& path, Mode mode) {
  path_ = path;
  try {
    Poco::Data::SQLite::Connector::registerConnector();
    session_ = std::make_unique<Poco::Data::Session>(
        Poco::Data::SQLite::Connector::KEY, uri(path) + (mode == kReadOnly ? "?mode=ro" : ""));
    handle_ = Poco::Data::SQLite::Utility::dbHandle(*session_);
  } catch (const Poco::Exception& error) {
    session_.reset();
    handle_ = nullptr;
    return fault_of(SQLITE_CANTOPEN, path_, error.displayText());
  }
  sqlite3_extended_result_codes(handle_, 1);
  sqlite3_busy_timeout(handle_, kBusyMilliseconds);
  execute(kForAll);
  if (mode == kReadOnly) execute(kForReader);
  MaybeFault fault = take_fault();
  if (fault) close();
  return fault;
}

MaybeFault SqlConnection::become_writer() {
  execute(kForWriter);
  return take_fault();
}

void SqlConnection::close() {
  forget_statements();
  handle_ = nullptr;
  if (!session_) return;
  try {
    session_->close();
  } catch (const Poco::Exception&) {
    // Nothing is lost: what was committed is on the disk.
  }
  session_.reset();
}

void SqlConnection::forget_statements() {
  for (auto at = cache_.begin(); at != cache_.end();) {
    const auto place = at++;
    if (place->second.is_busy) continue;
    sqlite3_finalize(place->second.statement);
    cache_.erase(place);
  }
}

SqlStatement SqlConnection::prepare(std::string_view sql) {
  if (fault_) return {*this, nullptr, nullptr};
  const auto found = cache_.find(sql);
  if (found != cache_.end() && !found->second.is_busy) {
    found->second.is_busy = true;
    return {*this, found->second.statement, &found->second.is_busy};
  }
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) {
    fail(code);
    return {*this, nullptr, nullptr};
  }
  if (found != cache_.end()) return {*this, statement, nullptr};
  if (cache_.size() >= kMostStatements) forget_statements();
  Cached& kept = cache_.emplace(std::string(sql), Cached{statement, true}).first->second;
  return {*this, statement, &kept.is_busy};
}

bool SqlConnection::execute(const char* sql) {
  if (fault_) return false;
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
  return code == SQLITE_OK;
}

MaybeFault SqlConnection::take_fault() {
  MaybeFault out = std::move(fault_);
  fault_.reset();
  return out;
}

void SqlConnection::damaged() {
  if (fault_) return;
  code_ = SQLITE_CORRUPT;
  fault_ = damage(path_, "a row cannot be read");
}

void SqlConnection::fail(int code) {
  if (fault_) return;
  code_ = code;
  fault_ = fault_of(code, path_, sqlite3_errmsg(handle_));
}

SqlStatement::SqlStatement(SqlStatement&& other) noexcept
    : connection_(other.connection_), statement_(other.statement_), is_busy_(other.is_busy_) {
  other.statement_ = nullptr;
}

SqlStatement::~SqlStatement() {
  if (statement_ == nullptr) return;
  if (is_busy_ == nullptr) {
    sqlite3_finalize(statement_);
    return;
  }
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  *is_busy_ = false;
}

void SqlStatement::check(int code) {
  if (code != SQLITE_OK) connection_->fail(code);
}

SqlStatement& SqlStatement::bind(int at, std::int64_t value) {
  if (statement_) check(sqlite3_bind_int64(statement_, at, value));
  return *this;
}
SqlStatement& SqlStatement::bind_number(int at, double value) {
  if (statement_) check(sqlite3_bind_double(statement_, at, value));
  return *this;
}
SqlStatement& SqlStatement::bind_text(int at, std::string_view value) {
  if (statement_)
    check(sqlite3_bind_text64(statement_, at, value.data() ? value.data() : "", value.size(),
                              SQLITE_STATIC, SQLITE_UTF8));
  return *this;
}
SqlStatement& SqlStatement::bind_blob(int at, std::string_view value) {
  if (statement_)
    check(sqlite3_bind_blob64(statement_, at, value.data() ? value.data() : "", value.size(),
                              SQLITE_STATIC));
  return *this;
}
SqlStatement& SqlStatement::bind_text_copy(int at, std::string_view value) {
  if (statement_)
    check(sqlite3_bind_text64(statement_, at, value.data() ? value.data() : "", value.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}
SqlStatement& SqlStatement::bind_blob_copy(int at, std::string_view value) {
  if (statement_)
    check(sqlite3_bind_blob64(statement_, at, value.data() ? value.data() : "", value.size(),
                              SQLITE_TRANSIENT));
  return *this;
}

bool SqlStatement::step() {
  if (statement_ == nullptr || connection_->has_failed()) return false;
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) connection_->fail(code);
  return false;
}

bool SqlStatement::run() {
  while (step()) {}
  return !connection_->has_failed();
}

void SqlStatement::reset() {
  if (statement_) sqlite3_reset(statement_);
}

int SqlStatement::type(int column) const { return sqlite3_column_type(statement_, column); }
bool SqlStatement::is_null(int column) const { return type(column) == SQLITE_NULL; }
std::int64_t SqlStatement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
double SqlStatement::number(int column) const { return sqlite3_column_double(statement_, column); }
std::string_view SqlStatement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
std::string_view SqlStatement::blob(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return {data ? data : "", static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

}  // namespace flin::store
