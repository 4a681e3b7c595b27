#include "machine_fixture.h"

namespace flin::test {
namespace {

// Runs every program as it is, with fuel for one instruction at a time, and with a collection at
// each.
class Interpreter : public MachineTest {
 protected:
  std::string run_all_ways(Assembler& a) {
    const bytecode::Chunk chunk = a.finish();
    const std::string expected = run_chunk(chunk, 1u << 30, false);
    EXPECT_EQ(run_chunk(chunk, 1, false), expected) << "with fuel 1";
    EXPECT_EQ(run_chunk(chunk, 1, true), expected)
        << "with fuel 1 and a collection at every instruction";
    return expected;
  }
  std::string run_chunk(const bytecode::Chunk& chunk, std::uint32_t fuel, bool stress) {
    limits.gc_stress = stress;
    auto linked = Program::link(chunk, 3, core, find);
    if (!linked.ok()) return linked.error().message;
    program = linked.value();
    isolate = std::make_unique<Isolate>(limits);
    isolate->reset(program, ports);
    isolate->enter_function(0, nullptr, 0);
    return outcome(go(fuel));
  }
};

TEST_F(Interpreter, AddsSmallInts) {
  Assembler a;
  a.main.op(Op::LoadInt8, 40).op(Op::LoadInt8, 2).op(Op::Add).op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "42");
}

TEST_F(Interpreter, LoopsWithABackEdge) {
  Assembler a;
  a.main.locals = 2;
  a.main.op(Op::LoadInt0).op(Op::StoreLocal, 0).op(Op::LoadInt0).op(Op::StoreLocal, 1);
  const auto start = a.main.here();
  a.main.op(Op::LoadLocal, 0).op(Op::LoadInt8, 100).op(Op::LtInt);
  const auto out = a.main.jump(Op::JumpIfFalse);
  a.main.op(Op::LoadLocal, 1).op(Op::LoadLocal, 0).op(Op::AddInt).op(Op::StoreLocal, 1);
  a.main.op(Op::LoadLocal, 0).op(Op::Incr).op(Op::StoreLocal, 0).loop(start);
  a.main.land(out).op(Op::LoadLocal, 1).op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "4950");
}

TEST_F(Interpreter, CallsItselfRecursively) {
  Assembler a;
  Code& fib = a.function_code("fib", 1);
  const auto k = static_cast<std::int64_t>(a.constant_of(fib));
  fib.op(Op::LoadLocal, 0).op(Op::LoadInt8, 2).op(Op::LtInt);
  const auto more = fib.jump(Op::JumpIfFalse);
  fib.op(Op::LoadLocal, 0).op(Op::Return);
  fib.land(more).op(Op::LoadLocal, 0).op(Op::LoadInt1).op(Op::SubInt).op(Op::Call, 1, k);
  fib.op(Op::LoadLocal, 0)
      .op(Op::LoadInt8, 2)
      .op(Op::SubInt)
      .op(Op::Call, 1, k)
      .op(Op::AddInt)
      .op(Op::Return);
  a.main.op(Op::LoadInt8, 12).op(Op::Call, 1, k).op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "144");
}

TEST_F(Interpreter, ReadsOperandsBehindWideAtDoubleWidth) {
  Assembler a;
  a.main.locals = 300;
  a.main.wide(Op::LoadInt16, 1'000'000)
      .wide(Op::StoreLocal, 299)
      .wide(Op::LoadLocal, 299)
      .op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "1000000");
}

TEST_F(Interpreter, FailsAtTooDeepCallsWithBothNames) {
  Assembler a;
  Code& f = a.function_code("f");
  const auto k = static_cast<std::int64_t>(a.constant_of(f));
  f.op(Op::Call, 0, k).op(Op::Return);
  a.main.op(Op::Call, 0, k).op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "R0002: calls nested deeper than 1024: f -> f");
}

