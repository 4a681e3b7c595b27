#include "compile/scope.h"

#include <algorithm>

namespace flin::compile {

bytecode::SlotKind slot_kind(const check::Type* type) {
  using bytecode::SlotKind;
  if (!type) return SlotKind::kAny;
  switch (type->tag) {
    case check::TypeTag::kInt: return SlotKind::kInt;
    case check::TypeTag::kNumber: return SlotKind::kNumber;
    case check::TypeTag::kBool: return SlotKind::kBool;
    default: return SlotKind::kAny;
  }
}

std::uint32_t Scope::add(const check::Symbol* symbol) {
  const Kind kind = slot_kind(symbol->type);
  const std::uint32_t slot = take(&kind, 1);
  name(symbol, slot);
  return slot;
}

std::uint32_t Scope::add_pair(const check::Symbol* first, const check::Symbol* second) {
  const Kind kinds[2] = {slot_kind(first ? first->type : nullptr),
                         slot_kind(second ? second->type : nullptr)};
  const std::uint32_t slot = take(kinds, 2);
  if (first) name(first, slot);
  if (second) name(second, slot + 1);
  return slot;
}

void Scope::name(const check::Symbol* symbol, std::uint32_t slot) {
  slots_[symbol] = slot;
  declared_.push_back(symbol);
  if (kinds_[slot] != slot_kind(symbol->type)) kinds_[slot] = Kind::kAny;
  name_slot(slot, symbol->name);
}

void Scope::name_slot(std::uint32_t slot, std::string_view name) {
  bool known =
      std::any_of(names_.begin(), names_.end(), [&](const Named& n) { return n.slot == slot; });
  if (!known) names_.push_back({static_cast<std::uint16_t>(slot), name});
}

std::uint32_t Scope::add_temporary(std::uint32_t count) {
  const std::vector<Kind> boxed(count, Kind::kAny);
  return take(boxed.data(), count);
}

std::uint32_t Scope::take(const Kind* kinds, std::uint32_t count) {
  std::uint32_t first = next_;
  for (std::uint32_t n = 0; n < count && first + n < most_; ++n) {
    if (kinds_[first + n] == kinds[n]) continue;
    first += n + 1;
    n = static_cast<std::uint32_t>(-1);
  }
  next_ = first + count;
  most_ = std::max(most_, next_);
  captured_.resize(most_);
  for (std::uint32_t slot = static_cast<std::uint32_t>(kinds_.size()); slot < most_; ++slot)
    kinds_.push_back(kinds[slot - first]);
  return first;
}

std::vector<bytecode::SlotKind> Scope::kinds(std::uint32_t least, std::uint32_t parameters) const {
  std::vector<Kind> out = kinds_;
  for (std::uint32_t slot = least; slot < parameters && slot < out.size(); ++slot)
    out[slot] = Kind::kAny;
  while (!out.empty() && out.back() == Kind::kAny) out.pop_back();
  return out;
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
