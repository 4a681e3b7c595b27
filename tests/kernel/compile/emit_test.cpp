#include "compile/emit.h"

#include "compile/scope.h"

#include <gtest/gtest.h>

namespace flin::compile {
namespace {

using bytecode::decode;
using bytecode::Instruction;

Instruction first_of(const Assembled& code, std::uint32_t at = 0) {
  Instruction i;
  EXPECT_TRUE(decode(code.code.data(), static_cast<std::uint32_t>(code.code.size()), at, i));
  return i;
}

TEST(Emitter, PatchesJumpsForwardAndBackward) {
  Emitter code;
  Label top = code.here(), end = code.label();
  code.op(Op::LoadTrue);
  code.jump(Op::JumpIfFalse, end);
  code.jump(Op::Loop, top);
  code.place(end);
  code.op(Op::Halt);
  Assembled out = code.assemble();
  EXPECT_EQ(first_of(out, 1).target(), 7);
  EXPECT_EQ(first_of(out, 4).target(), 0);
  EXPECT_EQ(out.labels[end], 7u);
}

TEST(Emitter, WidensOperandsThatDoNotFit) {
  Emitter code;
  code.op(Op::LoadConst, 70000);
  code.op(Op::StoreLocal, 300);
  code.op(Op::Halt);
  Assembled out = code.assemble();
  EXPECT_TRUE(first_of(out).wide);
  EXPECT_EQ(first_of(out).first, 70000);
  EXPECT_TRUE(first_of(out, 6).wide);
  EXPECT_EQ(first_of(out, 6).first, 300);
}

TEST(Emitter, FarJumpsBecomeJumpFarOrWide) {
  Emitter code;
  Label top = code.here(), end = code.label();
  code.op(Op::LoadTrue);
  code.jump(Op::JumpIfFalse, end);
  for (int i = 0; i < 70000; ++i) code.op(Op::Nop);
  code.jump(Op::Loop, top);
  code.place(end);
  code.op(Op::Halt);
  Assembled out = code.assemble();
  Instruction branch = first_of(out, 1);
  EXPECT_TRUE(branch.wide);
  EXPECT_EQ(branch.target(), out.labels[end]);
  Instruction back = first_of(out, out.labels[end] - 5);
  EXPECT_EQ(back.op, Op::JumpFar);
  EXPECT_EQ(back.target(), 0);
}

TEST(Emitter, KnowsHowDeepTheStackGets) {
  Emitter code;
  for (int i = 0; i < 3; ++i) code.op(Op::LoadInt1);
  code.op(Op::CreateList, 3);
  code.op(Op::Return);
  EXPECT_EQ(code.depth(), 0u);
  EXPECT_EQ(code.assemble().max_stack, 3);
}

TEST(Emitter, NotesPlacesWhereTheyChange) {
  Emitter code;
  code.at({0, 5, 6});
  code.op(Op::LoadInt0);
  code.op(Op::Incr);
  code.at({0, 9, 10});
  code.op(Op::Return);
  Assembled out = code.assemble();
  ASSERT_EQ(out.places.size(), 2u);
  EXPECT_EQ(out.places[1].offset, 2u);
}

TEST(Scope, UsesSlotsOfEndedBlocksAgain) {
  Scope scope;
  check::Symbol a{}, b{}, c{};
  EXPECT_EQ(scope.add(&a), 0u);
  scope.open();
  EXPECT_EQ(scope.add(&b), 1u);
  EXPECT_EQ(scope.close(), 1u);
  EXPECT_EQ(scope.add(&c), 1u);
  EXPECT_EQ(scope.most(), 2u);
  EXPECT_FALSE(scope.has(&b));
}

TEST(Scope, TellsWhetherABlockHasCapturedSlots) {
  Scope scope;
  check::Symbol a{}, b{};
  scope.add(&a);
  scope.open();
  std::uint32_t slot = scope.add(&b);
  EXPECT_FALSE(scope.closing_is_captured());
  scope.capture(slot);
  EXPECT_TRUE(scope.closing_is_captured());
  scope.close();
  EXPECT_FALSE(scope.is_captured_from(0));
}

}  // namespace
}  // namespace flin::compile
