// Builds the tables of a chunk: equal constants, imports and built-ins are one row, numbered in
// order of first use, so the same program gives the same chunk.
#pragma once

#include "bytecode/chunk.h"

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace flin::bytecode {

class ChunkBuilder {
 public:
  // Rows of `constants`.
  std::uint32_t constant(Constant value);
  std::uint32_t text(std::string_view text);
  std::uint32_t integer(std::int64_t value);
  std::uint32_t number(double value);  // by its bits: 0.0 and -0.0 are two
  std::uint32_t function(std::uint32_t row);
  std::uint32_t type(std::string form);  // prefix form of L 21.4
  std::uint32_t names(const std::vector<std::string_view>& names);
  std::uint32_t variant(std::string_view enumeration, std::string_view name, std::uint32_t payload);

  // Rows of `imports` and `builtins`. `results` and `flags` belong to the name.
  std::uint32_t import(std::string_view name, std::uint32_t args, std::uint32_t results,
                       std::uint32_t flags);
  std::uint32_t builtin(std::string_view name, std::uint32_t args);

  Chunk& chunk() { return chunk_; }
  const Chunk& chunk() const { return chunk_; }

 private:
  using Key = std::tuple<Tag, std::int64_t, std::uint64_t, std::string, std::vector<std::uint32_t>>;
  Chunk chunk_;
  std::map<Key, std::uint32_t> constants_;
  std::map<std::pair<std::string, std::uint32_t>, std::uint32_t> imports_;
  std::map<std::string, std::uint32_t, std::less<>> builtins_;
};

}  // namespace flin::bytecode
