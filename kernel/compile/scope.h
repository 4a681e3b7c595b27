// Local slots of one function: which symbol has which, and which are free again. Slots of blocks
// that ended are used again.
#pragma once

#include "bytecode/chunk.h"
#include "check/program.h"

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace flin::compile {

// How values of the type are held: int, number and bool unboxed.
bytecode::SlotKind slot_kind(const check::Type* type);

class Scope {
 public:
  struct Named {
    std::uint16_t slot;
    std::string_view name;
  };

  std::uint32_t add(const check::Symbol* symbol);        // a slot of its own
  std::uint32_t add_temporary(std::uint32_t count = 1);  // the first of `count` slots side by side
  // Item and index of a loop, side by side; null: it has no name.
  std::uint32_t add_pair(const check::Symbol* first, const check::Symbol* second);
  void name(const check::Symbol* symbol, std::uint32_t slot);  // at a slot that exists
  void name_slot(std::uint32_t slot, std::string_view name);   // for the debug table only
  bool has(const check::Symbol* symbol) const { return slots_.count(symbol) != 0; }
  std::uint32_t slot(const check::Symbol* symbol) const { return slots_.at(symbol); }

  // An inner function captures the slot; it must be closed when its block ends.
  void capture(std::uint32_t slot);
  bool is_captured_from(std::uint32_t slot) const;  // any captured slot at or above it

  // Whether the innermost block has a captured slot.
  bool closing_is_captured() const { return is_captured_from(blocks_.back()); }

  void open() {
    blocks_.push_back(next_);
    declared_before_.push_back(declared_.size());
  }
  // Ends the innermost block; gives its first slot.
  std::uint32_t close();
  std::uint32_t next() const { return next_; }
  std::uint32_t most() const { return most_; }
  const std::vector<Named>& names() const { return names_; }  // for the debug table
  // How the function header says each slot is held; `parameters` of them may be left out from
  // `least` on.
  std::vector<bytecode::SlotKind> kinds(std::uint32_t least, std::uint32_t parameters) const;

 private:
  using Kind = bytecode::SlotKind;
  // Takes slots that hold these kinds or were not used so far; others are passed over.
  std::uint32_t take(const Kind* kinds, std::uint32_t count);

  std::unordered_map<const check::Symbol*, std::uint32_t> slots_;
  std::vector<std::uint32_t> blocks_;
  std::vector<const check::Symbol*> declared_;
  std::vector<std::size_t> declared_before_;
  std::vector<bool> captured_;
  std::vector<Kind> kinds_;  // of slots that were taken once
  std::vector<Named> names_;
  std::uint32_t next_ = 0, most_ = 0;
};

}  // namespace flin::compile
