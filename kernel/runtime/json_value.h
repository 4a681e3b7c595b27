// Values as JSON and back (L 3.13).
#pragma once

#include "runtime/machine.h"

namespace flin::runtime {

// `indent`: blanks per level, 0 for one line. R0014 for functions, views and the like.
bool append_json(Machine& m, std::string& out, Value v, std::int64_t indent);
// Any JSON; numbers without fraction or exponent that fit are ints. R0021.
bool parse_json(Machine& m, std::string_view text, Value& out);

}  // namespace flin::runtime
