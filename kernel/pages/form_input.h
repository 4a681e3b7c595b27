// Forms of pages without scripts (W 6): fields of the form in place of the inputs that the page was
// rendered with.
#pragma once

#include "base/result.h"
#include "bytecode/chunk.h"
#include "flin/pages.h"

#include <string>
#include <string_view>

namespace flin::pages {

// `in`: the inputs at rendering, a JSON array. A field whose name is a page variable among the
// inputs takes its place, converted as `bind` does (L 10.9): text as it is, an int or number that
// parses, a bool by being there. R0401 when `in` is no array of the right length.
Result<std::string> merge_form(const bytecode::Chunk& chunk, const bytecode::HandlerRow& handler,
                               std::string_view in, List<Pair> fields);

}  // namespace flin::pages
