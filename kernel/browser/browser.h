// Checked tree to JavaScript page modules and style sheets (W 8): the browser tier.
#pragma once

#include "bytecode/chunk.h"
#include "check/program.h"

namespace flin::browser {

struct Runtime {
  std::string path;    // "/_flin/runtime.5b1d0c42.js"
  std::string bytes;
};

// Adds to `chunk`: one module and, where there are styles, one style sheet per page (assets and names in
// `pages`), and the runtime. Computes chunk.build, which the modules carry. The texts are canonical: the
// same program gives the same bytes.
void add_assets(const check::CheckedProgram& program, const Runtime& runtime, bytecode::Chunk& chunk);

}  // namespace flin::browser
