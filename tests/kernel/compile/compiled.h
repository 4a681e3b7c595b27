// Source text compiled with the bindings of tests; errors of the program fail the test.
#pragma once

#include "bytecode/disassembler.h"
#include "bytecode/opcodes.h"
#include "bytecode/verifier.h"
#include "check/program.h"
#include "compile/compile.h"
#include "support/fake_bindings.h"
#include "syntax/parser.h"

#include <gtest/gtest.h>

#include <string>

namespace flin::compile::testing {

// The chunk, which has passed the verifier.
inline bytecode::Chunk compiled(std::string source, std::string name = "test") {
  syntax::Sources sources;
  syntax::Diagnostics diagnostics;
  Arena arena;
  flin::testing::FakeBindings bindings;
  std::uint32_t number = sources.add(name + ".flin", std::move(source));
  syntax::File* file = syntax::parse(sources, number, arena, diagnostics);
  auto program = check::check({file}, sources, name, bindings, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.render(sources);
  if (diagnostics.has_errors()) return {};
  bytecode::Chunk chunk = compile(*program, sources, bindings);
  auto verified = bytecode::verify(chunk);
  EXPECT_TRUE(verified.ok()) << verified.error().message << '\n' << bytecode::disassemble(chunk);
  return chunk;
}

// The instructions of one function as "LoadInt0 StoreGlobal Halt".
inline std::string mnemonics(const bytecode::Chunk& chunk, std::uint32_t function = 0) {
  std::string out;
  if (function >= chunk.functions.size()) return out;
  const bytecode::Function& row = chunk.functions[function];
  bytecode::Instruction i;
  for (std::uint32_t at = 0; at < row.code_size; at = i.end()) {
    if (!bytecode::decode(chunk.code.data() + row.code_offset, row.code_size, at, i))
      return out + " ?";
    if (!out.empty()) out += ' ';
    out += bytecode::kOpcodes[static_cast<std::uint8_t>(i.op)].name;
  }
  return out;
}

}  // namespace flin::compile::testing
