// Types as constants hold them: the prefix form of L 21.4 as bytes. A name is an index of a text
// constant, so it takes the chunk to read one.
#pragma once

#include "bytecode/chunk.h"

#include <string>
#include <string_view>

namespace flin::bytecode {

enum class TypeByte : std::uint8_t {
  kText = 0x01,
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
  kList = 0x10,
  kMap,
  kTuple,
  kOptional,
  kUnion,
  kFunction,
  kEntity,
  kEnum,
  kAgent,
  kTrait,
  kQuery
};

// Whether `form` is exactly one type whose names are text constants of `chunk`.
bool is_type(const Chunk& chunk, std::string_view form);

// As messages write it: "[int: text]", "Todo?", "(int) -> bool". `form` must be a type.
std::string type_text(const Chunk& chunk, std::string_view form);

}  // namespace flin::bytecode
