// What any bytes must not break, for the fuzz target and for the seeded mutations that every build
// runs.
#pragma once

#include <cstdint>
#include <string_view>

namespace flin::http {

// Parses `bytes` as a stream of requests and ends the process when a promise is broken: views
// outside of the input, a head that reads differently when it comes in two pieces, a body above its
// limit.
void check_any_bytes(std::string_view bytes);

}  // namespace flin::http