TEST_F(Interpreter, FailsWhenTheOperandStackIsFull) {
  limits.stack = 2000;
  Assembler a;
  Code& f = a.function_code("f", 0, 30);
  const auto k = static_cast<std::int64_t>(a.constant_of(f));
  f.op(Op::Call, 0, k).op(Op::Return);
  a.main.op(Op::Call, 0, k).op(Op::Halt);
  EXPECT_EQ(run(a), "R0001: operand stack overflow");
}

TEST_F(Interpreter, CatchesAnErrorAndCutsTheStack) {
  Assembler a;
  a.main.locals = 1;
  a.main.op(Op::LoadInt8, 7);
  const auto handler = a.main.jump(Op::Try);
  a.main.op(Op::LoadInt1).op(Op::LoadInt0).op(Op::Mod).op(Op::StoreLocal, 0).op(Op::EndTry);
  const auto over = a.main.jump(Op::Jump);
  a.main.land(handler)
      .op(Op::GetField, static_cast<std::int64_t>(a.text("code")))
      .op(Op::StoreLocal, 0);
  a.main.land(over).op(Op::LoadLocal, 0).op(Op::CreateList, 2).op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "[7, \"R0009\"]");
}

TEST_F(Interpreter, TellsWhereAnErrorHappened) {
  Assembler a;
  Code& f = a.function_code("f");
  f.op(Op::LoadInt1).op(Op::LoadInt0).op(Op::Mod).op(Op::Return);
  a.main.op(Op::Call, 0, static_cast<std::int64_t>(a.constant_of(f))).op(Op::Halt);
  EXPECT_EQ(run(a), "R0009: division by zero");
  EXPECT_EQ(isolate->failure().trace,
            (std::vector<std::string>{"at f (test.flin:2:3)", "at main (test.flin:1:3)"}));
}

TEST_F(Interpreter, ClosuresShareTheirVariableAndKeepItAlive) {
  Assembler a;
  Code& inner = a.function_code("inner");
  inner.upvalues = {{0, 0}};
  inner.op(Op::LoadUpvalue, 0)
      .op(Op::Incr)
      .op(Op::StoreUpvalue, 0)
      .op(Op::LoadUpvalue, 0)
      .op(Op::Return);
  Code& make = a.function_code("make", 0, 1);
  make.op(Op::LoadInt8, 10)
      .op(Op::StoreLocal, 0)
      .op(Op::Closure, static_cast<std::int64_t>(a.constant_of(inner)))
      .op(Op::Return);
  a.main.locals = 1;
  a.main.op(Op::Call, 0, static_cast<std::int64_t>(a.constant_of(make))).op(Op::StoreLocal, 0);
  a.main.op(Op::LoadLocal, 0)
      .op(Op::CallValue, 0)
      .op(Op::Pop)
      .op(Op::LoadLocal, 0)
      .op(Op::CallValue, 0)
      .op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "12");
}

TEST_F(Interpreter, EachRoundOfALoopHasItsOwnVariable) {
  Assembler a;
  Code& read = a.function_code("read");
  read.upvalues = {{0, 1}};
  read.op(Op::LoadUpvalue, 0).op(Op::Return);
  Code& call = a.function_code("call", 1);
  call.op(Op::LoadLocal, 0).op(Op::CallValue, 0).op(Op::Return);
  a.main.locals = 3;  // list of closures, loop variable, index
  a.main.op(Op::CreateList, 0)
      .op(Op::StoreLocal, 0)
      .op(Op::LoadInt1)
      .op(Op::LoadInt8, 3)
      .op(Op::MakeRange);
  const auto end = a.main.jump(Op::StartFor);
  const auto next = a.main.here();
  a.main.op(Op::NextFor, 1)
      .op(Op::LoadLocal, 0)
      .op(Op::Closure, static_cast<std::int64_t>(a.constant_of(read)));
  a.main.op(Op::Append).op(Op::Pop).op(Op::CloseUpvalue, 1).loop(next).land(end).op(Op::EndFor);
  a.main.op(Op::LoadLocal, 0)
      .op(Op::Closure, static_cast<std::int64_t>(a.constant_of(call)))
      .op(Op::HofMap)
      .op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "[1, 2, 3]");
}

