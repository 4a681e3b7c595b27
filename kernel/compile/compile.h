// Checked tree to bytecode (L 20, L 21).
#pragma once

#include "bytecode/chunk.h"
#include "check/program.h"

#include <vector>

namespace flin::compile {

// The chunk of a program without errors, without page modules (kernel/browser adds those to
// `assets`, and their names to `pages`). Gives the same bytes for the same program.
// `with_tests`: also the functions of `test` blocks, whose rows test_functions() finds.
bytecode::Chunk compile(const check::CheckedProgram& program, const syntax::Sources& sources,
                        const check::Bindings& bindings, bool with_tests = false);

// Rows of the functions of `test` blocks in order, in a chunk compiled with them.
std::vector<std::uint32_t> test_functions(const bytecode::Chunk& chunk);

}  // namespace flin::compile
