// kernel/bytecode alone: chunks are built, verified and shown without a compiler and without a VM.
#include "bytecode/chunk_builder.h"
#include "bytecode/disassembler.h"

int main() {
  flin::bytecode::ChunkBuilder builder;
  const bool once = builder.text("hello") == builder.text("hello");
  flin::bytecode::disassemble(builder.chunk());
  return once && builder.chunk().constants.size() == 1 ? 0 : 1;
}
