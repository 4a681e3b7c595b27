#include "kernel/bytecode/code_of.h"

#include <gtest/gtest.h>

namespace flin::bytecode {
namespace {

using testing::bytes_of;

TEST(Opcodes, TheCounterTakes26Bytes) { EXPECT_EQ(testing::counter().code.size(), 26u); }

TEST(Opcodes, EveryOpcodeDecodesToItself) {
  for (unsigned byte = 0; byte < 256; ++byte) {
    const Opcode& row = kOpcodes[byte];
    if (row.name.empty() || (row.flags & kPrefix)) continue;
    auto code = bytes_of({{static_cast<Op>(byte), 1, 1}});
    Instruction i;
    ASSERT_TRUE(decode(code.data(), static_cast<std::uint32_t>(code.size()), 0, i)) << row.name;
    EXPECT_EQ(static_cast<unsigned>(i.op), byte);
    EXPECT_EQ(i.size, code.size()) << row.name;
  }
}

TEST(Opcodes, BytesOutsideTheTableAreNoInstructions) {
  const std::uint8_t code[] = {0x2F, 0, 0};
  Instruction i;
  EXPECT_FALSE(decode(code, sizeof code, 0, i));
}

TEST(Opcodes, WideDoublesOperands) {
  const std::uint8_t code[] = {0x0F, 0x16, 1, 0, 1, 0};
  Instruction i;
  ASSERT_TRUE(decode(code, sizeof code, 0, i));
  EXPECT_TRUE(i.wide);
  EXPECT_EQ(i.first, 0x10001);
  EXPECT_EQ(i.size, 6u);
}

TEST(Opcodes, WideStandsOnlyBeforeFormatsWithAWideForm) {
  const std::uint8_t before_add[] = {0x0F, 0x30, 0, 0, 0, 0};
  const std::uint8_t before_far[] = {0x0F, 0x0A, 0, 0, 0, 0, 0, 0, 0, 0};
  const std::uint8_t twice[] = {0x0F, 0x0F, 0x16, 0, 0, 0, 0};
  Instruction i;
  EXPECT_FALSE(decode(before_add, sizeof before_add, 0, i));
  EXPECT_FALSE(decode(before_far, sizeof before_far, 0, i));
  EXPECT_FALSE(decode(twice, sizeof twice, 0, i));
}

TEST(Opcodes, AnInstructionMustEndWithinTheCode) {
  const std::uint8_t code[] = {0x16, 1};
  Instruction i;
  EXPECT_FALSE(decode(code, sizeof code, 0, i));
  const std::uint8_t prefix[] = {0x0F};
  EXPECT_FALSE(decode(prefix, sizeof prefix, 0, i));
}

TEST(Opcodes, IntsAndFarJumpsAreSigned) {
  auto ints = bytes_of({{Op::LoadInt8, -5}, {Op::LoadInt16, -300}, {Op::JumpFar, -10}});
  Instruction i;
  auto size = static_cast<std::uint32_t>(ints.size());
  ASSERT_TRUE(decode(ints.data(), size, 0, i));
  EXPECT_EQ(i.first, -5);
  ASSERT_TRUE(decode(ints.data(), size, 2, i));
  EXPECT_EQ(i.first, -300);
  ASSERT_TRUE(decode(ints.data(), size, 5, i));
  EXPECT_EQ(i.target(), 0);
}

TEST(Opcodes, LoopGoesBackwardFromItsEnd) {
  auto code = bytes_of({{Op::Nop}, {Op::Loop, 4}});
  Instruction i;
  ASSERT_TRUE(decode(code.data(), static_cast<std::uint32_t>(code.size()), 1, i));
  EXPECT_EQ(i.target(), 0);
}

TEST(Opcodes, CountsDecideTheStackEffect) {
  auto effect = [](Op op, std::int64_t n) {
    Instruction i;
    i.op = op;
    i.first = n;
    return stack_effect(i, 0, 0);
  };
  EXPECT_EQ(effect(Op::CreateMap, 3).pops, 6u);
  EXPECT_EQ(effect(Op::CallValue, 2).pops, 3u);
  EXPECT_EQ(effect(Op::UnpackRest, 2).pushes, 3u);
  EXPECT_EQ(effect(Op::Slice, 5).pops, 3u);
  EXPECT_EQ(effect(Op::CallNative, std::int64_t{4} << 24 | 9).pops, 4u);
  Instruction ext;
  ext.op = Op::Ext;
  EXPECT_EQ(stack_effect(ext, 3, 1).pops, 3u);
  EXPECT_EQ(stack_effect(ext, 3, 1).pushes, 1u);
}

}  // namespace
}  // namespace flin::bytecode
