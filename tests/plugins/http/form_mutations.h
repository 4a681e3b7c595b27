// What any bytes must not break in the reader of forms, for the fuzz target and for the seeded
// mutations that every build runs.
#pragma once

#include <string_view>

namespace flin::http {

// Reads `bytes` as the body of a form with boundary `b`, whole and in pieces, and ends the process
// when the two differ, when a limit does not hold, or when a name has a folder in it.
void check_any_form(std::string_view bytes);

}  // namespace flin::http
