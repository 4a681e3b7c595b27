// Checked tree to JavaScript page modules and style sheets (W 8): the browser tier.
#pragma once

#include "bytecode/chunk.h"
#include "check/program.h"

#include <string_view>

namespace flin::browser {

// The browser runtime (js/dist): the core, and the library of operators and built-ins of which a
// page imports what it uses. Both are served under names with their hash.
struct Runtime {
  std::string_view core, library;
};

// Adds to `chunk`: one module and, where there are styles, one style sheet per page (assets and
// names in `pages`), and the runtime. Computes chunk.build, which the modules carry. The texts are
// canonical: the same program gives the same bytes. For development (`dev`) every module imports
// the library, which knows how to show what is wrong.
void add_assets(const check::CheckedProgram& program, const Runtime& runtime,
                bytecode::Chunk& chunk, bool dev = false);

}  // namespace flin::browser
