#include "bytecode/chunk_builder.h"

#include <algorithm>
#include <bit>

namespace flin::bytecode {

std::uint32_t ChunkBuilder::constant(Constant value) {
  auto next = static_cast<std::uint32_t>(chunk_.constants.size());
  Key key{value.tag, value.i, std::bit_cast<std::uint64_t>(value.n), value.text, value.items};
  auto [it, is_new] = constants_.try_emplace(std::move(key), next);
  if (is_new) chunk_.constants.push_back(std::move(value));
  return it->second;
}

std::uint32_t ChunkBuilder::text(std::string_view text) {
  Constant c;
  c.tag = Tag::kText;
  c.text = text;
  return constant(std::move(c));
}

std::uint32_t ChunkBuilder::integer(std::int64_t value) {
  Constant c;
  c.i = value;
  return constant(std::move(c));
}

std::uint32_t ChunkBuilder::number(double value) {
  Constant c;
  c.tag = Tag::kNumber;
  c.n = value;
  return constant(std::move(c));
}

std::uint32_t ChunkBuilder::function(std::uint32_t row) {
  Constant c;
  c.tag = Tag::kFunction;
  c.i = row;
  return constant(std::move(c));
}

std::uint32_t ChunkBuilder::type(std::string form) {
  Constant c;
  c.tag = Tag::kType;
  c.text = std::move(form);
  return constant(std::move(c));
}

std::uint32_t ChunkBuilder::names(const std::vector<std::string_view>& names) {
  Constant c;
  c.tag = Tag::kNames;
  for (std::string_view name : names) c.items.push_back(text(name));
  return constant(std::move(c));
}

std::uint32_t ChunkBuilder::variant(std::string_view enumeration, std::string_view name,
                                    std::uint32_t payload) {
  Constant c;
  c.tag = Tag::kVariant;
  c.items = {text(enumeration), text(name), payload};
  return constant(std::move(c));
}

std::uint32_t ChunkBuilder::import(std::string_view name, std::uint32_t args, std::uint32_t results,
                                   std::uint32_t flags) {
  auto next = static_cast<std::uint32_t>(chunk_.imports.size());
  auto [it, is_new] = imports_.try_emplace({std::string(name), args}, next);
  if (is_new) chunk_.imports.push_back({std::string(name), args, results, flags});
  return it->second;
}

std::uint32_t ChunkBuilder::builtin(std::string_view name, std::uint32_t args) {
  auto count = static_cast<std::uint8_t>(args);
  auto it = builtins_.find(name);
  if (it == builtins_.end()) {
    it = builtins_.emplace(name, static_cast<std::uint32_t>(chunk_.builtins.size())).first;
    chunk_.builtins.push_back({std::string(name), count, count});
  }
  BuiltinImport& row = chunk_.builtins[it->second];
  row.least = std::min(row.least, count);
  row.most = std::max(row.most, count);
  return it->second;
}

}  // namespace flin::bytecode
