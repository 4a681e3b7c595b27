// Fuzz target: foreign bytes as the code of a function. What the verifier accepts must be decodable
// to its end, and the disassembler must take anything.
//
// Built with clang++ -std=c++20 -fsanitize=fuzzer,address,undefined -Ikernel from this file,
// kernel/bytecode/*.cpp and kernel/base/result.cpp.
#include "bytecode/disassembler.h"
#include "bytecode/opcodes.h"
#include "bytecode/verifier.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace flin::bytecode;

namespace {

// One constant of each kind that code can name, so that operands are often right.
Chunk surroundings() {
  Chunk chunk;
  chunk.globals = 4;
  for (Tag tag : {Tag::kText, Tag::kInt, Tag::kFunction, Tag::kType, Tag::kNames, Tag::kVariant}) {
    Constant constant;
    constant.tag = tag;
    constant.text = tag == Tag::kType ? "\x02" : "a";
    if (tag == Tag::kNames) constant.items = {0};
    if (tag == Tag::kVariant) constant.items = {0, 0, 1};
    chunk.constants.push_back(constant);
  }
  chunk.imports.push_back({"store.save", 1, 1, 0});
  chunk.builtins.push_back({"round", 1, 2});
  return chunk;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 1 << 16) return 0;
  Chunk chunk = surroundings();
  Function function;
  function.max_stack = data[0];
  function.locals = data[1];
  chunk.code.assign(data + 2, data + size);
  function.code_size = static_cast<std::uint32_t>(chunk.code.size());
  chunk.functions.push_back(function);
  bool accepted = verify(chunk).ok();
  disassemble(chunk);
  Instruction i;
  for (std::uint32_t at = 0; accepted && at < function.code_size; at = i.end())
    if (!decode(chunk.code.data(), function.code_size, at, i)) std::abort();
  return 0;
}
