// Times by pattern (L 24.6).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flin::runtime {

// In UTC, with English names.
std::string format_time(std::int64_t ms, std::string_view pattern);

}  // namespace flin::runtime
