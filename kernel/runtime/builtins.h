// Declarations of core_library.def's functions, and how they read their arguments.
#pragma once

#include "runtime/convert.h"
#include "runtime/machine.h"

namespace flin::runtime {

#define BUILTIN(name, signature, tier, flags, function, help) \
  Outcome function(Machine& m, const Value* args, std::uint32_t count, Value& out);
#include "runtime/core_library.def"
#undef BUILTIN

// Reads arguments by kind. A wrong one makes the machine fail with R0006 and the reader stay false;
// one that was not given, or is none, gives the default where there is one.
class Args {
 public:
  Args(Machine& m, const Value* args, std::uint32_t count) : m_(m), args_(args), count_(count) {}

  bool has(std::uint32_t i) const {
    return i < count_ && !is_none(args_[i]) && !is_empty(args_[i]);
  }
  Value at(std::uint32_t i) const { return i < count_ ? args_[i] : kNone; }
  std::uint32_t size() const { return count_; }

  bool text(std::uint32_t i, TextObject*& out) {
    return take(i, is_text(at(i)), "text") && (out = as_text(at(i)), true);
  }
  bool text(std::uint32_t i, std::string_view& out) {
    return take(i, is_text(at(i)), "text") && (out = as_text(at(i))->view(), true);
  }
  bool list(std::uint32_t i, ListObject*& out) {
    return take(i, is_list(at(i)), "list") && (out = as_list(at(i)), true);
  }
  bool map(std::uint32_t i, Map*& out) {
    return take(i, is_map(at(i)), "map") && (out = as_map(at(i)), true);
  }
  bool number(std::uint32_t i, double& out) {
    return take(i, is_numeric(at(i)), "number") && (out = to_double(at(i)), true);
  }
  bool integer(std::uint32_t i, std::int64_t& out) {
    const Value v = at(i);
    if (is_int(v)) return out = whole(v), true;
    return take(i, counts_as_int(v), "int") &&
           (out = static_cast<std::int64_t>(to_double(v)), true);
  }
  bool whole_of_kind(std::uint32_t i, Tagged tag, const char* name, std::int64_t& out) {
    return take(i, has_whole(at(i), tag), name) && (out = whole(at(i)), true);
  }
  bool text_or(std::uint32_t i, std::string_view& out) { return !has(i) || text(i, out); }
  bool integer_or(std::uint32_t i, std::int64_t& out) { return !has(i) || integer(i, out); }

 private:
  bool take(std::uint32_t i, bool fits, const char* expected) {
    if (fits) return true;
    m_.wrong_type(expected, at(i));
    return false;
  }

  Machine& m_;
  const Value* args_;
  std::uint32_t count_;
};

constexpr Outcome kFailed = Outcome::kFailed;
inline Outcome give(Value& out, Value v) {
  out = v;
  return Outcome::kValue;
}
inline Outcome bad_argument(Machine& m, const std::string& why) {
  return m.fail(14, "invalid argument: " + why);
}
Outcome out_of_range(Machine& m, std::int64_t index, std::uint64_t size);

}  // namespace flin::runtime
