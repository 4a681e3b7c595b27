// One connection to an SQLite database. Poco Data opens and configures it; the hot path works with
// prepared statements on the same handle, because Poco's Statement prepares again at each execute.
//
// Failures stick to the connection: the first one is kept until take_fault(), statements after it
// do nothing. So a sequence of statements is checked once, at its end. A connection is used by one
// thread at a time.
#pragma once

#include "../fault.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;
namespace Poco::Data {
class Session;
}

namespace flin::store {

class SqlConnection;

// A prepared statement in use; it goes back to its connection at the end of its life. Parameters
// count from 1, columns from 0, as in SQLite. Bound texts are borrowed until then.
class SqlStatement {
 public:
  ~SqlStatement();
  SqlStatement(SqlStatement&& other) noexcept;
  SqlStatement(const SqlStatement&) = delete;
  SqlStatement& operator=(const SqlStatement&) = delete;

  SqlStatement& bind(int at, std::int64_t value);
  SqlStatement& bind_number(int at, double value);
  SqlStatement& bind_text(int at, std::string_view value);
  SqlStatement& bind_blob(int at, std::string_view value);
  // These copy the bytes.
  SqlStatement& bind_text_copy(int at, std::string_view value);
  SqlStatement& bind_blob_copy(int at, std::string_view value);

  // True: a row is there. False: it is done, or the connection has a fault.
  bool step();
  // step() for statements that give no rows; false on a fault.
  bool run();
  void reset();

  int type(int column) const;  // SQLITE_INTEGER ..
  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double number(int column) const;
  // Borrowed until the next step.
  std::string_view text(int column) const;
  std::string_view blob(int column) const;

 private:
  friend class SqlConnection;
  SqlStatement(SqlConnection& connection, sqlite3_stmt* statement, bool* is_busy)
      : connection_(&connection), statement_(statement), is_busy_(is_busy) {}
  void check(int code);

  SqlConnection* connection_;
  sqlite3_stmt* statement_;  // null after a fault
  bool* is_busy_;            // of the cached one; null: it is not kept
};

class SqlConnection {
 public:
  enum Mode { kReadWrite, kReadOnly };

  SqlConnection();
  ~SqlConnection();
  SqlConnection(const SqlConnection&) = delete;
  SqlConnection& operator=(const SqlConnection&) = delete;

  // kReadWrite makes the file when it is not there.
  MaybeFault open(const std::string& path, Mode mode);
  // Turns on WAL with synchronous=FULL: a commit is on the disk when COMMIT returns. Only this
  // connection checkpoints.
  MaybeFault become_writer();
  void close();
  bool is_open() const { return handle_ != nullptr; }

  // The statement of `sql`, prepared once for each text.
  SqlStatement prepare(std::string_view sql);
  // Statements without parameters and rows, one after the other.
  bool execute(const char* sql);

  bool has_failed() const { return fault_.has_value(); }
  MaybeFault take_fault();
  // Of the last fault: SQLITE_FULL ..
  int code() const { return code_; }
  // A fault that is not SQLite's: what is stored makes no sense.
  void damaged();
  const std::string& path() const { return path_; }

 private:
  friend class SqlStatement;
  void fail(int code);
  void forget_statements();

  std::string path_;
  std::unique_ptr<Poco::Data::Session> session_;
  sqlite3* handle_ = nullptr;
  struct Cached {
    sqlite3_stmt* statement = nullptr;
    bool is_busy = false;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, Cached, Hash, std::equal_to<>> cache_;
  MaybeFault fault_;
  int code_ = 0;
};

// Names as SQL identifiers: "Todo" with its quotes.
std::string quoted(std::string_view name);

// "the database app.db is damaged .., what to do": also for what is found out without SQLite.
Fault damage(const std::string& path, const std::string& what);

}  // namespace flin::store
