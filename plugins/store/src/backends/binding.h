// What is stored, and how the program that is served fits it. Tables and columns keep their number
// for the life of the data; a program's own numbers are translated by a Binding, because the next
// program may number the same entities otherwise.
#pragma once

#include "../schema.h"

#include <string>
#include <vector>

namespace flin::store {

struct Column {
  std::string name, type;
  Kind kind = Kind::kNone;
  std::uint32_t flags = 0;
  bool is_optional = false;
  std::uint32_t target = kNoType;       // reference: table
  std::uint32_t item_target = kNoType;  // list of references: table
  Scalar initial;                       // of a new row that leaves it out
  Scalar backfill;                      // of rows that were there before the column (L 14.3)

  bool is_unique() const { return (flags & kFieldUnique) != 0; }
};

// A table without a name is retired: its entity was declared anew while it had no rows.
struct TableInfo {
  std::string name;
  std::vector<Column> columns;
  bool has_rows = false;
};
using TableInfos = std::vector<TableInfo>;

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
  std::uint32_t type_of(std::uint32_t table) const {
    return table < type_of_table.size() ? type_of_table[table] : kNoType;
  }
};

// One difference between what is stored and what a program declares. With an `advice` it cannot be
// made by itself.
struct SchemaStep {
  std::string subject;  // "Todo", "Todo.title"
  std::string what;     // "new field note: text?", "field User.name was text and is now int"
  std::string advice;   // what to do; empty: it is made at start
  bool is_refused() const { return !advice.empty(); }
};
std::vector<SchemaStep> compare(const TableInfos& tables, const Entities& entities);

// Fits the tables to the entities: new entities and fields are added, `T` may become `T?`, and a
// table without rows takes any shape (the old one is retired). Anything else is refused in one
// sentence and changes nothing.
MaybeFault bind(TableInfos& tables, Entities entities, Binding& out);

}  // namespace flin::store
