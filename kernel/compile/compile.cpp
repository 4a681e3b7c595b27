#include "compile/compile.h"

#include "compile/program_compiler.h"

namespace flin::compile {

bytecode::Chunk compile(const check::CheckedProgram& program, const syntax::Sources& sources,
                        const check::Bindings& bindings, bool with_tests) {
  ProgramCompiler compiler(program, sources, bindings);
  compiler.with_tests = with_tests;
  return compiler.run();
}

// No other function has such a name: it is no identifier.
std::vector<std::uint32_t> test_functions(const bytecode::Chunk& chunk) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t row = 0; row < chunk.functions.size(); ++row)
    if (chunk.text(chunk.functions[row].name_k).starts_with("test \"")) rows.push_back(row);
  return rows;
}

}  // namespace flin::compile
