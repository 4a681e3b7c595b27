// Calls of opcodes and validators with values made from a seed: the child's part of `flin plugin
// check`. std::mt19937_64 gives the same numbers everywhere (C++ [rand.predef]), so a seed replays.
#pragma once

#include "flin/plugin.h"
#include "flin/testing.h"
#include "host/op_table.h"

#include <deque>
#include <random>
#include <string>
#include <vector>

namespace flin::cli {

// Values of every kind, with the corners preferred: 0, -1, the largest, NaN, "", long and wide
// text.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  // Valid as long as the generator.
  Plain plain();
  // One of the kinds that the words of a type name: "text", "int|number". Of a type it does not
  // know one of any kind but none.
  Plain of_type(std::string_view type);
  // The same, or a list or map of some, made in `call`.
  Value value(testing::Call& call, int depth = 0);

 private:
  Text text();
  std::mt19937_64 random_;
  std::deque<std::string> texts_;
};

// `"a\n", 3, [none]`: values as a report names them.
std::string shown(testing::Call& call, const Value* values, std::uint64_t count);
std::string shown(const Plain& value);

// Told before each call, so that whoever watches knows what was going on.
class Watcher {
 public:
  virtual ~Watcher() = default;
  virtual void begins(const std::string& what) = 0;
};

// Calls the opcode `calls` times; gives the first rule of PLUGIN_ABI A 4 and A 7 it broke, "" if it
// kept them all.
std::string call_op(const OpEntry& op, std::uint64_t seed, int calls, Watcher& watcher);
// With values and arguments that the compiler lets through: it checks both (L 14.2).
void call_validator(const ValidatorDecl& validator, IPlugin& self, std::uint64_t seed, int calls,
                    Watcher& watcher);

}  // namespace flin::cli
