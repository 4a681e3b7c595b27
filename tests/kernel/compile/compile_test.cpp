#include "kernel/compile/compiled.h"

#include "compile/prelude.h"

namespace flin::compile {
namespace {

using testing::compiled;
using testing::mnemonics;

TEST(Compile, TheCounterIsThe26BytesOfTheSpecification) {
  bytecode::Chunk chunk =
      compiled("count = 0\n<button click={count++}>{count}</button>\n", "counter");
  EXPECT_EQ(mnemonics(chunk),
            "LoadInt0 StoreGlobal CreateElement CreateHandler LoadGlobal Incr StoreGlobal "
            "TriggerUpdate EndHandler "
            "BindHandler LoadGlobal BindText CloseElement Halt");
  EXPECT_EQ(chunk.code.size(), 26u);
}

TEST(Compile, SameSourceGivesTheSameBytes) {
  const char* source = "fn f(x: int) { x + 1 }\nfor i in 0..3 { print(f(i)) }\n";
  bytecode::Chunk one = compiled(source), two = compiled(source);
  EXPECT_EQ(bytecode::disassemble(one), bytecode::disassemble(two));
  EXPECT_EQ(one.code, two.code);
}

TEST(Compile, IntsUseTypedInstructions) {
  EXPECT_EQ(mnemonics(compiled("a = 2\nb = 3\nprint(a + b * a - b, a < b, a == b)\n")),
            "LoadInt8 StoreGlobal LoadInt8 StoreGlobal LoadGlobal LoadGlobal LoadGlobal MulInt "
            "AddInt LoadGlobal SubInt "
            "LoadGlobal LoadGlobal LtInt LoadGlobal LoadGlobal EqInt Print Halt");
}

TEST(Compile, AnIntMeetsANumberAsANumber) {
  EXPECT_EQ(mnemonics(compiled("a = 2\nb = 0.5\nprint(a + b)\n")),
            "LoadInt8 StoreGlobal LoadConst StoreGlobal LoadGlobal ToNumber LoadGlobal AddNum "
            "Print Halt");
}

TEST(Compile, LoopsAreThoseOfTheSpecification) {
  EXPECT_EQ(mnemonics(compiled("for x in [1] { print(x) }\n")),
            "LoadInt1 CreateList StartFor NextFor LoadLocal Print Loop EndFor Halt");
}

TEST(Compile, ReturnOutOfALoopEndsTheFunction) {
  bytecode::Chunk chunk =
      compiled("fn f(xs: [int]) { for x in xs { if x > 1 { return x } }\n 0 }\nprint(f([1, 2]))\n");
  EXPECT_EQ(mnemonics(chunk, 1),
            "LoadLocal StartFor NextFor LoadLocal LoadInt1 Gt JumpIfFalse LoadLocal Return Loop "
            "EndFor LoadInt0 Return");
}

TEST(Compile, BreakOutOfTwoLoopsEndsTheInnerOne) {
  bytecode::Chunk chunk = compiled("'outer: for x in [1] { for y in [2] { break 'outer } }\n");
  EXPECT_EQ(mnemonics(chunk),
            "LoadInt1 CreateList StartFor NextFor LoadInt8 CreateList StartFor NextFor EndFor Jump "
            "Loop EndFor Loop "
            "EndFor Halt");
}

TEST(Compile, ALoopVariableThatIsCapturedIsNewInEachRound) {
  bytecode::Chunk chunk = compiled("fs = [() => 0]\nfor x in [1, 2] { fs.push(() => x) }\n");
  EXPECT_NE(mnemonics(chunk).find("Closure CallNative Pop CloseUpvalue Loop EndFor"),
            std::string::npos)
      << mnemonics(chunk);
}

TEST(Compile, OptionalChainsEndAtNone) {
  bytecode::Chunk chunk = compiled("fn f(t: text?) { t?.trim.upper }\nprint(f(none))\n");
  EXPECT_EQ(mnemonics(chunk, 1), "LoadLocal NoneJump TextTrim TextUpper Return");
}

TEST(Compile, DefaultsOfParametersAreTheFirstInstructions) {
  bytecode::Chunk chunk = compiled("fn f(a: int, b: int = 2) { a + b }\nprint(f(1))\n");
  EXPECT_EQ(mnemonics(chunk, 1),
            "ArgGiven JumpIfTrue LoadInt8 StoreLocal LoadLocal LoadLocal AddInt Return");
}

TEST(Compile, ThePreludeIsCompiledAsFarAsItIsUsed) {
  bytecode::Chunk chunk = compiled("print([3, 1].sort((a, b) => b - a))\n");
  int prelude = 0;
  for (const bytecode::Function& f : chunk.functions)
    prelude += (f.flags & bytecode::kPrelude) != 0;
  EXPECT_EQ(prelude, 2);  // the sort and its comparison
}

TEST(Compile, EveryFunctionOfThePreludeCompiles) {
  compiled(R"(
xs = [3, 1, 2]
print(xs.flat_map(x => [x, x]), xs.reject(x => x > 1), xs.reduce((a, b) => a + b), xs.find_index(x => x == 1))
print(xs.sort((a, b) => a < b), xs.sort_by(x => x, "desc"), xs.sum(x => x), xs.min_by(x => x), xs.max_by(x => x))
print(xs.count(x => x > 1), xs.group_by(x => x % 2), xs.count_by(x => x % 2), xs.partition(x => x > 1))
)");
}

TEST(Compile, AFunctionAsLastValueOfAHandlerIsCalled) {
  bytecode::Chunk chunk = compiled("n = 0\nfn go() { n++ }\n<button click={go}>x</button>\n");
  EXPECT_NE(mnemonics(chunk).find("CreateHandler Closure CallValue Pop TriggerUpdate EndHandler"),
            std::string::npos)
      << mnemonics(chunk);
}

TEST(Compile, TextsThatAreNeighboursHaveAMarkBetween) {
  bytecode::Chunk chunk = compiled("n = 1\n<p>a{n}{n}b</p>\n");
  std::string text = bytecode::disassemble(chunk);
  EXPECT_NE(text.find("\"a<!--,-->\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"<!--,-->\""), std::string::npos) << text;
  EXPECT_NE(text.find("\"<!--,-->b\""), std::string::npos) << text;
}

TEST(Compile, TransactionsBeginAgainOnAConflict) {
  bytecode::Chunk chunk = compiled(
      "entity A { n: int = 0 }\nfn f() { transaction { save A { n: 1 } } }\nroute POST \"/a\" { "
      "f()\n none }\n");
  std::string code = mnemonics(chunk, 1);
  EXPECT_NE(code.find("Try"), std::string::npos);
  EXPECT_NE(code.find("EndTry"), std::string::npos);
  EXPECT_NE(code.find("Throw"), std::string::npos) << code;
}

}  // namespace
}  // namespace flin::compile
