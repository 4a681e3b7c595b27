// Checked tree to bytecode (L 20, L 21).
#pragma once

#include "bytecode/chunk.h"
#include "check/program.h"

namespace flin::compile {

// The chunk of a program without errors, without page modules (kernel/browser adds those to
// `assets`, and their names to `pages`). Gives the same bytes for the same program.
bytecode::Chunk compile(const check::CheckedProgram& program, const syntax::Sources& sources,
                        const check::Bindings& bindings);

}  // namespace flin::compile
