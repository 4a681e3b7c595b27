// What any bytes must not break in the frame reader, for the fuzz target and for every build.
#pragma once

#include <string_view>

namespace flin::ws {

// Reads `bytes` whole and cut into pieces, with and without permessage-deflate, and inflates them
// as one payload; ends the process when two ways differ, a message is no UTF-8, or one is too
// large.
void check_any_frames(std::string_view bytes);

}  // namespace flin::ws
