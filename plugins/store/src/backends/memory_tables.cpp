#include "memory_tables.h"

#include <algorithm>

namespace flin::store {
namespace {

std::uint32_t find_table(const Tables& tables, std::string_view name) {
  for (std::uint32_t at = 0; at < tables.size(); ++at) {
    if (tables[at].name == name) return at;
  }
  return kNoType;
}

std::uint32_t find_column(const Table& table, std::string_view name) {
  for (std::uint32_t at = 0; at < table.columns.size(); ++at) {
    if (table.columns[at].name == name) return at;
  }
  return kNoType;
}

bool is_same_or_wider(const std::string& old_type, const std::string& new_type) {
  return old_type == new_type || old_type + "?" == new_type;
}

Fault refused(const std::string& what) {
  return {kUnavailable, "the stored data does not fit the program: " + what};
}

// A table that has rows: may every field of it go on?
MaybeFault check(const Table& table, const Entity* entity) {
  if (table.rows.empty()) return {};
  if (!entity) return refused("entity " + table.name + " has rows and is no longer declared");
  for (const Column& column : table.columns) {
    const std::uint32_t field = find_field(*entity, column.name);
    if (field >= entity->fields.size()) {
      return refused("field " + table.name + "." + column.name + " is no longer declared");
    }
    const std::string& type = entity->fields[field].type;
    if (!is_same_or_wider(column.type, type)) {
      return refused("field " + table.name + "." + column.name + " was " + column.type +
                     " and is now " + type);
    }
  }
  return {};
}

MaybeFault check(const Tables& tables, const Entities& entities) {
  for (const Table& table : tables) {
    const std::uint32_t type = find_type(entities, table.name);
    if (MaybeFault fault = check(table, type == kNoType ? nullptr : &entities[type])) return fault;
  }
  return {};
}

// Gives each entity a table; references can be bound only when all of them are there.
void add_tables(Tables& tables, const Entities& entities, Binding& out) {
  for (const Entity& entity : entities) {
    std::uint32_t at = find_table(tables, entity.name);
    if (at == kNoType) {
      at = static_cast<std::uint32_t>(tables.size());
      tables.emplace_back().name = entity.name;
    }
    if (tables[at].rows.empty()) tables[at].columns.clear();
    out.types.push_back({at, {}});
  }
}

void bind_column(Column& column, const Field& field, const Binding& binding) {
  column.name = field.name;
  column.type = field.type;
  column.flags = field.flags;
  column.is_optional = field.is_optional;
  column.initial = field.initial;
  const auto table_of = [&](std::uint32_t type) {
    return type < binding.types.size() ? binding.types[type].table : kNoType;
  };
  column.target = table_of(field.target);
  column.item_target = table_of(field.item_target);
}

void index_unique(Table& table, std::uint32_t at) {
  Column& column = table.columns[at];
  column.owners.clear();
  if ((column.flags & kFieldUnique) == 0) return;
  for (const auto& [id, row] : table.rows) {
    if (row.destroyed || !row.versions.back()->is_live()) continue;
    const Scalar& value = cell(table, *row.versions.back(), at);
    if (!value.is_none()) column.owners.emplace(identity(value), id);
  }
}

}  // namespace

MaybeFault bind(Tables& tables, Entities entities, Binding& out) {
  if (MaybeFault fault = check(tables, entities)) return fault;
  Binding made;
  add_tables(tables, entities, made);
  for (std::uint32_t type = 0; type < entities.size(); ++type) {
    Table& table = tables[made.types[type].table];
    for (const Field& field : entities[type].fields) {
      std::uint32_t at = find_column(table, field.name);
      if (at == kNoType) {
        at = static_cast<std::uint32_t>(table.columns.size());
        table.columns.emplace_back();
      }
      bind_column(table.columns[at], field, made);
      index_unique(table, at);
      made.types[type].columns.push_back(at);
    }
  }
  made.type_of_table.assign(tables.size(), kNoType);
  for (std::uint32_t type = 0; type < made.types.size(); ++type)
    made.type_of_table[made.types[type].table] = type;
  made.entities = std::move(entities);
  out = std::move(made);
  return {};
}

Scalar Binding::inwards(const Plain& value) const {
  Scalar out = own(value);
  if (out.kind == Kind::kRecord)
    out.extra = out.extra < types.size() ? types[out.extra].table : kNoType;
  return out;
}

Plain Binding::outwards(const Scalar& value) const {
  Plain out = borrow(value);
  if (out.kind == Kind::kRecord)
    out.extra = out.extra < type_of_table.size() ? type_of_table[out.extra] : kNoType;
  return out;
}

const Scalar& cell(const Table& table, const Version& version, std::uint32_t column) {
  return column < version.cells.size() ? version.cells[column] : table.columns[column].initial;
}

VersionRef version_at(const RowHistory& row, std::uint64_t seq) {
  if (row.destroyed && row.destroyed <= seq) return nullptr;
  for (auto at = row.versions.rbegin(); at != row.versions.rend(); ++at) {
    if ((*at)->seq <= seq) return *at;
  }
  return nullptr;
}

VersionRef version_when(const RowHistory& row, std::int64_t time) {
  if (row.destroyed) return nullptr;
  for (auto at = row.versions.rbegin(); at != row.versions.rend(); ++at) {
    if ((*at)->from <= time) return *at;
  }
  return nullptr;
}

}  // namespace flin::store
