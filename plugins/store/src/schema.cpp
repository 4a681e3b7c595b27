#include "schema.h"

#include <algorithm>

namespace flin::store {
namespace {

constexpr std::pair<std::string_view, std::uint32_t> kAutomatic[] = {
    {"id", kFieldId},
    {"version", kFieldVersion},
    {"version_number", kFieldVersion},
    {"created_at", kFieldCreatedAt},
    {"updated_at", kFieldUpdatedAt},
    {"deleted_at", kFieldDeletedAt},
};

Scalar initial_of(const FieldRow& row) {
  if (row.fallback.kind != Kind::kNone) return own(row.fallback);
  const std::string_view type = row.type;
  if (!type.empty() && type.back() == '?') return {};
  if (row.kind == Kind::kList || row.kind == Kind::kMap) return Scalar::of_written(row.kind, "[]");
  return {};
}

std::uint32_t item_target_of(std::string_view type, List<EntityRow> entities) {
  if (!type.empty() && type.back() == '?') type.remove_suffix(1);
  if (type.size() < 3 || type.front() != '[' || type.back() != ']') return kNoType;
  type = type.substr(1, type.size() - 2);
  for (std::uint32_t at = 0; at < entities.size; ++at) {
    if (std::string_view(entities[at].name) == type) return at;
  }
  return kNoType;
}

Field read_field(const FieldRow& row, List<EntityRow> entities) {
  Field out;
  out.name = std::string_view(row.name);
  out.type = std::string_view(row.type);
  out.kind = row.kind;
  out.flags = row.flags;
  out.is_optional = !out.type.empty() && out.type.back() == '?';
  if (row.kind == Kind::kRecord) out.target = row.target;
  if (row.kind == Kind::kList) out.item_target = item_target_of(out.type, entities);
  out.initial = initial_of(row);
  return out;
}

}  // namespace

Entities read_entities(List<EntityRow> rows) {
  Entities out;
  for (const EntityRow& row : rows) {
    Entity entity;
    entity.name = std::string_view(row.name);
    for (const FieldRow& field : row.fields) entity.fields.push_back(read_field(field, rows));
    out.push_back(std::move(entity));
  }
  return out;
}

bool have_same_numbers(const Entities& a, const Entities& b) {
  const auto same_field = [](const Field& x, const Field& y) {
    return x.name == y.name && x.type == y.type;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const Entity& x, const Entity& y) {
    return x.name == y.name && std::equal(x.fields.begin(), x.fields.end(), y.fields.begin(),
                                          y.fields.end(), same_field);
  });
}

std::uint32_t find_type(const Entities& entities, std::string_view name) {
  for (std::uint32_t at = 0; at < entities.size(); ++at) {
    if (entities[at].name == name) return at;
  }
  return kNoType;
}

std::uint32_t find_field(const Entity& entity, std::string_view name) {
  for (std::uint32_t at = 0; at < entity.fields.size(); ++at) {
    if (entity.fields[at].name == name) return at;
  }
  for (const auto& [automatic, number] : kAutomatic) {
    if (automatic == name) return number;
  }
  return kNoType;
}

bool has_field(const Entity& entity, std::uint32_t field) {
  return field < entity.fields.size() || (field >= kFieldId && field <= kFieldDeletedAt);
}

std::string field_name(const Entity& entity, std::uint32_t field) {
  if (field < entity.fields.size()) return entity.fields[field].name;
  for (const auto& [automatic, number] : kAutomatic) {
    if (number == field) return std::string(automatic);
  }
  return "?";
}

std::vector<std::uint32_t> whole_row(const Entity& entity) {
  std::vector<std::uint32_t> out;
  for (std::uint32_t at = 0; at < entity.fields.size(); ++at) out.push_back(at);
  out.insert(out.end(), {kFieldCreatedAt, kFieldUpdatedAt, kFieldDeletedAt});
  return out;
}

}  // namespace flin::store
