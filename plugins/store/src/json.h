// Reads JSON in place (RFC 8259), just as much of it as written values, sessions and regex
// arguments need. Bad JSON gives nothing, never a crash; nesting is limited to 64 (W 7,
// ws.json_depth).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flin::store::json {

// The items of an array, or the members of an object (keys decoded), as slices of `text` without
// surrounding blanks. Nothing: `text` is not one whole array (object).
std::optional<std::vector<std::string_view>> array(std::string_view text);
std::optional<std::vector<std::pair<std::string, std::string_view>>> object(std::string_view text);

// The value of a whole JSON string or number; nothing if `text` is something else.
std::optional<std::string> string(std::string_view text);
std::optional<double> number(std::string_view text);
// A number without fraction and exponent that fits.
std::optional<long long> integer(std::string_view text);

// `text` as a JSON string with its quotes.
std::string quote(std::string_view text);

}  // namespace flin::store::json
