// kernel/bytecode alone: chunks are built and shown without a compiler and without a VM.
#include "bytecode/chunk_builder.h"
#include "bytecode/disassembler.h"

int main() {
  flin::bytecode::ChunkBuilder builder;
  builder.text("hello");
  return flin::bytecode::disassemble(builder.chunk()).find("hello") != std::string::npos ? 0 : 1;
}
