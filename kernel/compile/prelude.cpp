#include "compile/prelude.h"

#include "base/arena.h"
#include "base/assert.h"
#include "compile/function_compiler.h"
#include "compile/prelude_text.h"
#include "compile/program_compiler.h"
#include "syntax/parser.h"

namespace flin::compile {

using namespace bytecode;

namespace {

struct Row {
  std::string_view builtin;
  std::size_t arguments;
  std::string_view function, signature;
};

// `function` is empty for those that are an instruction.
// Overloads that the kernel does without calling a function (sum of numbers, sort by `<`) are its
// own.
constexpr Row kRows[] = {
    {"map", 2, "", "(xs: [T], f: (T, int) -> U) -> [U]"},
    {"filter", 2, "", "(xs: [T], f: (T, int) -> any) -> [T]"},
    {"where", 2, "", "(xs: [T], f: (T, int) -> any) -> [T]"},
    {"reduce", 3, "", "(xs: [T], f: (U, T) -> U, init: U) -> U"},
    {"find", 2, "", "(xs: [T], f: (T, int) -> any) -> T?"},
    {"some", 2, "", "(xs: [T], f: (T, int) -> any) -> bool"},
    {"any", 2, "", "(xs: [T], f: (T, int) -> any) -> bool"},
    {"every", 2, "", "(xs: [T], f: (T, int) -> any) -> bool"},
    {"all", 2, "", "(xs: [T], f: (T, int) -> any) -> bool"},
    {"each", 2, "", "(xs: [T], f: (T, int) -> any) -> none"},
    {"sort", 1, "", "(xs: [T]) -> [T]"},
    {"flat_map", 2, "prelude_flat_map", "(xs: [T], f: (T, int) -> [U]) -> [U]"},
    {"reject", 2, "prelude_reject", "(xs: [T], f: (T, int) -> any) -> [T]"},
    {"reduce", 2, "prelude_reduce", "(xs: [T], f: (T, T) -> T) -> T"},
    {"find_index", 2, "prelude_find_index", "(xs: [T], f: (T, int) -> any) -> int"},
    {"sort", 2, "prelude_sort", "(xs: [T], f: (T, T) -> any) -> [T]"},
    {"sort_by", 3, "prelude_sort_by", "(xs: [T], f: (T) -> any, direction: text = \"asc\") -> [T]"},
    {"sum", 2, "prelude_sum", "(xs: [T], f: (T) -> U) -> U"},
    {"avg", 2, "prelude_avg", "(xs: [T], f: (T) -> any) -> number?"},
    {"min_by", 2, "prelude_min_by", "(xs: [T], f: (T) -> any) -> T?"},
    {"max_by", 2, "prelude_max_by", "(xs: [T], f: (T) -> any) -> T?"},
    {"count", 2, "prelude_count", "(xs: [T], f: (T) -> any) -> int"},
    {"group_by", 2, "prelude_group_by", "(xs: [T], f: (T) -> K) -> [K: [T]]"},
    {"count_by", 2, "prelude_count_by", "(xs: [T], f: (T) -> K) -> [K: int]"},
    {"partition", 2, "prelude_partition", "(xs: [T], f: (T) -> any) -> ([T], [T])"},
    {"zip_with", 3, "prelude_zip_with", "(xs: [T], ys: [U], f: (T, U) -> V) -> [V]"},
    {"map_values", 2, "prelude_map_values", "(m: [K: V], f: (V) -> U) -> [K: U]"},
};

}  // namespace

std::string_view prelude_function(std::string_view builtin, std::size_t arguments) {
  for (const Row& row : kRows)
    if (row.builtin == builtin && row.arguments == arguments) return row.function;
  return {};
}

std::string_view prelude_source() { return {kPreludeText, sizeof kPreludeText - 1}; }

const std::vector<check::Builtin>& function_builtins() {
  static const std::vector<check::Builtin> kBuiltins = [] {
    std::vector<check::Builtin> all;
    for (const Row& row : kRows)
      all.push_back({std::string(row.builtin),
                     std::string(row.signature),
                     {},
                     check::Tier::kBoth,
                     check::kBuiltinPure,
                     {}});
    return all;
  }();
  return kBuiltins;
}

std::uint32_t ProgramCompiler::prelude_row(std::string_view name) {
  if (auto known = prelude_rows_.find(name); known != prelude_rows_.end()) return known->second;
  std::uint32_t row = reserve_function();
  prelude_rows_.emplace(name, row);
  prelude_wanted_.emplace_back(name);
  return row;
}

// Parses and checks the prelude like any program, and compiles of it what is used, with what that
// uses.
void ProgramCompiler::compile_prelude() {
  if (prelude_wanted_.empty()) return;
  syntax::Sources own;
  syntax::Diagnostics diagnostics;
  Arena arena;
  std::uint32_t number = own.add("prelude.flin", std::string(prelude_source()));
  syntax::File* file = syntax::parse(own, number, arena, diagnostics);
  auto checked = check::check({file}, own, "prelude", bindings, diagnostics);
  FLIN_ASSERT(!diagnostics.has_errors(), "the prelude has no errors");
  in_prelude_ = true;
  // Compiling one may want more (function_row); those nobody wants are left out.
  for (std::size_t n = 0; n < prelude_wanted_.size(); ++n) {
    std::string wanted = prelude_wanted_[n];
    for (const check::Function* function : checked->functions)
      if (function->declaration->name.text == wanted) compile_function(*function, kPrelude);
  }
  in_prelude_ = false;
}

}  // namespace flin::compile
