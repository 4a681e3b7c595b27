#include "bytecode/verifier.h"

#include "kernel/bytecode/code_of.h"

#include <gtest/gtest.h>

namespace flin::bytecode {
namespace {

using testing::chunk_of;
using testing::Line;

void accepts(const Chunk& chunk) {
  auto verified = verify(chunk);
  EXPECT_TRUE(verified.ok()) << (verified.ok() ? "" : verified.error().message);
}

void refuses(const Chunk& chunk, std::string_view message) {
  auto verified = verify(chunk);
  ASSERT_FALSE(verified.ok());
  EXPECT_EQ(code_text(verified.error().code), "E1104");
  EXPECT_EQ(verified.error().message, "invalid bytecode at " + std::string(message));
}

TEST(Verifier, AcceptsTheCounter) { accepts(testing::counter()); }

TEST(Verifier, RefusesAProgramWithoutMainCode) {
  refuses(Chunk{}, "offset 0: there is no main code");
}

TEST(Verifier, RefusesBytesThatAreNoInstruction) {
  Chunk chunk = chunk_of({{Op::Nop}, {Op::Halt}});
  chunk.code[1] = 0xFF;
  refuses(chunk, "offset 1: no complete instruction");
}

TEST(Verifier, RefusesAnInstructionCutOff) {
  Chunk chunk = chunk_of({{Op::LoadConst, 0}});
  chunk.code.pop_back();
  chunk.functions[0].code_size--;
  refuses(chunk, "offset 0: no complete instruction");
}

TEST(Verifier, RefusesAJumpIntoAnInstruction) {
  refuses(chunk_of({{Op::Jump, 1}, {Op::LoadConst, 0}, {Op::Pop}, {Op::Halt}}),
          "offset 0: jump to no instruction");
}

TEST(Verifier, RefusesAJumpOutOfTheFunction) {
  refuses(chunk_of({{Op::Nop}, {Op::Loop, 9}}), "offset 1: jump to no instruction");
  refuses(chunk_of({{Op::Jump, 9}, {Op::Halt}}), "offset 0: jump to no instruction");
}

TEST(Verifier, RefusesCodeThatRunsPastItsEnd) {
  refuses(chunk_of({{Op::LoadInt0}}), "offset 0: the code goes on past its end");
}

TEST(Verifier, RefusesToPopWhatIsNotThere) {
  refuses(chunk_of({{Op::LoadInt0}, {Op::Add}, {Op::Return}}), "offset 1: the stack is too short");
}

TEST(Verifier, RefusesMoreOnTheStackThanDeclared) {
  refuses(chunk_of({{Op::LoadInt0}, {Op::LoadInt0}, {Op::Add}, {Op::Return}}, 1),
          "offset 1: more on the stack than declared");
}

TEST(Verifier, RefusesPathsThatMeetWithDifferentDepths) {
  refuses(chunk_of({{Op::LoadTrue}, {Op::JumpIfFalse, 1}, {Op::LoadInt0}, {Op::Halt}}),
          "offset 5: stack depth differs between paths");
}

TEST(Verifier, AcceptsJumpsThatKeepOrDrop) {
  accepts(chunk_of({{Op::LoadTrue}, {Op::AndJump, 1}, {Op::LoadInt0}, {Op::Return}}));
  accepts(chunk_of({{Op::LoadNone}, {Op::NoneJump, 1}, {Op::Incr}, {Op::Return}}));
}

TEST(Verifier, RefusesSlotsThatDoNotExist) {
  refuses(chunk_of({{Op::LoadLocal, 4}, {Op::Return}}), "offset 0: no such local slot");
  refuses(chunk_of({{Op::LoadUpvalue, 0}, {Op::Return}}), "offset 0: no such upvalue");
  refuses(chunk_of({{Op::LoadGlobal, 2}, {Op::Return}}), "offset 0: no such global");
  refuses(chunk_of({{Op::LoadConst, 9}, {Op::Return}}), "offset 0: no such constant");
  refuses(chunk_of({{Op::Ext, 0}, {Op::Halt}}), "offset 0: no such import");
  refuses(chunk_of({{Op::CallNative, 0}, {Op::Halt}}), "offset 0: no such built-in");
  refuses(chunk_of({{Op::LoadContext, 13}, {Op::Return}}), "offset 0: no such context");
}

TEST(Verifier, NextForNeedsTwoSlots) {
  std::initializer_list<Line> loop = {{Op::CreateList, 0}, {Op::StartFor, 5}, {Op::NextFor, 3},
                                      {Op::Loop, 5},       {Op::EndFor},      {Op::Halt}};
  refuses(chunk_of(loop), "offset 6: no such local slot");
}

TEST(Verifier, RefusesConstantsOfAWrongKind) {
  refuses(chunk_of({{Op::LoadInt0}, {Op::GetField, 1}, {Op::Return}}),
          "offset 1: constant of a wrong kind");
  refuses(chunk_of({{Op::Closure, 0}, {Op::Return}}), "offset 0: constant of a wrong kind");
}

TEST(Verifier, AcceptsALoop) {
  accepts(chunk_of({{Op::CreateList, 0},
                    {Op::StartFor, 5},
                    {Op::NextFor, 0},
                    {Op::Loop, 5},
                    {Op::EndFor},
                    {Op::Halt}}));
}

TEST(Verifier, RefusesALoopThatTakesItsIteratorAway) {
  refuses(chunk_of({{Op::CreateList, 0},
                    {Op::StartFor, 6},
                    {Op::NextFor, 0},
                    {Op::Pop},
                    {Op::Loop, 6},
                    {Op::EndFor},
                    {Op::Halt}}),
          "offset 8: the stack is too short");
}

TEST(Verifier, RefusesNextForOutsideItsLoop) {
  refuses(chunk_of({{Op::LoadNone}, {Op::NextFor, 0}, {Op::Pop}, {Op::Halt}}),
          "offset 1: NextFor outside its loop");
}

TEST(Verifier, RefusesConstructsThatOverlap) {
  refuses(chunk_of({{Op::CreateElement, 0},
                    {Op::LoadTrue},
                    {Op::StartIf, 1},
                    {Op::CloseElement},
                    {Op::EndIf},
                    {Op::Halt}}),
          "offset 7: ends what something else began");
}

TEST(Verifier, RefusesAnElementLeftOpen) {
  refuses(chunk_of({{Op::CreateElement, 0}, {Op::Halt}}),
          "offset 3: leaves the function inside a construct");
}

TEST(Verifier, RefusesAnEndWithoutBeginning) {
  refuses(chunk_of({{Op::EndTry}, {Op::Halt}}), "offset 0: nothing to end here");
  refuses(chunk_of({{Op::EndSlot}, {Op::Halt}}), "offset 0: nothing to end here");
}

TEST(Verifier, TryLeadsToItsHandlerWithTheError) {
  accepts(chunk_of({{Op::Try, 2}, {Op::LoadInt0}, {Op::EndTry}, {Op::Return}}));
  accepts(chunk_of({{Op::Try, 2}, {Op::LoadInt0}, {Op::Throw}, {Op::Return}}));
}

TEST(Verifier, AReturnMayLeaveTryAndLoops) {
  accepts(chunk_of({{Op::Try, 2}, {Op::LoadInt0}, {Op::Return}, {Op::Return}}));
}

TEST(Verifier, RefusesAHandlerThatIsNotEnded) {
  refuses(chunk_of({{Op::CreateHandler, 0}, {Op::Halt}}), "offset 0: the body is not ended");
}

TEST(Verifier, AHandlerUsesNothingThatIsOnTheStack) {
  refuses(
      chunk_of({{Op::LoadInt0}, {Op::CreateHandler, 0}, {Op::Pop}, {Op::EndHandler}, {Op::Return}}),
      "offset 4: the stack is too short");
}

TEST(Verifier, RefusesAHandlerThatLeavesValues) {
  refuses(chunk_of({{Op::CreateHandler, 0}, {Op::LoadInt0}, {Op::EndHandler}, {Op::Halt}}),
          "offset 4: values are left on the stack");
}

TEST(Verifier, CodeBehindAnEndlessHandlerIsProvedToo) {
  refuses(chunk_of({{Op::CreateHandler, 0},
                    {Op::Nop},
                    {Op::Loop, 4},
                    {Op::EndHandler},
                    {Op::Pop},
                    {Op::Halt}}),
          "offset 8: the stack is too short");
}

TEST(Verifier, AViewLeavesOneValue) {
  accepts(chunk_of({{Op::BeginView, 3}, {Op::AddText, 0}, {Op::EndView}, {Op::Return}}));
  refuses(chunk_of({{Op::BeginView, 0}, {Op::AddText, 0}, {Op::EndView}, {Op::Return}}),
          "offset 0: BeginView does not lead to its EndView");
}

TEST(Verifier, RefusesCallsWithAWrongNumberOfArguments) {
  Chunk chunk = chunk_of({{Op::Call, 1, 2}, {Op::Return}});
  Constant function;
  function.tag = Tag::kFunction;
  function.i = 1;
  chunk.constants.push_back(function);
  testing::add_function(chunk, testing::bytes_of({{Op::LoadNone}, {Op::Return}}));
  refuses(chunk, "offset 0: wrong number of arguments");
}

TEST(Verifier, RefusesAClosureThatCapturesWhatIsNotThere) {
  Chunk chunk = chunk_of({{Op::Closure, 2}, {Op::Return}});
  Constant function;
  function.tag = Tag::kFunction;
  function.i = 1;
  chunk.constants.push_back(function);
  std::uint32_t row =
      testing::add_function(chunk, testing::bytes_of({{Op::LoadUpvalue, 0}, {Op::Return}}));
  chunk.functions[row].upvalues = {{0, 3}};
  accepts(chunk);
  chunk.functions[row].upvalues = {{0, 4}};
  refuses(chunk, "offset 0: the closure captures what is not there");
}

TEST(Verifier, RefusesBrokenConstants) {
  Chunk chunk = chunk_of({{Op::Halt}});
  Constant broken;
  broken.tag = Tag::kType;
  broken.text = "\x10";  // a list of nothing
  chunk.constants.push_back(broken);
  refuses(chunk, "offset 0: constant 2 is broken");
  chunk.constants.back().tag = Tag::kNames;
  chunk.constants.back().items = {1};
  refuses(chunk, "offset 0: constant 2 is broken");
  chunk.constants.back().tag = static_cast<Tag>(0x42);
  refuses(chunk, "offset 0: constant 2 is broken");
}

TEST(Verifier, ProvesPredicates) {
  Chunk chunk = chunk_of({{Op::Halt}});
  chunk.entities.push_back({"Todo", {}, {}});
  Constant predicate;
  predicate.tag = Tag::kPredicate;
  predicate.items = {0, 1};
  predicate.text = std::string("\x01\x01\0\0\0\0\x03\x01\0\0\0\x10", 12);  // a == 7
  chunk.constants.push_back(predicate);
  accepts(chunk);
  chunk.constants.back().text.pop_back();  // two values are left
  refuses(chunk, "offset 0: constant 2 is broken");
}

TEST(Verifier, RefusesHandlerRowsThatAreNoBody) {
  Chunk chunk = testing::counter();
  chunk.handlers[0].end = 18;
  refuses(chunk, "offset 0: a handler row without a body");
  chunk = testing::counter();
  chunk.handlers[0].function = 5;
  refuses(chunk, "offset 0: a handler is broken");
}

TEST(Verifier, RefusesPagesThatNameWhatIsNotThere) {
  Chunk chunk = testing::counter();
  chunk.pages[0].cells[0].slot = 1;
  refuses(chunk, "offset 0: page / is broken");
  chunk = testing::counter();
  chunk.pages[0].live = {0};
  refuses(chunk, "offset 0: page / is broken");
}

TEST(Verifier, RefusesViewRowsOutsideTheCode) {
  Chunk chunk = testing::counter();
  ViewRow row;
  row.kind = 1;
  row.start = 19;
  row.end = 23;
  chunk.views.push_back(row);
  accepts(chunk);
  chunk.views[0].end = 99;
  refuses(chunk, "offset 0: a view row is broken");
}

TEST(Verifier, RefusesSlotsOfNoKindAndParametersThatMayBeMissingUnboxed) {
  Chunk chunk = chunk_of({{Op::Halt}});
  chunk.functions[0].kinds = {SlotKind::kInt, SlotKind::kAny, SlotKind::kBool};
  chunk.functions[0].result = SlotKind::kNumber;
  accepts(chunk);
  chunk.functions[0].kinds[1] = static_cast<SlotKind>(4);
  refuses(chunk, "offset 0: a function with a slot of no kind");
  chunk.functions[0].kinds.assign(5, SlotKind::kAny);  // of 4 locals
  refuses(chunk, "offset 0: a function with a slot of no kind");
  chunk.functions[0].kinds = {SlotKind::kInt, SlotKind::kInt};
  chunk.functions[0].arity = 2;
  chunk.functions[0].least_arity = 1;
  refuses(chunk, "offset 0: a function with a slot of no kind");
}

}  // namespace
}  // namespace flin::bytecode
