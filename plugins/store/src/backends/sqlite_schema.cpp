#include "sqlite_schema.h"

#include "sqlite_codec.h"

#include <algorithm>
#include <set>

namespace flin::store {
namespace {

constexpr const char* kCreate =
    "CREATE TABLE flin_state(one INTEGER PRIMARY KEY CHECK(one = 1), seq INTEGER NOT NULL,"
    " trimmed INTEGER NOT NULL, time INTEGER NOT NULL);"
    "CREATE TABLE flin_entity(number INTEGER PRIMARY KEY, name TEXT, stored TEXT,"
    " next_id INTEGER NOT NULL);"
    "CREATE TABLE flin_field(entity INTEGER NOT NULL, number INTEGER NOT NULL, name TEXT NOT NULL,"
    " type TEXT NOT NULL, stored TEXT NOT NULL, backfill BLOB NOT NULL,"
    " PRIMARY KEY(entity, number)) WITHOUT ROWID;"
    "CREATE TABLE history(entity INTEGER NOT NULL, id INTEGER NOT NULL, version INTEGER NOT NULL,"
    " seq INTEGER NOT NULL, valid_from INTEGER NOT NULL, data BLOB NOT NULL,"
    " PRIMARY KEY(entity, id, version)) WITHOUT ROWID;"
    "CREATE TABLE log(seq INTEGER NOT NULL, place INTEGER NOT NULL, entity INTEGER NOT NULL,"
    " id INTEGER NOT NULL, kind INTEGER NOT NULL, base_version INTEGER NOT NULL,"
    " version INTEGER NOT NULL, before_data BLOB, after_data BLOB,"
    " PRIMARY KEY(seq, place)) WITHOUT ROWID;";

std::string lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// Names that are in use, as SQLite compares them.
class Names {
 public:
  explicit Names(std::set<std::string> taken) : taken_(std::move(taken)) {}
  void take(const std::string& name) { taken_.insert(lower_case(name)); }
  std::string unlike_any(const std::string& name) {
    std::string out = lower_case(name).compare(0, 7, "sqlite_") == 0 ? "_" + name : name;
    for (int number = 2; !taken_.insert(lower_case(out)).second; ++number)
      out = name + "_" + std::to_string(number);
    return out;
  }

