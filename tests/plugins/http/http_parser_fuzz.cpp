// libFuzzer target: arbitrary bytes as a stream of requests (clang, -fsanitize=fuzzer).
#include "parser_mutations.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  flin::http::check_any_bytes({reinterpret_cast<const char*>(data), size});
  return 0;
}
