// From files to a chunk: reads, parses, checks, compiles, adds the page modules.
#pragma once

#include "base/result.h"
#include "bytecode/chunk.h"
#include "check/program.h"

#include <memory>
#include <optional>
#include <string>

namespace flin::cli {

struct BuiltProgram {
  std::string diagnostics;               // as text, "" without
  bool ok = false;                       // no errors
  std::optional<bytecode::Chunk> chunk;  // if ok
  // For tools; they belong together.
  std::unique_ptr<syntax::Sources> sources;
  std::unique_ptr<Arena> arena;
  std::unique_ptr<check::CheckedProgram> checked;
};

// Usage errors (exit 2): no such file, a directory without programs, not readable. What is wrong
// with the program itself stands in `diagnostics`.
// `with_tests`: the functions of `test` blocks are compiled too.
Result<BuiltProgram> build_program(const std::string& path, const check::Bindings& bindings,
                                   bool with_tests = false);

}  // namespace flin::cli
