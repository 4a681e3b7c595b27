// Functions on texts that both instructions and built-ins use.
#pragma once

#include "runtime/machine.h"

namespace flin::runtime {

bool split_text(Machine& m, TextObject* text, std::string_view separator, Value& out);
bool replace_text(Machine& m, std::string_view text, std::string_view old, std::string_view by,
                  bool all, Value& out);
bool join_list(Machine& m, Value list, Value separator, Value& out);

}  // namespace flin::runtime