TEST_F(Interpreter, ALoopTakesTheListAsItIsAtItsStart) {
  Assembler a;
  a.main.locals = 4;
  a.main.op(Op::LoadInt1)
      .op(Op::LoadInt8, 2)
      .op(Op::CreateList, 2)
      .op(Op::StoreLocal, 0)
      .op(Op::LoadInt0)
      .op(Op::StoreLocal, 3);
  a.main.op(Op::LoadLocal, 0);
  const auto end = a.main.jump(Op::StartFor);
  const auto next = a.main.here();
  a.main.op(Op::NextFor, 1)
      .op(Op::LoadLocal, 0)
      .op(Op::LoadInt0)
      .op(Op::LoadInt8, 50)
      .op(Op::SetIndex);
  a.main.op(Op::LoadLocal, 0).op(Op::LoadInt1).op(Op::LoadInt8, 60).op(Op::SetIndex);
  a.main.op(Op::LoadLocal, 0).op(Op::LoadInt8, 9).op(Op::Append).op(Op::Pop);
  a.main.op(Op::LoadLocal, 3)
      .op(Op::LoadLocal, 1)
      .op(Op::Add)
      .op(Op::StoreLocal, 3)
      .loop(next)
      .land(end)
      .op(Op::EndFor);
  a.main.op(Op::LoadLocal, 3).op(Op::LoadLocal, 0).op(Op::CreateList, 2).op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "[3, [50, 60, 9, 9]]");
}

TEST_F(Interpreter, WalksAMapByKeyAndValueInOrder) {
  Assembler a;
  a.main.locals = 3;
  a.main.op(Op::LoadEmpty).op(Op::StoreLocal, 0);
  a.main.op(Op::LoadConst, static_cast<std::int64_t>(a.text("b")))
      .op(Op::LoadInt1)
      .op(Op::LoadConst, static_cast<std::int64_t>(a.text("a")))
      .op(Op::LoadInt8, 2)
      .op(Op::CreateMap, 2);
  const auto end = a.main.jump(Op::StartFor);
  const auto next = a.main.here();
  a.main.op(Op::NextFor, 1)
      .op(Op::LoadLocal, 0)
      .op(Op::LoadLocal, 1)
      .op(Op::LoadLocal, 2)
      .op(Op::Interpolate, 3)
      .op(Op::StoreLocal, 0)
      .loop(next);
  a.main.land(end).op(Op::EndFor).op(Op::LoadLocal, 0).op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "b1a2");
}

TEST_F(Interpreter, HofInstructionsWork) {
  Assembler a;
  Code& is_odd = a.function_code("is_odd", 1);
  is_odd.op(Op::LoadLocal, 0).op(Op::LoadInt8, 2).op(Op::Mod).op(Op::Return);
  Code& sum = a.function_code("sum", 2);
  sum.op(Op::LoadLocal, 0).op(Op::LoadLocal, 1).op(Op::Add).op(Op::Return);
  Code& minus = a.function_code("minus", 1);
  minus.op(Op::LoadLocal, 0).op(Op::Neg).op(Op::Return);
  const auto odd_k = static_cast<std::int64_t>(a.constant_of(is_odd)),
             sum_k = static_cast<std::int64_t>(a.constant_of(sum)),
             minus_k = static_cast<std::int64_t>(a.constant_of(minus));
  const auto range = [&] { a.main.op(Op::LoadInt1).op(Op::LoadInt8, 5).op(Op::MakeRange); };
  range(), a.main.op(Op::Closure, odd_k).op(Op::HofFilter);
  range(), a.main.op(Op::LoadInt8, 100).op(Op::Closure, sum_k).op(Op::HofReduce);
  range(), a.main.op(Op::Closure, minus_k).op(Op::HofSort);
  range(), a.main.op(Op::Closure, odd_k).op(Op::HofFind);
  range(), a.main.op(Op::Closure, odd_k).op(Op::HofAny);
  range(), a.main.op(Op::Closure, odd_k).op(Op::HofAll);
  a.main.op(Op::CreateList, 6).op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "[[1, 3, 5], 115, [5, 4, 3, 2, 1], 1, true, false]");
}

