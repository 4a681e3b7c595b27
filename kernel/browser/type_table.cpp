#include "browser/type_table.h"

#include "browser/js_text.h"
#include "browser/template.h"

namespace flin::browser {

using check::Type;
using check::TypeTag;

namespace {

constexpr std::uint32_t kHiddenField = 8;  // flin::kFieldHidden

// What `any` may hold has any type; its codecs are in the library.
bool is_basic(const Type* type) {
  if (!type) return false;
  switch (type->tag) {
    case TypeTag::kText:
    case TypeTag::kInt:
    case TypeTag::kBool:
    case TypeTag::kNone:
    case TypeTag::kEntity: return true;
    case TypeTag::kList: {
      const Type* item = without_none(type->items[0]);
      bool nested = is_tag(item, TypeTag::kList);
      return !nested && is_basic(item);
    }
    case TypeTag::kQuery: return true;
    case TypeTag::kOptional: return is_basic(type->items[0]);
    default: return false;
  }
}

}  // namespace

std::string TypeTable::add(const Type* type) {
  note(type);
  return type ? check::compact_text_of(type) : "any";
}

void TypeTable::note_live(const check::LiveValue& live) {
  const Type* type = live.type;
  const Type* item = is_tag(type, TypeTag::kList) ? type->items[0] : without_none(type);
  if (is_tag(type, TypeTag::kQuery)) item = program_.types->entity(type->entity);
  if (!is_tag(item, TypeTag::kEntity)) return note(type);
  Row& row = entities_[item->entity];
  row.has_version = row.has_version || live.sends_entity_back;
  for (const std::string& field : live.fields) row.fields.insert(field);
  for (const check::Field& field : item->entity->fields)
    if (row.fields.count(field.name)) note(field.type);
}

void TypeTable::note(const Type* type) {
  if (!is_basic(type)) imports_.use_library();
  if (!type || is_tag(type, TypeTag::kAny) || is_tag(type, TypeTag::kUnion)) note_all();
  if (!type) return;
  for (const Type* item : type->items) note(item);
  if (type->tag == TypeTag::kEnum) note_enum(*type->enumeration);
  if (type->entity) note_entity(*type->entity);
  if (type->tag == TypeTag::kFunction) has_functions_ = true;
}

void TypeTable::note_sent(const Type* type) {
  auto row = is_tag(type, TypeTag::kEntity) ? entities_.find(type->entity) : entities_.end();
  if (row == entities_.end()) return note(type);
  row->second.has_version = true;
}

// A value of `any` may be any entity or enum of the program.
void TypeTable::note_all() {
  if (has_any_) return;
  has_any_ = true;
  for (const check::Entity* entity : program_.entities) note_entity(*entity);
  for (const check::Enum* of : program_.enums)
    if (of->declaration) note_enum(*of);
}

void TypeTable::note_entity(const check::Entity& entity) {
  Row& row = entities_[&entity];
  row.has_version = true;
  if (row.is_whole) return;
  row.is_whole = true;
  for (const check::Field& field : entity.fields) {
    if (field.flags & kHiddenField) continue;
    row.fields.emplace(field.name);
    note(field.type);
  }
}

void TypeTable::note_enum(const check::Enum& of) {
  imports_.use_library();
  if (!enums_.insert(&of).second) return;
  for (const check::Variant& variant : of.variants)
    for (const Type* type : variant.payload) note(type);
}

std::string TypeTable::text() const {
  std::vector<std::string> rows;
  for (const check::Entity* entity : program_.entities)
    if (auto row = entities_.find(entity); row != entities_.end())
      rows.push_back(entity_row(*entity, row->second));
  for (const check::Enum* of : program_.enums)
    if (enums_.count(of)) rows.push_back(enum_row(*of));
  return rows.empty() ? std::string() : listed("{ ", rows, " }");
}

std::string TypeTable::entity_row(const check::Entity& entity, const Row& row) {
  std::vector<std::string> fields = {"id: \"int\""};
  if (row.has_version) fields.emplace_back("version: \"int\"");
  for (const check::Field& field : entity.fields)
    if (row.fields.count(field.name))
      fields.push_back(property_key(field.name) + ": " +
                       quoted(check::compact_text_of(field.type)));
  for (std::string_view name : {"created_at", "updated_at", "deleted_at"})
    if (row.fields.count(name))
      fields.push_back(std::string(name) + (name == "deleted_at" ? ": \"time?\"" : ": \"time\""));
  return property_key(entity.name) + ": " + listed("{ ", fields, " }");
}

std::string TypeTable::enum_row(const check::Enum& of) {
  std::vector<std::string> variants;
  for (const check::Variant& variant : of.variants) {
    std::vector<std::string> types;
    for (const Type* type : variant.payload) types.push_back(quoted(check::compact_text_of(type)));
    variants.push_back(property_key(variant.name) + ": [" + joined(types, ", ") + ']');
  }
  return property_key(of.name) + ": " + listed("{ ", variants, " }");
}

}  // namespace flin::browser
