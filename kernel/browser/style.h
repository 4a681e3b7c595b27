// Style sheets of pages (L 10.11).
#pragma once

#include <string>
#include <string_view>

namespace flin::browser {

// Rules that hold only inside elements marked [data-flin-scope="scope"]: the mark is put on the
// last compound selector of each selector; `:global(sel)` becomes `sel` and is left alone.
std::string scoped_style(std::string_view css, std::string_view scope);

}  // namespace flin::browser
