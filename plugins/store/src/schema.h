// The entity table of a program as the store keeps it: an owned copy of EntityRow (L 21.7), with
// what the type texts say about optional fields and lists of entities.
#pragma once

#include "fault.h"
#include "flin/program.h"
#include "value.h"

#include <string>
#include <string_view>
#include <vector>

namespace flin::store {

constexpr std::uint32_t kNoType = 0xFFFFFFFF;

struct Field {
  std::string name, type;
  Kind kind = Kind::kNone;
  std::uint32_t flags = 0;              // FieldFlag
  bool is_optional = false;             // `T?`: none is a value of it
  std::uint32_t target = kNoType;       // reference: row of the entity table
  std::uint32_t item_target = kNoType;  // `[E]`: row of the entity table
  Scalar initial;                       // constant default, else none, `[]`, `[:]` (L 14.3)

  bool is_unique() const { return (flags & kFieldUnique) != 0; }
};

struct Entity {
  std::string name;
  std::vector<Field> fields;
};

using Entities = std::vector<Entity>;

Entities read_entities(List<EntityRow> rows);
// Whether types and fields of the same name have the same numbers in both, and no others are there.
bool have_same_numbers(const Entities& a, const Entities& b);

// kNoType where there is none.
std::uint32_t find_type(const Entities& entities, std::string_view name);
// Also the automatic fields of L 14.1; kNoField (0xFFFFFFFF) where there is none.
std::uint32_t find_field(const Entity& entity, std::string_view name);
// Whether `field` is one of the entity's own or an automatic one.
bool has_field(const Entity& entity, std::uint32_t field);
std::string field_name(const Entity& entity, std::uint32_t field);
// The fields of a whole row in order: declared ones, then kFieldCreatedAt, kFieldUpdatedAt,
// kFieldDeletedAt.
std::vector<std::uint32_t> whole_row(const Entity& entity);

}  // namespace flin::store