TEST_F(Interpreter, SortsAListByItsItemsWithoutAFunction) {
  Assembler a;
  a.main.op(Op::LoadInt8, 3)
      .op(Op::LoadInt1)
      .op(Op::LoadInt8, 2)
      .op(Op::CreateList, 3)
      .op(Op::LoadNone)
      .op(Op::HofSort)
      .op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "[1, 2, 3]");
}

TEST_F(Interpreter, MethodsOfAnyAreFoundWhenTheyAreCalled) {
  Assembler a;
  Code& twice = a.function_code("twice", 1);
  twice.op(Op::LoadLocal, 0).op(Op::Dup).op(Op::Add).op(Op::Return);
  const auto k = [&](const char* s) { return static_cast<std::int64_t>(a.text(s)); };
  const auto f = static_cast<std::int64_t>(a.constant_of(twice));
  a.main.op(Op::LoadInt8, 3)
      .op(Op::LoadInt1)
      .op(Op::CreateList, 2)
      .op(Op::Dup)
      .op(Op::CallMethod, 0, k("sort"))
      .op(Op::Swap);
  a.main.op(Op::Dup).op(Op::Closure, f).op(Op::CallMethod, 1, k("map")).op(Op::Swap);
  a.main.op(Op::Dup).op(Op::Closure, f).op(Op::CallMethod, 1, k("each")).op(Op::Swap);
  a.main.op(Op::CallMethod, 0, k("len"));
  a.main.op(Op::LoadConst, k("double"))
      .op(Op::Closure, f)
      .op(Op::CreateMap, 1)
      .op(Op::LoadInt8, 4)
      .op(Op::CallMethod, 1, k("double"));
  a.main.op(Op::LoadConst, k("a-b-b"))
      .op(Op::LoadConst, k("-"))
      .op(Op::LoadConst, k("+"))
      .op(Op::TextReplace);
  a.main.op(Op::LoadConst, k(" x ")).op(Op::Member, k("trim"));
  a.main.op(Op::CreateList, 7).op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "[[1, 3], [6, 2], none, 2, 8, \"a+b-b\", \"x\"]");
}

TEST_F(Interpreter, UnknownMembersOfAnyFail) {
  Assembler a;
  a.main.op(Op::LoadInt1).op(Op::Member, static_cast<std::int64_t>(a.text("gone"))).op(Op::Halt);
  EXPECT_EQ(run(a), "R0008: int has no member 'gone'");
  Assembler b;
  b.main.op(Op::LoadNone).op(Op::Member, static_cast<std::int64_t>(b.text("gone"))).op(Op::Halt);
  EXPECT_EQ(run(b), "R0007: none has no member 'gone'");
}

TEST_F(Interpreter, AParameterThatWasNotGivenIsSeen) {
  Assembler a;
  Code& f = a.function_code("f", 1);
  f.least = 0;
  f.op(Op::ArgGiven, 0).op(Op::Return);
  const auto k = static_cast<std::int64_t>(a.constant_of(f));
  a.main.op(Op::Call, 0, k).op(Op::LoadNone).op(Op::Call, 1, k).op(Op::CreateList, 2).op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "[false, true]");
}

