// Paths of `session` that live values of a page depend on (L 11.9). They are kept in the page's
// token beside the cells of the server, under their whole name ("session.theme"), so that a page
// that was adopted knows them.
#pragma once

#include "bytecode/chunk.h"
#include "runtime/isolate.h"

#include <string>
#include <utility>
#include <vector>

namespace flin::pages {

// Name and JSON of each, as the session is now in the eyes of what runs in `isolate`. Nothing is
// asked when the page has none. [agent-thread]
std::vector<std::pair<std::string, std::string>> session_inputs(runtime::Isolate& isolate,
                                                                const bytecode::PageRow& page);

}  // namespace flin::pages
