#include "bytecode/disassembler.h"

#include "kernel/bytecode/code_of.h"

#include <gtest/gtest.h>

namespace flin::bytecode {
namespace {

TEST(Disassembler, ShowsTheCounter) {
  EXPECT_EQ(disassemble(testing::counter()), R"(program counter (server)

function #0: 0 locals, stack 1, 26 bytes
  00000  LoadInt0
  00001  StoreGlobal 0          ; count
  00004  CreateElement k0       ; "button data-flin-bind=\"count\""
  00007  CreateHandler k1       ; "click"
  00010  LoadGlobal 0           ; count
  00013  Incr
  00014  StoreGlobal 0          ; count
  00017  TriggerUpdate
  00018  EndHandler
  00019  BindHandler
  00020  LoadGlobal 0           ; count
  00023  BindText
  00024  CloseElement
  00025  Halt

PAGE "/" title "counter" #0
  0 count: int, in the state
  live none, handlers 0

HNDL
  0 event click: #0 10..19, browser
)");
}

TEST(Disassembler, ShowsWhereJumpsLead) {
  std::string text = disassemble(testing::chunk_of({{Op::Nop}, {Op::Loop, 4}}));
  EXPECT_NE(text.find("Loop -> 0"), std::string::npos) << text;
}

TEST(Disassembler, MarksWhatIsBroken) {
  Chunk chunk = testing::chunk_of({{Op::LoadConst, 77}, {Op::Halt}});
  EXPECT_NE(disassemble(chunk).find("LoadConst k77"), std::string::npos);
  chunk.code[0] = 0xFF;
  EXPECT_NE(disassemble(chunk).find("(broken from 0 on)"), std::string::npos);
  chunk.functions[0].code_offset = 99;
  EXPECT_NE(disassemble(chunk).find("(outside the code)"), std::string::npos);
}

}  // namespace
}  // namespace flin::bytecode
