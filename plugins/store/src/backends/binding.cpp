#include "binding.h"

#include <algorithm>

namespace flin::store {
namespace {

std::uint32_t find_table(const TableInfos& tables, std::string_view name) {
  for (std::uint32_t at = 0; at < tables.size(); ++at) {
    if (tables[at].name == name) return at;
  }
  return kNoType;
}

std::uint32_t find_column(const TableInfo& table, std::string_view name) {
  for (std::uint32_t at = 0; at < table.columns.size(); ++at) {
    if (table.columns[at].name == name) return at;
  }
  return kNoType;
}

bool is_same_or_wider(const std::string& old_type, const std::string& new_type) {
  return old_type == new_type || old_type + "?" == new_type;
}

// A field that rows which are there can have without anybody saying a value.
bool has_backfill(const Field& field) { return field.is_optional || !field.initial.is_none(); }

std::string without_question(const std::string& type) {
  return !type.empty() && type.back() == '?' ? type.substr(0, type.size() - 1) : type;
}

SchemaStep changed_type(const std::string& subject, const Column& column, const std::string& type) {
  return {subject, "field " + subject + " was " + column.type + " and is now " + type,
          "declare it as " + column.type + " again, or give the new field another name"};
}

void compare_stored(const TableInfo& table, const Entity& entity, std::vector<SchemaStep>& out) {
  for (const Column& column : table.columns) {
    const std::string subject = table.name + "." + column.name;
    const std::uint32_t field = find_field(entity, column.name);
    if (field >= entity.fields.size()) {
      out.push_back({subject, "field " + subject + " is no longer declared",
                     "declare it again (" + column.name + ": " + column.type + ")"});
      continue;
    }
    const std::string& type = entity.fields[field].type;
    if (type == column.type) continue;
    if (!is_same_or_wider(column.type, type))
      out.push_back(changed_type(subject, column, type));
    else
      out.push_back({subject, "field " + subject + " becomes " + type, ""});
  }
}

void compare_new(const TableInfo& table, const Entity& entity, std::vector<SchemaStep>& out) {
  for (const Field& field : entity.fields) {
    if (find_column(table, field.name) != kNoType) continue;
    const std::string subject = table.name + "." + field.name;
    if (has_backfill(field)) {
      out.push_back({subject, "new field " + subject + ": " + field.type, ""});
      continue;
    }
    const std::string type = without_question(field.type);
    out.push_back({subject,
                   "field " + subject + " is new, and the rows that are there have no value for it",
                   "give it a default (" + field.name + ": " + type +
                       " = ..) or make it optional (" + field.name + ": " + type + "?)"});
  }
}

// Whether a table without rows can go on as it is, with further columns behind its own.
bool has_same_columns(const TableInfo& table, const Entity& entity) {
  return std::all_of(table.columns.begin(), table.columns.end(), [&](const Column& column) {
    const std::uint32_t field = find_field(entity, column.name);
    return field < entity.fields.size() && is_same_or_wider(column.type, entity.fields[field].type);
  });
}

// Gives each entity a table; references can be bound only when all of them are there.
void add_tables(TableInfos& tables, const Entities& entities, Binding& out) {
  for (const Entity& entity : entities) {
    std::uint32_t at = find_table(tables, entity.name);
    if (at != kNoType && !tables[at].has_rows && !has_same_columns(tables[at], entity)) {
      tables[at] = {};
      at = kNoType;
    }
    if (at == kNoType) {
      at = static_cast<std::uint32_t>(tables.size());
      tables.emplace_back().name = entity.name;
    }
    out.types.push_back({at, {}});
  }
}

void bind_column(Column& column, const Field& field, const Binding& binding) {
  column.name = field.name;
  column.type = field.type;
  column.kind = field.kind;
  column.flags = field.flags;
  column.is_optional = field.is_optional;
  column.initial = field.initial;
  const auto table_of = [&](std::uint32_t type) {
    return type < binding.types.size() ? binding.types[type].table : kNoType;
  };
  column.target = table_of(field.target);
  column.item_target = table_of(field.item_target);
}

}  // namespace

std::vector<SchemaStep> compare(const TableInfos& tables, const Entities& entities) {
  std::vector<SchemaStep> out;
  for (const TableInfo& table : tables) {
    if (table.name.empty() || !table.has_rows) continue;
    const std::uint32_t type = find_type(entities, table.name);
    if (type == kNoType) {
      out.push_back({table.name, "entity " + table.name + " has rows and is no longer declared",
                     "declare it again, or destroy its rows first"});
      continue;
    }
    compare_stored(table, entities[type], out);
    compare_new(table, entities[type], out);
  }
  for (const Entity& entity : entities) {
    const std::uint32_t at = find_table(tables, entity.name);
    if (at == kNoType)
      out.push_back({entity.name, "new entity " + entity.name, ""});
    else if (!tables[at].has_rows && (!has_same_columns(tables[at], entity) ||
                                      tables[at].columns.size() != entity.fields.size()))
      out.push_back(
          {entity.name, "entity " + entity.name + " has no rows and takes its new shape", ""});
  }
  return out;
}

MaybeFault bind(TableInfos& tables, Entities entities, Binding& out) {
  for (const SchemaStep& step : compare(tables, entities)) {
    if (step.is_refused())
      return Fault{kUnavailable,
                   "the stored data does not fit the program: " + step.what + "; " + step.advice};
  }
  Binding made;
  add_tables(tables, entities, made);
  for (std::uint32_t type = 0; type < entities.size(); ++type) {
    TableInfo& table = tables[made.types[type].table];
    for (const Field& field : entities[type].fields) {
      std::uint32_t at = find_column(table, field.name);
      if (at == kNoType) {
        at = static_cast<std::uint32_t>(table.columns.size());
        table.columns.emplace_back().backfill = field.initial;
      }
      bind_column(table.columns[at], field, made);
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
  if (out.kind == Kind::kRecord) out.extra = type_of(out.extra);
  return out;
}

}  // namespace flin::store
