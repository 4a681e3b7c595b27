// Types of FLIN (L 3), interned: two equal types are one pointer.
#pragma once

#include "base/arena.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flin::check {

struct Entity;
struct Enum;
struct Trait;

enum class TypeTag : std::uint8_t {
  kText,
  kInt,
  kNumber,
  kBool,
  kTime,
  kDuration,
  kMoney,
  kFile,
  kAny,
  kNone,
  kView,
  kError,
  kRegex,
  kNever,
  kList,
  kMap,
  kTuple,
  kOptional,
  kUnion,
  kFunction,
  kEntity,
  kEnum,
  kQuery,
  kTrait,    // a value of any type that implements `trait`
  kVariable  // stands for a type not known yet; never seen outside kernel/check
};

struct Type {
  TypeTag tag;
  std::vector<const Type*> items;     // element; key, value; members; optional and query: one;
                                      // function: parameters, then the result
  const Entity* entity = nullptr;     // kEntity, kQuery
  const Enum* enumeration = nullptr;  // kEnum; items: arguments of a generic enum
  std::uint32_t number = 0;           // of a type variable
  const Trait* trait = nullptr;       // kTrait

  bool is(TypeTag t) const { return tag == t; }
};

// Makes and keeps types. One per compilation.
class Types {
 public:
  Types();
  const Type* simple(TypeTag tag) const;  // text .. never
  const Type* list(const Type* item);
  const Type* map(const Type* key, const Type* value);
  const Type* tuple(std::vector<const Type*> items);
  const Type* optional(const Type* type);  // T? of T? is T?; none? is none; any? is any
  const Type* union_of(
      std::vector<const Type*> members);  // flat, sorted, without repetition; one member: itself
  const Type* function(std::vector<const Type*> parameters, const Type* result);
  const Type* entity(const Entity* entity);
  const Type* enumeration(const Enum* e, std::vector<const Type*> arguments);
  const Type* query(const Entity* entity);
  const Type* trait(const Trait* trait);
  const Type* variable(std::uint32_t number);

 private:
  const Type* intern(Type type);
  Arena arena_;
  std::unordered_map<std::string, const Type*> interned_;
};

// As messages and signatures write it: "[int: text]", "Todo?", "(int) -> bool".
std::string text_of(const Type* type);
// As page modules write it (W 8): without blanks.
std::string compact_text_of(const Type* type);

}  // namespace flin::check
