// What the memory backend holds: for each entity a table of rows, for each row every version it
// had.
//
// A Version never changes once it is published, so readers keep it by a shared pointer while
// commits go on: the row map alone is guarded by the backend's lock. Tables and columns keep their
// place for the life of the backend; a program's own numbers are translated by a Binding, because
// the next program may number the same entities otherwise.
#pragma once

#include "../schema.h"

#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

namespace flin::store {

struct Version {
  std::uint64_t seq = 0;     // commit that made it
  std::uint64_t number = 0;  // `version` of the entity, from 1
  std::uint32_t kind = 0;    // ChangeKind
  std::int64_t from = 0;     // valid from, ms
  std::int64_t created_at = 0;
  std::optional<std::int64_t> deleted_at;
  std::vector<std::uint32_t> changed;  // columns this version set
  Scalars cells;  // by column; shorter than the table: the rest has its initial value

  bool is_live() const { return !deleted_at; }
};
// Shared by the row, by the log and by readers that are not done with it.
using VersionRef = std::shared_ptr<const Version>;

struct RowHistory {
  std::vector<VersionRef> versions;  // rising seq
  std::uint64_t destroyed = 0;       // seq of its destruction; kept until no snapshot is older
};

struct Column {
  std::string name, type;
  std::uint32_t flags = 0;
  bool is_optional = false;
  std::uint32_t target = kNoType;       // reference: table
  std::uint32_t item_target = kNoType;  // list of references: table
  Scalar initial;
  std::unordered_map<std::string, std::uint64_t>
      owners;  // unique: identity of a live row's value -> id
};

struct Table {
  std::string name;
  std::vector<Column> columns;
  std::map<std::uint64_t, RowHistory> rows;
  std::uint64_t next_id = 1;
};
using Tables = std::vector<Table>;

// The place of one program's types and fields in the tables.
struct TypeBinding {
  std::uint32_t table = 0;
  std::vector<std::uint32_t> columns;  // by field number
};
struct Binding {
  Entities entities;
  std::vector<TypeBinding> types;            // by row of the program's entity table
  std::vector<std::uint32_t> type_of_table;  // kNoType: this program does not have it

  // Reference values carry a table inside and a type outside.
  Scalar inwards(const Plain& value) const;
  Plain outwards(const Scalar& value) const;
};

// Fits the tables to the entities: new entities and fields are added, `T` may become `T?`, and a
// table without rows takes any shape. Anything else is refused in one sentence and changes nothing.
MaybeFault bind(Tables& tables, Entities entities, Binding& out);

const Scalar& cell(const Table& table, const Version& version, std::uint32_t column);
// The version that was current at commit `seq`, or null: not there yet, or destroyed.
VersionRef version_at(const RowHistory& row, std::uint64_t seq);
// The version that was valid at `time` (ms), or null.
VersionRef version_when(const RowHistory& row, std::int64_t time);

}  // namespace flin::store
