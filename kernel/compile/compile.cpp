#include "compile/compile.h"

#include "compile/program_compiler.h"

namespace flin::compile {

bytecode::Chunk compile(const check::CheckedProgram& program, const syntax::Sources& sources,
                        const check::Bindings& bindings) {
  return ProgramCompiler(program, sources, bindings).run();
}

}  // namespace flin::compile
