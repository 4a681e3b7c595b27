// Types as written to types, fields by name, and "did you mean".
#include "check/tables.h"

#include "base/edit_distance.h"

namespace flin::check {
using namespace syntax;
namespace {

const Type* written_type(Tables& tables, const TypeNode& written);

struct NamedType {
  std::string_view name;
  TypeTag tag;
};
constexpr NamedType kNamedTypes[] = {
    {"text", TypeTag::kText},     {"string", TypeTag::kText},       {"int", TypeTag::kInt},
    {"number", TypeTag::kNumber}, {"float", TypeTag::kNumber},      {"decimal", TypeTag::kNumber},
    {"bool", TypeTag::kBool},     {"boolean", TypeTag::kBool},      {"time", TypeTag::kTime},
    {"datetime", TypeTag::kTime}, {"duration", TypeTag::kDuration}, {"money", TypeTag::kMoney},
    {"file", TypeTag::kFile},     {"regex", TypeTag::kRegex},       {"view", TypeTag::kView},
    {"error", TypeTag::kError},   {"any", TypeTag::kAny},           {"never", TypeTag::kNever},
    {"none", TypeTag::kNone}};

const Type* unknown_type(Tables& tables, const TypeNode& node) {
  Report& report = tables.reports.add(Code::E0005, node.span, {node.name}, "no type of this name");
  std::vector<std::string_view> names;
  for (const auto& named : kNamedTypes) names.push_back(named.name);
  for (const auto* entity : tables.program.entities) names.push_back(entity->name);
  for (const auto* e : tables.program.enums) names.push_back(e->name);
  for (const auto& [name, trait] : tables.traits) names.push_back(name);
  for (const auto& [name, alias] : tables.aliases) names.push_back(name);
  suggest(report, node.name, names);
  return tables.simple(TypeTag::kAny);
}

// What a name of `type Name = ..` stands for. Inside itself it is any: what that holds is checked
// at run time.
const Type* alias_type(Tables& tables, const TypeAliasStmt& alias, const TypeNode* use) {
  for (const Expanding& outer : tables.expanding) {
    if (outer.alias != &alias) continue;
    if (tables.wrapped == outer.wrapped)
      tables.reports.add(Code::E0317, alias.name.span, {alias.name.text}, "holds itself");
    return tables.simple(TypeTag::kAny);
  }
  std::unordered_map<std::string_view, const Type*> parameters;
  for (std::size_t i = 0; i < alias.generics.size(); ++i)
    parameters[alias.generics[i].text] = use != nullptr && i < use->items.size()
                                             ? type_of(tables, use->items[i])
                                             : tables.simple(TypeTag::kAny);
  tables.type_parameters.swap(parameters);
  tables.expanding.push_back({&alias, tables.wrapped});
  const Type* type = type_of(tables, alias.type);
  tables.expanding.pop_back();
  tables.type_parameters.swap(parameters);
  return type;
}

const Type* named_type(Tables& tables, const TypeNode& node) {
  if (auto it = tables.type_parameters.find(node.name); it != tables.type_parameters.end())
    return it->second;
  for (const auto& named : kNamedTypes)
    if (named.name == node.name) return tables.simple(named.tag);
  const Type* any = tables.simple(TypeTag::kAny);
  if (node.name == "list" || node.name == "array") return tables.types().list(any);
  if (node.name == "map") return tables.types().map(tables.simple(TypeTag::kText), any);
  if (auto it = tables.entities.find(node.name); it != tables.entities.end())
    return tables.types().entity(it->second);
  if (auto it = tables.enums.find(node.name); it != tables.enums.end()) {
    std::vector<const Type*> arguments;
    ++tables.wrapped;
    for (const TypeNode* item : node.items) arguments.push_back(type_of(tables, item));
    --tables.wrapped;
    arguments.resize(generics_of(*it->second), any);
    return tables.types().enumeration(it->second, std::move(arguments));
  }
  if (auto it = tables.traits.find(node.name); it != tables.traits.end())
    return tables.types().trait(it->second);
  if (auto it = tables.aliases.find(node.name); it != tables.aliases.end())
    return alias_type(tables, *it->second, &node);
  return unknown_type(tables, node);
}

const Type* written_type(Tables& tables, const TypeNode& written) {
  const TypeNode* node = &written;
  auto items = [&] {
    std::vector<const Type*> all;
    for (const TypeNode* item : node->items) all.push_back(type_of(tables, item));
    return all;
  };
  switch (node->kind) {
    case TypeKind::kName: return named_type(tables, *node);
    case TypeKind::kNone: return tables.simple(TypeTag::kNone);
    case TypeKind::kList: return tables.types().list(type_of(tables, node->items[0]));
    case TypeKind::kMap:
      return tables.types().map(type_of(tables, node->items[0]), type_of(tables, node->items[1]));
    case TypeKind::kTuple: return tables.types().tuple(items());
    case TypeKind::kOptional: return tables.types().optional(type_of(tables, node->items[0]));
    case TypeKind::kUnion: return tables.types().union_of(items());
    case TypeKind::kFunction: {
      auto all = items();
      const Type* result = all.back();
      all.pop_back();
      return tables.types().function(std::move(all), result);
    }
  }
  return tables.simple(TypeTag::kAny);
}

}  // namespace

std::size_t generics_of(const Enum& e) {
  if (e.declaration != nullptr) return e.declaration->generics.size();
  return e.name == "Option" ? 1 : 2;
}

void check_alias(Tables& tables, const TypeAliasStmt& alias) { alias_type(tables, alias, nullptr); }

const Type* type_of(Tables& tables, const TypeNode* node) {
  if (node == nullptr) return tables.simple(TypeTag::kAny);
  const bool wraps = node->kind == TypeKind::kList || node->kind == TypeKind::kMap ||
                     node->kind == TypeKind::kOptional || node->kind == TypeKind::kFunction;
  if (wraps) ++tables.wrapped;
  const Type* type = written_type(tables, *node);
  if (wraps) --tables.wrapped;
  return type;
}

std::uint32_t field_number(const Entity& entity, std::string_view name) {
  for (std::uint32_t i = 0; i < entity.fields.size(); ++i)
    if (entity.fields[i].name == name) return i;
  if (name == "version_number") return kAutomaticFields + 1;
  for (std::uint32_t i = 0; i < std::size(kAutomaticFieldNames); ++i)
    if (kAutomaticFieldNames[i] == name) return kAutomaticFields + i;
  return kNoField;
}

const Type* field_type(Tables& tables, const Entity& entity, std::uint32_t number) {
  if (number < kAutomaticFields) return entity.fields[number].type;
  switch (number - kAutomaticFields) {
    case 0:
    case 1: return tables.simple(TypeTag::kInt);
    case 4: return tables.types().optional(tables.simple(TypeTag::kTime));
    default: return tables.simple(TypeTag::kTime);
  }
}

std::vector<std::string_view> field_names(const Entity& entity) {
  std::vector<std::string_view> names;
  for (const Field& field : entity.fields) names.push_back(field.name);
  names.insert(names.end(), std::begin(kAutomaticFieldNames), std::end(kAutomaticFieldNames));
  return names;
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string_view>& names) {
  std::string_view near = nearest_name(wanted, std::span<const std::string_view>(names));
  return near.empty() ? std::string() : "did you mean '" + std::string(near) + "'?";
}

void suggest(Report& report, std::string_view wanted, const std::vector<std::string_view>& names) {
  if (std::string help = did_you_mean(wanted, names); !help.empty())
    report.helps = {std::move(help)};
}

}  // namespace flin::check
