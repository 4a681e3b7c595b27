#include "bytecode/verifier.h"

#include "bytecode/verify_parts.h"

namespace flin::bytecode {

Error invalid_at(std::uint32_t offset, const std::string& reason) {
  constexpr std::uint32_t kInvalidBytecode = ('E' << 24) | 1104;
  return {kInvalidBytecode, "invalid bytecode at offset " + std::to_string(offset) + ": " + reason};
}

Result<void> verify(const Chunk& chunk) {
  if (auto tables = verify_tables(chunk); !tables) return tables;
  std::vector<WalkedCode> walked(chunk.functions.size());
  for (std::size_t i = 0; i < chunk.functions.size(); ++i) {
    if (auto code = verify_code(chunk, chunk.functions[i], walked[i]); !code) return code;
  }
  return verify_ranges(chunk, walked);
}

}  // namespace flin::bytecode
