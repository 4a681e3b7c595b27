#include "host/op_table.h"

#include <limits>

namespace flin {

Result<OpNumber> OpTable::add(std::string_view owner, IPlugin& self, const OpDecl& decl) {
  const std::string name{std::string_view(decl.name)};
  const std::string prefix = std::string(owner) + ".";
  if (!name.starts_with(prefix) || name.size() == prefix.size()) {
    return Error{code('P', 108),
                 "opcode '" + name + "' does not start with the plugin's id '" + prefix + "'"};
  }
  if (const OpEntry* known = find(name)) {
    return Error{code('P', 108),
                 "opcode '" + name + "' is already registered by plugin '" + known->owner + "'"};
  }
  if (decl.run == nullptr) return Error{code('P', 108), "opcode '" + name + "' has no function"};
  const auto known = numbers_.find(name);
  const std::size_t index =
      known == numbers_.end() ? entries_.size() : known->second - std::size_t{kFirstPluginOp};
  if (index + kFirstPluginOp > std::numeric_limits<OpNumber>::max()) {
    return Error{code('P', 108), "opcode '" + name + "' finds no number left"};
  }
  OpEntry entry{name,       std::string(owner), decl.run,
                &self,      decl.args,          decl.results,
                decl.flags, decl.timeout_ms,    std::string(std::string_view(decl.help))};
  const auto number = static_cast<OpNumber>(index + kFirstPluginOp);
  if (known == numbers_.end()) {
    entries_.push_back(std::move(entry));
    numbers_.emplace(name, number);
  } else {
    entries_[index] = std::move(entry);
  }
  return number;
}

void OpTable::remove_all_of(std::string_view owner) {
  for (OpEntry& entry : entries_) {
    if (entry.owner != owner) continue;
    entry.run = nullptr;
    entry.self = nullptr;
  }
}

const OpEntry* OpTable::find(std::string_view name) const {
  const auto it = numbers_.find(name);
  return it == numbers_.end() ? nullptr : at(it->second);
}

const OpEntry* OpTable::at(OpNumber number) const {
  if (number < kFirstPluginOp || number - kFirstPluginOp >= static_cast<int>(entries_.size()))
    return nullptr;
  const OpEntry& entry = entries_[number - kFirstPluginOp];
  return entry.run == nullptr ? nullptr : &entry;
}

const OpEntry* OpTable::link(std::string_view name, std::uint32_t args) const {
  const OpEntry* entry = find(name);
  if (entry == nullptr) return nullptr;
  const bool fits = entry->args == kCounted || entry->args == static_cast<std::int64_t>(args);
  return fits ? entry : nullptr;
}

std::vector<const OpEntry*> OpTable::all() const {
  std::vector<const OpEntry*> out;
  for (const OpEntry& entry : entries_) {
    if (entry.run != nullptr) out.push_back(&entry);
  }
  return out;
}

}  // namespace flin
