// What may stand in attributes (L 10.10).
#pragma once

#include <string>
#include <string_view>

namespace flin::runtime {

// "click", "on.."; a spread leaves them out.
bool names_event(std::string_view attribute);
// Without blanks and control characters; "about:blank#blocked" for what L 10.10 does not let pass.
std::string safe_url(std::string_view url, std::string_view attribute);
std::string safe_srcset(std::string_view value);
bool is_safe_style(std::string_view value);

}  // namespace flin::runtime