 private:
  std::set<std::string> taken_;
};

Names table_names() { return Names({"flin_state", "flin_entity", "flin_field", "history", "log"}); }
Names column_names() {
  return Names(
      {"id", "version", "created_at", "updated_at", "deleted_at", "rowid", "oid", "_rowid_"});
}

std::string unquoted(const std::string& name) {
  std::string out;
  for (std::size_t at = 1; at + 1 < name.size(); ++at) {
    out += name[at];
    if (name[at] == '"') ++at;  // doubled
  }
  return out;
}

std::int64_t pragma(SqlConnection& connection, std::string_view sql) {
  SqlStatement statement = connection.prepare(sql);
  return statement.step() ? statement.integer(0) : 0;
}

MaybeFault in_transaction(SqlConnection& connection, bool is_fine) {
  if (is_fine && connection.execute("COMMIT")) return {};
  MaybeFault fault = connection.take_fault();
  connection.execute("ROLLBACK");
  (void)connection.take_fault();
  return fault;
}

void read_fields(SqlConnection& connection, std::uint32_t table, SqlSchema& out) {
  SqlStatement rows = connection.prepare(
      "SELECT number, name, type, stored, backfill FROM flin_field WHERE entity = ? ORDER BY "
      "number");
  rows.bind(1, table);
  while (rows.step()) {
    Column& column = out.infos[table].columns.emplace_back();
    column.name = rows.text(1);
    column.type = rows.text(2);
    out.tables[table].columns.push_back(quoted(rows.text(3)));
    const bool is_fine =
        rows.integer(0) + 1 == static_cast<std::int64_t>(out.infos[table].columns.size()) &&
        decode(rows.blob(4), column.backfill);
    if (!is_fine) connection.damaged();
  }
}

bool has_rows(SqlConnection& connection, const SqlTable& table) {
  return connection.prepare("SELECT 1 FROM " + table.name + " LIMIT 1").step();
}

bool add_table(SqlConnection& connection, const TableInfo& info, Names& names, SqlTable& out) {
  out.name = quoted(names.unlike_any(info.name));
  return connection
      .prepare("CREATE TABLE " + out.name +
               "(id INTEGER PRIMARY KEY, version INTEGER NOT NULL, created_at INTEGER NOT NULL,"
               " updated_at INTEGER NOT NULL, deleted_at INTEGER)")
      .run();
}

bool add_column(SqlConnection& connection, const Column& column, SqlTable& table) {
  Names names = column_names();
  for (const std::string& name : table.columns) names.take(unquoted(name));
  table.columns.push_back(quoted(names.unlike_any(column.name)));
  const std::string& name = table.columns.back();
  connection.prepare("ALTER TABLE " + table.name + " ADD COLUMN " + name).run();
  if (column.backfill.is_none()) return !connection.has_failed();
  SqlStatement fill = connection.prepare("UPDATE " + table.name + " SET " + name + " = ?");
  bind_value(fill, 1, column, column.backfill);
  return fill.run();
}

bool fit_index(SqlConnection& connection, const Column& column, const SqlTable& table,
               std::size_t at) {
  const bool is_wanted =
      (column.flags & (kFieldUnique | kFieldIndex)) != 0 || column.kind == Kind::kRecord;
  const std::string name = quoted(unquoted(table.name) + "." + unquoted(table.columns[at]));
  return connection
      .prepare(is_wanted ? "CREATE INDEX IF NOT EXISTS " + name + " ON " + table.name + "(" +
                               table.columns[at] + ")"
                         : "DROP INDEX IF EXISTS " + name)
      .run();
}

bool fit_table(SqlConnection& connection, const TableInfo& info, Names& names, SqlTable& table) {
  if (info.name.empty()) {
    if (!table.name.empty()) connection.prepare("DROP TABLE " + table.name).run();
    table = {};
    return !connection.has_failed();
  }
  if (table.name.empty() && !add_table(connection, info, names, table)) return false;
  for (std::size_t at = table.columns.size(); at < info.columns.size(); ++at) {
    if (!add_column(connection, info.columns[at], table)) return false;
  }
  for (std::size_t at = 0; at < info.columns.size(); ++at) {
    if (!fit_index(connection, info.columns[at], table, at)) return false;
  }
  return true;
}

bool write_declared(SqlConnection& connection, const SqlSchema& schema) {
  connection.prepare("DELETE FROM flin_entity").run();
  connection.prepare("DELETE FROM flin_field").run();
  for (std::uint32_t at = 0; at < schema.infos.size(); ++at) {
    const TableInfo& info = schema.infos[at];
    const std::string stored = unquoted(schema.tables[at].name);
    SqlStatement entity = connection.prepare(
        "INSERT INTO flin_entity(number, name, stored, next_id) VALUES(?, ?, ?, ?)");
    entity.bind(1, at).bind_text(2, info.name).bind_text(3, stored);
    entity.bind(4, static_cast<std::int64_t>(schema.tables[at].next_id)).run();
    for (std::uint32_t number = 0; number < info.columns.size(); ++number) {
      const Column& column = info.columns[number];
      const std::string name = unquoted(schema.tables[at].columns[number]);
      SqlStatement field = connection.prepare(
          "INSERT INTO flin_field(entity, number, name, type, stored, backfill)"
          " VALUES(?, ?, ?, ?, ?, ?)");
      field.bind(1, at).bind(2, number).bind_text(3, column.name).bind_text(4, column.type);
      field.bind_text(5, name).bind_blob_copy(6, encode(column.backfill)).run();
    }
  }
  return !connection.has_failed();
}

}  // namespace

MaybeFault identify(SqlConnection& connection, SqlFile& out) {
  const std::int64_t application = pragma(connection, "PRAGMA application_id");
  const std::int64_t format = pragma(connection, "PRAGMA user_version");
  const std::int64_t objects = pragma(connection, "SELECT count(*) FROM sqlite_master");
  if (MaybeFault fault = connection.take_fault()) return fault;
  out = application == kSqliteApplication ? SqlFile::kOurs : SqlFile::kEmpty;
  if (application != kSqliteApplication && (objects != 0 || application != 0)) {
    return Fault{kUnavailable, "the file " + connection.path() +
                                   " is a database of another program; name another file with "
                                   "--store=sqlite:PATH"};
  }
  if (out == SqlFile::kOurs && format > kSqliteFormat) {
    return Fault{kUnavailable,
                 "the database " + connection.path() + " was written by a newer FLIN (format " +
                     std::to_string(format) + ", this one knows " + std::to_string(kSqliteFormat) +
                     "); run it with that FLIN, or put an older copy back"};
  }
  return {};
}

MaybeFault create_schema(SqlConnection& connection, std::uint64_t seq) {
  bool is_fine = connection.execute("BEGIN IMMEDIATE") && connection.execute(kCreate);
  const std::string numbers = "PRAGMA application_id=" + std::to_string(kSqliteApplication) +
                              "; PRAGMA user_version=" + std::to_string(kSqliteFormat);
  is_fine = is_fine && connection.execute(numbers.c_str());
  SqlStatement state =
      connection.prepare("INSERT INTO flin_state(one, seq, trimmed, time) VALUES(1, ?1, ?1, 0)");
  is_fine = state.bind(1, static_cast<std::int64_t>(seq)).run() && is_fine;
  return in_transaction(connection, is_fine);
}

MaybeFault read_schema(SqlConnection& connection, SqlSchema& out) {
  {
    SqlStatement state = connection.prepare("SELECT seq, trimmed, time FROM flin_state");
    if (state.step()) {
      out.state.seq = static_cast<std::uint64_t>(state.integer(0));
      out.state.trimmed = static_cast<std::uint64_t>(state.integer(1));
      out.state.time = state.integer(2);
    } else {
      connection.damaged();
    }
  }
  SqlStatement rows =
      connection.prepare("SELECT number, name, stored, next_id FROM flin_entity ORDER BY number");
  while (rows.step()) {
    const auto number = static_cast<std::uint32_t>(rows.integer(0));
    if (number != out.infos.size()) connection.damaged();
    out.infos.emplace_back().name = rows.text(1);
    SqlTable& table = out.tables.emplace_back();
    table.next_id = static_cast<std::uint64_t>(rows.integer(3));
    if (out.infos.back().name.empty() || connection.has_failed()) continue;
    table.name = quoted(rows.text(2));
    read_fields(connection, number, out);
    out.infos.back().has_rows = has_rows(connection, table);
  }
  return connection.take_fault();
}

MaybeFault write_schema(SqlConnection& connection, SqlSchema& schema) {
  bool is_fine = connection.execute("BEGIN IMMEDIATE");
  Names names = table_names();
  for (const SqlTable& table : schema.tables) names.take(unquoted(table.name));
  schema.tables.resize(schema.infos.size());
  for (std::size_t at = 0; is_fine && at < schema.infos.size(); ++at)
    is_fine = fit_table(connection, schema.infos[at], names, schema.tables[at]);
  is_fine = is_fine && write_declared(connection, schema);
  return in_transaction(connection, is_fine);
}

}  // namespace flin::store
