// Times by pattern (L 24.6).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace flin::runtime {

// `ms` is shown as it is, `offset_minutes` only as Z; with English names.
std::string format_time(std::int64_t ms, std::string_view pattern, int offset_minutes);

// The instant that a text by the same pieces means; none if the text does not follow the pattern.
// What the pattern leaves out is 1970-01-01 00:00 UTC.
std::optional<std::int64_t> parse_time(std::string_view text, std::string_view pattern);

}  // namespace flin::runtime
