// libFuzzer target: arbitrary bytes as a multipart/form-data body with boundary `b`.
#include "form_mutations.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  flin::http::check_any_form({reinterpret_cast<const char*>(data), size});
  return 0;
}
