// Fuzz target: any bytes as a program. The parser must give a tree, end in time, and its messages
// must be printable.
//
// clang++ -std=c++20 -fsanitize=fuzzer,address,undefined -Ikernel tests/fuzz/parser_fuzz.cpp \
//   kernel/syntax/*.cpp kernel/base/*.cpp -o parser_fuzz
#include "syntax/dump_tree.h"
#include "syntax/parser.h"
#include "syntax/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

using namespace flin::syntax;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 1 << 16) return 0;
  Sources sources;
  sources.add("fuzz.flin", std::string(reinterpret_cast<const char*>(data), size));
  flin::Arena arena;
  Diagnostics diagnostics;
  const File* file = parse(sources, 0, arena, diagnostics);
  const std::string tree = dump_tree(*file);
  const std::string messages = diagnostics.render(sources);
  if (diagnostics.has_errors() && messages.empty()) std::abort();
  std::size_t bad = 0;
  is_utf8(tree, bad);
  return 0;
}
