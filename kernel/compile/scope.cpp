#include "compile/scope.h"

#include <algorithm>

namespace flin::compile {

std::uint32_t Scope::add(const check::Symbol* symbol) {
  std::uint32_t slot = add_temporary();
  name(symbol, slot);
  return slot;
}

void Scope::name(const check::Symbol* symbol, std::uint32_t slot) {
  slots_[symbol] = slot;
  declared_.push_back(symbol);
  name_slot(slot, symbol->name);
}

void Scope::name_slot(std::uint32_t slot, std::string_view name) {
  bool known =
      std::any_of(names_.begin(), names_.end(), [&](const Named& n) { return n.slot == slot; });
  if (!known) names_.push_back({static_cast<std::uint16_t>(slot), name});
}

std::uint32_t Scope::add_temporary(std::uint32_t count) {
  std::uint32_t first = next_;
  next_ += count;
  most_ = std::max(most_, next_);
  captured_.resize(most_);
  return first;
}

void Scope::capture(std::uint32_t slot) { captured_[slot] = true; }

bool Scope::is_captured_from(std::uint32_t slot) const {
  return std::any_of(captured_.begin() + slot, captured_.begin() + next_, [](bool c) { return c; });
}

std::uint32_t Scope::close() {
  std::uint32_t first = blocks_.back();
  blocks_.pop_back();
  for (std::size_t n = declared_before_.back(); n < declared_.size(); ++n)
    slots_.erase(declared_[n]);
  declared_.resize(declared_before_.back());
  declared_before_.pop_back();
  std::fill(captured_.begin() + first, captured_.end(), false);
  next_ = first;
  return first;
}

}  // namespace flin::compile
