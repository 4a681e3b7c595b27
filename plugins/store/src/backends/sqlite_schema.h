// The tables of a FLIN database (ARCHITECTURE 6): what is declared, as rows of flin_entity and
// flin_field; a table per entity with its rows as they are now; `history` with every version; `log`
// with the commits that clients may still ask for.
//
// A table or column bears its entity's or field's name, with a number behind it where SQLite, which
// does not tell upper from lower case, could not tell it from another. Numbers of tables and
// columns never change; versions in `history` are written by them.
#pragma once

#include "binding.h"
#include "sqlite_connection.h"

#include <string>
#include <vector>

namespace flin::store {

constexpr std::int64_t kSqliteApplication = 0x464C494E;  // PRAGMA application_id: "FLIN"
constexpr std::int64_t kSqliteFormat = 1;                // PRAGMA user_version

// How a table of TableInfos is stored. Empty for a retired one.
struct SqlTable {
  std::string name;                  // quoted
  std::vector<std::string> columns;  // quoted, by column number
  std::uint64_t next_id = 1;
};

struct SqlState {
  std::uint64_t seq = 0;      // newest commit
  std::uint64_t trimmed = 0;  // newest commit the log no longer holds
  std::int64_t time = 0;      // of the newest commit, ms
};

struct SqlSchema {
  TableInfos infos;
  std::vector<SqlTable> tables;  // as many as infos
  SqlState state;
};

enum class SqlFile { kEmpty, kOurs };
// What the file is. Refuses a database of another program or of a newer FLIN.
MaybeFault identify(SqlConnection& connection, SqlFile& out);
// Gives an empty database its own tables; the log begins at `seq`.
MaybeFault create_schema(SqlConnection& connection, std::uint64_t seq);
MaybeFault read_schema(SqlConnection& connection, SqlSchema& out);
// Makes what a bind() has added to `infos` since read_schema(), in one transaction.
MaybeFault write_schema(SqlConnection& connection, SqlSchema& schema);

}  // namespace flin::store
