// Damaged programs: whatever the bytes, verifier and disassembler neither crash nor hang.
#include "bytecode/disassembler.h"
#include "bytecode/verifier.h"
#include "kernel/bytecode/code_of.h"

#include <gtest/gtest.h>

#include <random>

namespace flin::bytecode {
namespace {

// A chunk with one of everything that nests.
Chunk rich() {
  Chunk chunk = testing::counter();
  auto code = testing::bytes_of({{Op::CreateList, 0},
                                 {Op::StartFor, 24},
                                 {Op::NextFor, 0},
                                 {Op::Try, 4},
                                 {Op::LoadLocal, 0},
                                 {Op::EndTry},
                                 {Op::Nop},
                                 {Op::StoreLocal, 2},
                                 {Op::LoadLocal, 2},
                                 {Op::StartIf, 3},
                                 {Op::AddText, 0},
                                 {Op::EndIf},
                                 {Op::Loop, 24},
                                 {Op::EndFor},
                                 {Op::LoadNone},
                                 {Op::Return}});
  testing::add_function(chunk, code, 3, 4);
  return chunk;
}

TEST(VerifierMutations, NeverCrash) {
  std::mt19937 random(20260701);
  const Chunk whole = rich();
  int accepted = 0;
  for (int round = 0; round < 5000; ++round) {
    Chunk chunk = whole;
    int changes = 1 + static_cast<int>(random() % 3);
    for (int i = 0; i < changes; ++i) {
      switch (random() % 6) {
        case 0: chunk.functions[random() % 2].code_size += random() % 5 - 2; break;
        case 1:
          chunk.functions[random() % 2].max_stack = static_cast<std::uint16_t>(random() % 4);
          break;
        case 2:
          chunk.constants[random() % chunk.constants.size()].tag = static_cast<Tag>(random() % 16);
          break;
        default:
          chunk.code[random() % chunk.code.size()] = static_cast<std::uint8_t>(random());
          break;
      }
    }
    accepted += verify(chunk).ok();
    disassemble(chunk);
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 5000);
}

TEST(VerifierMutations, RandomCodeNeverCrashes) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    Chunk chunk = testing::counter();
    chunk.pages.clear();
    chunk.handlers.clear();
    for (auto& byte : chunk.code) byte = static_cast<std::uint8_t>(random());
    (void)verify(chunk);
    disassemble(chunk);
  }
}

}  // namespace
}  // namespace flin::bytecode
