// What the translation to cells promises: slots of a kind, windows, loops, chunks it refuses.
#include "kernel/runtime/machine_fixture.h"

#include <gtest/gtest.h>

namespace flin::test {
namespace {

using bytecode::SlotKind;

class Translation : public MachineTest {
 protected:
  // As run(), with kinds for the slots of each function and for its result.
  std::string run_with(Assembler& a, std::vector<std::vector<SlotKind>> kinds,
                       std::vector<SlotKind> results = {}) {
    bytecode::Chunk chunk = a.finish();
    for (std::size_t row = 0; row < kinds.size(); ++row) chunk.functions[row].kinds = kinds[row];
    for (std::size_t row = 0; row < results.size(); ++row)
      chunk.functions[row].result = results[row];
    auto linked = Program::link(std::move(chunk), 3, core, find);
    if (!linked.ok()) return linked.error().message;
    program = linked.value();
    isolate = std::make_unique<Isolate>(limits);
    isolate->reset(program, ports);
    isolate->enter_function(0, nullptr, 0);
    return outcome(go());
  }
};

TEST_F(Translation, ConvertsWhatIsStoredInASlotOfAKind) {
  Assembler a;
  a.main.locals = 2;
  const auto two = static_cast<std::int64_t>(a.number(2.0));
  a.main.op(Op::LoadConst, two).op(Op::StoreLocal, 0).op(Op::LoadInt1).op(Op::StoreLocal, 1);
  a.main.op(Op::LoadLocal, 0).op(Op::LoadLocal, 1).op(Op::LoadInt8, 2).op(Op::Div).op(Op::Add);
  a.main.op(Op::Halt);
  EXPECT_EQ(run_with(a, {{SlotKind::kInt, SlotKind::kNumber}}), "2.5");
}

TEST_F(Translation, FailsWhereAValueIsNotOfTheKindOfItsSlot) {
  for (const auto& [kind, message] :
       {std::pair{SlotKind::kInt, "R0006: expected int, found text"},
        std::pair{SlotKind::kNumber, "R0006: expected number, found text"},
        std::pair{SlotKind::kBool, "R0006: expected bool, found text"}}) {
    Assembler a;
    a.main.locals = 1;
    a.main.op(Op::LoadConst, static_cast<std::int64_t>(a.text("x"))).op(Op::StoreLocal, 0);
    a.main.op(Op::LoadNone).op(Op::Halt);
    EXPECT_EQ(run_with(a, {{kind}}), message);
  }
}

TEST_F(Translation, HandsOverArgumentsAndResultsAsTheHeadersSay) {
  Assembler a;
  Code& f = a.function_code("f", 3);
  f.op(Op::LoadLocal, 1).op(Op::LoadLocal, 0).op(Op::MulInt).op(Op::LoadLocal, 2);
  f.op(Op::Len).op(Op::AddInt).op(Op::Return);
  const auto k = static_cast<std::int64_t>(a.constant_of(f));
  // f(6, f(1, 2, "abc"), "a"): the inner call uses the memory the outer window lies in.
  a.main.op(Op::LoadInt8, 6).op(Op::LoadInt1).op(Op::LoadInt8, 2);
  a.main.op(Op::LoadConst, static_cast<std::int64_t>(a.text("abc"))).op(Op::Call, 3, k);
  a.main.op(Op::LoadConst, static_cast<std::int64_t>(a.text("a"))).op(Op::Call, 3, k);
  a.main.op(Op::Halt);
  const std::vector<SlotKind> mixed = {SlotKind::kInt, SlotKind::kInt, SlotKind::kAny};
  EXPECT_EQ(run_with(a, {{}, mixed}, {SlotKind::kAny, SlotKind::kInt}), "31");
  EXPECT_EQ(run_with(a, {}), "31");
}

TEST_F(Translation, FailsWhereAnIntLeaves64Bits) {
  Assembler a;
  a.main.locals = 1;
  a.main.op(Op::LoadConst, static_cast<std::int64_t>(a.integer(INT64_MAX)));
  a.main.op(Op::StoreLocal, 0).op(Op::LoadLocal, 0).op(Op::LoadInt1).op(Op::AddInt).op(Op::Halt);
  EXPECT_EQ(run_with(a, {{SlotKind::kInt}}), "R0010: integer overflow");
}

TEST_F(Translation, TakesRemaindersByAConstantOfAllInts) {
  for (const auto& [value, remainder] : {std::pair<std::int64_t, const char*>{7, "1"},
                                         {-7, "-1"},
                                         {4294967295, "0"},
                                         {4294967296, "1"},
                                         {INT64_MAX, "1"}}) {
    Assembler a;
    a.main.locals = 1;
    a.main.op(Op::LoadConst, static_cast<std::int64_t>(a.integer(value))).op(Op::StoreLocal, 0);
    a.main.op(Op::LoadLocal, 0).op(Op::LoadInt8, 3).op(Op::Mod).op(Op::Halt);
    EXPECT_EQ(run_with(a, {{SlotKind::kInt}}), remainder) << value;
  }
}

TEST_F(Translation, RefusesAJumpBackToCodeThatNothingBeforeItReaches) {
  Assembler a;
  const std::size_t over = a.main.jump(Op::Jump);
  const std::size_t back = a.main.here();
  a.main.op(Op::LoadNone).op(Op::Halt);
  a.main.land(over);
  a.main.loop(back);
  EXPECT_EQ(run_with(a, {}),
            "invalid bytecode: function main has a jump backward to code that nothing before it "
            "reaches");
}

}  // namespace
}  // namespace flin::test
