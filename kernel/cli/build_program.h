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

// kTests: the functions of `test` blocks are compiled too. kDevelopment: pages know how to show
// errors and another build.
enum class BuildFor { kUse, kTests, kDevelopment };

// Usage errors (exit 2): no such file, a directory without programs, not readable. What is wrong
// with the program itself stands in `diagnostics`.
Result<BuiltProgram> build_program(const std::string& path, const check::Bindings& bindings,
                                   BuildFor purpose = BuildFor::kUse);

}  // namespace flin::cli
