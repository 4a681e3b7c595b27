// Predicates: the postfix code of L 21.5 with field numbers, as it stands in Plan::predicate.
//
// The bytes may come from a file or a plugin, so they are read and proved once (Predicate::read):
// whole instructions, operands that exist, a stack that never runs empty and ends with one value.
// After that, evaluating needs no further checks. Parameters `02 u8` and constants `03 u32` index
// one list, Plan::parameters.
#pragma once

#include "fault.h"
#include "value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace flin::store {

enum PredicateOp : std::uint8_t {
  kOpField = 0x01,
  kOpParameter = 0x02,
  kOpConstant = 0x03,
  kOpEq = 0x10,
  kOpNe,
  kOpLt,
  kOpLe,
  kOpGt,
  kOpGe,
  kOpAnd,
  kOpOr,
  kOpNot,
  kOpIsNone,
  kOpIn,
  kOpAdd,
  kOpSub,
  kOpMul,
  kOpDiv,
  kOpMod,
  kOpCoalesce = 0x20,
  kOpContains,
  kOpStarts,
  kOpEnds,
  kOpLower,
  kOpUpper,
  kOpTrim,
  kOpLen,
  kOpCount,
  kOpYear,
  kOpMonth,
  kOpDay
};

// How many values an instruction takes from the stack; each gives one.
int operands_of(std::uint8_t op);

using Bytes = std::vector<std::uint8_t>;
using FieldPath = std::vector<std::uint32_t>;

// One instruction. `index`: of the parameter, or of the path in Predicate::paths().
struct PredicateStep {
  PredicateOp op;
  std::uint32_t index = 0;
};

// Gives the values a predicate reads of one row.
class IFieldReader {
 public:
  // `path` has one field number, or up to three references and a field. False: it cannot be told
  // from what is at hand (a reference to a row that is not loaded).
  virtual bool read(const FieldPath& path, Scalar& out) const = 0;

 protected:
  ~IFieldReader() = default;
};

enum class Verdict { kNo, kYes, kUnknown };

class Predicate {
 public:
  // Empty code: a predicate that holds for every row. Nothing: malformed; `why` is a sentence's end
  // ("the stack is empty at byte 4").
  static std::optional<Predicate> read(List<std::uint8_t> code, std::uint64_t parameters,
                                       std::string& why);
  // As compiled, before plans are made: parameters and constants have numbers of their own.
  static std::optional<Predicate> read(List<std::uint8_t> code, std::uint64_t parameters,
                                       std::uint64_t constants, std::string& why);

  bool is_empty() const { return steps_.empty(); }
  const std::vector<PredicateStep>& steps() const { return steps_; }
  const std::vector<FieldPath>& paths() const { return paths_; }
  bool crosses_references() const;

  // Whether it holds for the row. A fault (R0006 R0009 R0010 R0017) comes from arithmetic; `and`,
  // `or` and `??` do not look at what they do not need. [any-thread]
  MaybeFault test(const IFieldReader& row, const Scalars& parameters, Verdict& out) const;

  // The id that `id == p` asks for, where that is the whole predicate: one row instead of a scan.
  std::optional<std::uint64_t> wanted_id(const Scalars& parameters) const;

  // The same code for a parameter list in which parameter i has moved to `parameter_base` + i and
  // constant k to `constant_base` + k. All are written as constants, which have no limit of 256.
  Bytes rebased(std::uint32_t parameter_base, std::uint32_t constant_base) const;

 private:
  std::vector<PredicateStep> steps_;
  std::vector<FieldPath> paths_;
};

// Writing code, for plans made in C++.
void put_field(Bytes& code, const FieldPath& path);
void put_constant(Bytes& code, std::uint32_t index);
void put_op(Bytes& code, PredicateOp op);

}  // namespace flin::store
