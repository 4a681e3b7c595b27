// Every plugin opcode of the process, by name (A 5). Numbers are handed out in order of
// registration, from 256 up, and mean nothing outside the process: programs keep names. A number is
// never given to another name. Changed by one thread while loading; afterwards only read.
// [any-thread]
#pragma once

#include "base/result.h"
#include "flin/plugin.h"

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

using OpNumber = std::uint16_t;
constexpr OpNumber kFirstPluginOp = 256;  // below: the kernel's own, from opcodes.def

struct OpEntry {
  std::string name;   // "store.save"
  std::string owner;  // "store"
  OpFn run;
  IPlugin* self;
  std::int32_t args;                         // how many values it pops, or kCounted
  std::uint32_t results, flags, timeout_ms;  // as in OpDecl
  std::string help;
};

class OpTable {
 public:
  // P108 when the name does not start with `owner` and a dot, is registered already, or no number
  // is left.
  Result<OpNumber> add(std::string_view owner, IPlugin& self, const OpDecl& decl);
  void remove_all_of(std::string_view owner);

  // What is registered now, or null. Entries stay where they are until their owner is removed.
  const OpEntry* find(std::string_view name) const;
  const OpEntry* at(OpNumber number) const;

  // The entry an import row of `args` values runs, or null: unknown, or another number of
  // arguments.
  const OpEntry* link(std::string_view name, std::uint32_t args) const;

  // In order of number.
  std::vector<const OpEntry*> all() const;

 private:
  std::deque<OpEntry>
      entries_;  // number - kFirstPluginOp; `run` is null while nobody owns the name
  std::map<std::string, OpNumber, std::less<>> numbers_;
};

}  // namespace flin
