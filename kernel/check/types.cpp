#include "check/types.h"

#include "check/program.h"

#include <algorithm>

namespace flin::check {
namespace {

constexpr std::string_view kSimpleNames[] = {"text",     "int",   "number", "bool", "time",
                                             "duration", "money", "file",   "any",  "none",
                                             "view",     "error", "regex",  "never"};

// Identifies a type among the interned ones; parts stand by their address.
std::string key_of(const Type& type) {
  std::string key(1, static_cast<char>('A' + static_cast<int>(type.tag)));
  auto add = [&](std::uintptr_t bits) {
    key.append(reinterpret_cast<const char*>(&bits), sizeof bits);
  };
  for (const Type* item : type.items) add(reinterpret_cast<std::uintptr_t>(item));
  add(reinterpret_cast<std::uintptr_t>(type.entity));
  add(reinterpret_cast<std::uintptr_t>(type.enumeration));
  add(type.number);
  add(reinterpret_cast<std::uintptr_t>(type.trait));
  return key;
}

void write(std::string& out, const Type* type, bool blanks);

void write_list(std::string& out, const std::vector<const Type*>& items, std::size_t count,
                bool blanks) {
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) out += blanks ? ", " : ",";
    write(out, items[i], blanks);
  }
}

void write_function(std::string& out, const Type* type, bool blanks) {
  out += '(';
  write_list(out, type->items, type->items.size() - 1, blanks);
  out += blanks ? ") -> " : ")->";
  write(out, type->items.back(), blanks);
}

void write_union(std::string& out, const Type* type, bool blanks) {
  for (std::size_t i = 0; i < type->items.size(); ++i) {
    if (i > 0) out += blanks ? " | " : "|";
    bool parenthesised = type->items[i]->is(TypeTag::kFunction);
    if (parenthesised) out += '(';
    write(out, type->items[i], blanks);
    if (parenthesised) out += ')';
  }
}

void write_optional(std::string& out, const Type* item, bool blanks) {
  bool parenthesised = item->is(TypeTag::kUnion) || item->is(TypeTag::kFunction);
  if (parenthesised) out += '(';
  write(out, item, blanks);
  if (parenthesised) out += ')';
  out += '?';
}

void write_enum(std::string& out, const Type* type, bool blanks) {
  out += type->enumeration->name;
  if (type->items.empty()) return;
  out += '<';
  write_list(out, type->items, type->items.size(), blanks);
  out += '>';
}

void write(std::string& out, const Type* type, bool blanks) {
  switch (type->tag) {
    case TypeTag::kList:
      out += '[';
      write(out, type->items[0], blanks);
      out += ']';
      return;
    case TypeTag::kMap:
      out += '[';
      write(out, type->items[0], blanks);
      out += blanks ? ": " : ":";
      write(out, type->items[1], blanks);
      out += ']';
      return;
    case TypeTag::kTuple:
      out += '(';
      write_list(out, type->items, type->items.size(), blanks);
      out += ')';
      return;
    case TypeTag::kOptional: return write_optional(out, type->items[0], blanks);
    case TypeTag::kUnion: return write_union(out, type, blanks);
    case TypeTag::kFunction: return write_function(out, type, blanks);
    case TypeTag::kEntity: out += type->entity->name; return;
    case TypeTag::kEnum: return write_enum(out, type, blanks);
    case TypeTag::kQuery:
      out += "Query<";
      out += type->entity->name;
      out += '>';
      return;
    case TypeTag::kTrait: out += type->trait->name; return;
    case TypeTag::kVariable: out += "any"; return;
    default: out += kSimpleNames[static_cast<int>(type->tag)];
  }
}

}  // namespace

Types::Types() {
  for (int tag = 0; tag <= static_cast<int>(TypeTag::kNever); ++tag) {
    Type type;
    type.tag = static_cast<TypeTag>(tag);
    intern(std::move(type));
  }
}

const Type* Types::intern(Type type) {
  auto [it, is_new] = interned_.try_emplace(key_of(type), nullptr);
  if (is_new) it->second = arena_.make<Type>(std::move(type));
  return it->second;
}

const Type* Types::simple(TypeTag tag) const {
  Type type;
  type.tag = tag;
  return interned_.at(key_of(type));
}

const Type* Types::trait(const Trait* trait) {
  Type type{TypeTag::kTrait, {}};
  type.trait = trait;
  return intern(std::move(type));
}
const Type* Types::list(const Type* item) { return intern({TypeTag::kList, {item}}); }
const Type* Types::map(const Type* key, const Type* value) {
  return intern({TypeTag::kMap, {key, value}});
}
const Type* Types::tuple(std::vector<const Type*> items) {
  return intern({TypeTag::kTuple, std::move(items)});
}

const Type* Types::optional(const Type* type) {
  switch (type->tag) {
    case TypeTag::kOptional:
    case TypeTag::kNone:
    case TypeTag::kAny: return type;
    case TypeTag::kNever: return simple(TypeTag::kNone);
    default: return intern({TypeTag::kOptional, {type}});
  }
}

const Type* Types::union_of(std::vector<const Type*> members) {
  std::vector<const Type*> flat;
  bool has_none = false;
  auto add = [&](auto& self, const Type* type) -> void {
    if (type->is(TypeTag::kUnion) || type->is(TypeTag::kOptional)) {
      has_none = has_none || type->is(TypeTag::kOptional);
      for (const Type* item : type->items) self(self, item);
    } else if (type->is(TypeTag::kNone)) {
      has_none = true;
    } else if (!type->is(TypeTag::kNever) &&
               std::find(flat.begin(), flat.end(), type) == flat.end()) {
      flat.push_back(type);
    }
  };
  for (const Type* member : members) {
    if (member->is(TypeTag::kAny)) return member;
    add(add, member);
  }
  if (flat.empty()) return simple(has_none ? TypeTag::kNone : TypeTag::kNever);
  std::sort(flat.begin(), flat.end(),
            [](const Type* a, const Type* b) { return text_of(a) < text_of(b); });
  const Type* result = flat.size() == 1 ? flat[0] : intern({TypeTag::kUnion, std::move(flat)});
  return has_none ? optional(result) : result;
}

const Type* Types::function(std::vector<const Type*> parameters, const Type* result) {
  parameters.push_back(result);
  return intern({TypeTag::kFunction, std::move(parameters)});
}
const Type* Types::entity(const Entity* entity) { return intern({TypeTag::kEntity, {}, entity}); }
const Type* Types::enumeration(const Enum* e, std::vector<const Type*> arguments) {
  return intern({TypeTag::kEnum, std::move(arguments), nullptr, e});
}
const Type* Types::query(const Entity* entity) { return intern({TypeTag::kQuery, {}, entity}); }
const Type* Types::variable(std::uint32_t number) {
  return intern({TypeTag::kVariable, {}, nullptr, nullptr, number});
}

std::string text_of(const Type* type) {
  std::string out;
  write(out, type, true);
  return out;
}

std::string compact_text_of(const Type* type) {
  std::string out;
  write(out, type, false);
  return out;
}

}  // namespace flin::check
