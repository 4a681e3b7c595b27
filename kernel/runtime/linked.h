// A Program as the machine sees it: constants made into values once, imports turned into
// function pointers, names of fields into numbers. Shared by all agents and threads that run the
// Program; nothing here changes after link().
#pragma once

#include "base/arena.h"
#include "flin/program.h"
#include "runtime/cell.h"
#include "runtime/core_library.h"
#include "runtime/object.h"
#include "runtime/program.h"

#include <string>
#include <unordered_map>
#include <vector>

namespace flin::runtime {

struct LinkedFunction {
  std::uint32_t cost = 1;  // fuel of a call
  std::uint8_t arity = 0, least = 0;
  Value name = kNone;          // text
  Closure* closure = nullptr;  // without upvalues: its one function value
  std::vector<bytecode::UpvalueRow> upvalues;
  std::vector<std::string_view> parameters;  // names, for CallNamed
};

// A predicate constant in the form plugins get: field numbers for names, constants as parameters.
struct LinkedPredicate {
  std::vector<std::uint8_t> code;
  std::vector<Plain> parameters;
};

struct LinkedNative {
  NativeFn run = nullptr;
  std::string_view name;
};

// Where a text constant stands among the fields of each entity; `rows` is indexed by type.
constexpr std::uint32_t kNoField = 0xFFFFFFFF;

struct Program::Linked {
  bytecode::Chunk chunk;
  std::uint32_t number = 0;
  const CoreLibrary* core = nullptr;
  Arena arena;

  std::vector<Value> constants;  // kEmpty: a constant that is no value
  std::vector<LinkedFunction> functions;
  std::vector<Code> codes;  // by function: what runs
  struct Divisor {
    std::uint64_t
        inverse;  // 2^64 / by, rounded up: a remainder by two multiplications (Lemire 2019)
    std::int64_t by;
  };
  std::vector<Divisor> divisors;      // of cells that divide by a constant
  std::vector<LinkedOp> ops;          // by import row
  std::vector<LinkedNative> natives;  // by built-in row
  std::vector<std::uint32_t>
      skip;  // by offset in `code`, of CreateHandler and BeginSlot: behind the body
  std::vector<std::vector<std::uint32_t>>
      field_rows;  // by constant; empty: no entity has such a field
  std::vector<std::unordered_map<std::string_view, std::uint32_t>> field_numbers;  // by type
  std::unordered_map<std::string_view, std::uint32_t> types;  // entity name -> type
  std::unordered_map<std::string_view, std::uint32_t> functions_by_name;
  std::vector<LinkedPredicate> predicates;  // by constant
  std::vector<std::uint8_t> tag_size;       // by constant: length of an element's name
  Value empty_text = kNone;

  std::vector<flin::EntityRow> entity_rows;
  std::vector<flin::DeclRow> decl_rows;

  // By type and name: a declared field's number, kFieldId .. or kNoField.
  std::uint32_t field_number(std::uint32_t type, std::string_view name) const;
  // Row and number in the enum table; kNoIndex and 0 if the type is not there.
  void find_variant(std::string_view type, std::string_view variant, std::uint32_t& row,
                    std::uint32_t& index) const;
  std::string enum_type(std::uint32_t row) const;  // prefix form; "": no such row
  // Names of a row's variant as texts that live as long as the program.
  void enum_names(std::uint32_t row, std::uint32_t index, TextObject* names[2]) const;
  std::vector<std::vector<Value>>
      variant_names;  // by enum row: its name, then those of its variants
  Value immortal_text(std::string_view text);
};

}  // namespace flin::runtime
