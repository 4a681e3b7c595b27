// Source text to syntax tree (L 2, L 22). Recovers at the next statement, closing brace or tag and
// reports more than one error (L 19.3). Nesting is limited to 256 (E0214).
#pragma once

#include "base/arena.h"
#include "syntax/ast.h"
#include "syntax/diagnostic.h"

namespace flin::syntax {

// Parses one file of `sources`. The tree lives in `arena`. Always gives a tree; what is broken in
// it stands as ErrorExpr or is left out, and `diagnostics` says so.
File* parse(const Sources& sources, std::uint32_t file, Arena& arena, Diagnostics& diagnostics);

}  // namespace flin::syntax
