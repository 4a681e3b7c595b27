// What any bytes must not break in the frame reader, for the fuzz target and for every build.
#pragma once

#include <string_view>

namespace flin::ws {

// Reads `bytes` whole and cut into pieces; ends the process when the two differ or a message is no
// UTF-8.
void check_any_frames(std::string_view bytes);

}  // namespace flin::ws