TEST_F(Interpreter, NamedArgumentsFindTheirParameters) {
  Assembler a;
  Code& f = a.function_code("f", 2);
  f.op(Op::LoadLocal, 0).op(Op::LoadLocal, 1).op(Op::Sub).op(Op::Return);
  a.chunk().names = {{1, 0, "x"}, {1, 1, "y"}};
  a.main.op(Op::Closure, static_cast<std::int64_t>(a.constant_of(f)))
      .op(Op::LoadInt8, 3)
      .op(Op::LoadInt8, 10);
  a.main.op(Op::CallNamed, 2, static_cast<std::int64_t>(a.names({"y", "x"}))).op(Op::Halt);
  EXPECT_EQ(run_all_ways(a), "7");
}

TEST_F(Interpreter, AVariableUsedBeforeItIsSetFails) {
  Assembler a;
  a.chunk().globals = 1;
  a.chunk().names = {{0, 0, "x"}};
  a.main.op(Op::LoadGlobal, 0).op(Op::Halt);
  EXPECT_EQ(run(a), "R0005: 'x' is used before it is set");
}

TEST_F(Interpreter, CallsOfWhatIsNoFunctionFail) {
  Assembler a;
  a.main.op(Op::LoadInt1).op(Op::CallValue, 0).op(Op::Halt);
  EXPECT_EQ(run(a), "R0012: int cannot be called");
}

TEST_F(Interpreter, PrintsDisplayForms) {
  Assembler a;
  a.main.op(Op::LoadConst, static_cast<std::int64_t>(a.text("a")))
      .op(Op::LoadNone)
      .op(Op::LoadConst, static_cast<std::int64_t>(a.text("b")))
      .op(Op::CreateList, 1)
      .op(Op::Print, 3)
      .op(Op::Halt);
  run(a);
  EXPECT_EQ(printed, (std::vector<std::string>{"a none [\"b\"]"}));
}

TEST_F(Interpreter, StopsAtItsMemoryLimitAndCanGoOnAfterwards) {
  limits.memory = 1 << 20;
  Assembler a;
  a.main.locals = 1;
  const auto handler = a.main.jump(Op::Try);
  a.main.op(Op::CreateList, 0).op(Op::StoreLocal, 0);
  const auto start = a.main.here();
  a.main.op(Op::LoadLocal, 0)
      .op(Op::LoadConst, static_cast<std::int64_t>(a.text("abc")))
      .op(Op::CreateList, 1)
      .op(Op::Append)
      .op(Op::Pop)
      .loop(start);
  a.main.land(handler)
      .op(Op::LoadNone)
      .op(Op::StoreLocal, 0)
      .op(Op::GetField, static_cast<std::int64_t>(a.text("message")))
      .op(Op::Halt);
  EXPECT_EQ(run(a), "memory limit reached");
}

TEST_F(Interpreter, EndsWhatRunsTooLong) {
  limits.cpu_ms = 20;
  Assembler a;
  const auto start = a.main.here();
  a.main.op(Op::Nop).loop(start);
  EXPECT_EQ(run(a, 1'000'000), "R0004: ran longer than 0 s");
}

TEST_F(Interpreter, RefusesAChunkThatDoesNotVerify) {
  Assembler a;
  a.main.op(Op::Add).op(Op::Halt);
  auto linked = Program::link(a.finish(), 1, core, find);
  ASSERT_FALSE(linked.ok());
  EXPECT_EQ(code_text(linked.error().code), "E1104");
}

TEST_F(Interpreter, NamesTheOpcodeThatNoPluginGives) {
  Assembler a;
  a.main.op(Op::LoadNone)
      .op(Op::Ext, static_cast<std::int64_t>(a.import("store.save", 1, 1, 0)))
      .op(Op::Halt);
  auto linked = Program::link(a.finish(), 1, core, find);
  ASSERT_FALSE(linked.ok());
  EXPECT_EQ(code_text(linked.error().code), "E1105");
  EXPECT_NE(linked.error().message.find("store.save"), std::string::npos);
}

}  // namespace
}  // namespace flin::test
