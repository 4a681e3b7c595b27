// The two halves of verify(): tables first, then the code of each function, which relies on them.
#pragma once

#include "base/result.h"
#include "bytecode/chunk.h"

#include <cstdint>
#include <string>
#include <vector>

namespace flin::bytecode {

// What walking a function's code found out, for the tables that point into it.
struct WalkedCode {
  std::vector<bool> starts;  // by offset: an instruction starts here; one more for the end
  struct Body {
    std::uint32_t start, end;
  };
  std::vector<Body> handlers;  // from behind CreateHandler to behind its EndHandler
};

// E1104 in the words of L 23.
Error invalid_at(std::uint32_t offset, const std::string& reason);

// Constants, functions' declarations and all tables, as far as they do not point into code.
Result<void> verify_tables(const Chunk& chunk);
// The code of one function; fills `walked`.
Result<void> verify_code(const Chunk& chunk, const Function& function, WalkedCode& walked);
// Rows of handlers and views against the code they name; `walked` by function.
Result<void> verify_ranges(const Chunk& chunk, const std::vector<WalkedCode>& walked);

}  // namespace flin::bytecode
