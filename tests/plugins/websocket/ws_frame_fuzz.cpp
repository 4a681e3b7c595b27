// libFuzzer target: arbitrary bytes as frames of a client.
#include "frame_mutations.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  flin::ws::check_any_frames({reinterpret_cast<const char*>(data), size});
  return 0;
}
