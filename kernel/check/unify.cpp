#include "check/unify.h"

#include "check/tables.h"

#include <algorithm>

namespace flin::check {

const Type* Unifier::fresh(int level) {
  cells_.push_back({nullptr, level});
  return types_.variable(static_cast<std::uint32_t>(cells_.size() - 1));
}

const Type* Unifier::resolve(const Type* type) const {
  while (type->is(TypeTag::kVariable) && type->number < kGenericBase &&
         cells_[type->number].type != nullptr)
    type = cells_[type->number].type;
  return type;
}

const Type* Unifier::rebuild(const Type* type, std::vector<const Type*> items) {
  switch (type->tag) {
    case TypeTag::kList: return types_.list(items[0]);
    case TypeTag::kMap: return types_.map(items[0], items[1]);
    case TypeTag::kTuple: return types_.tuple(std::move(items));
    case TypeTag::kOptional: return types_.optional(items[0]);
    case TypeTag::kUnion: return types_.union_of(std::move(items));
    case TypeTag::kEnum: return types_.enumeration(type->enumeration, std::move(items));
    case TypeTag::kFunction: {
      const Type* result = items.back();
      items.pop_back();
      return types_.function(std::move(items), result);
    }
    default: return type;
  }
}

const Type* Unifier::zonk(const Type* type) {
  type = resolve(type);
  if (type->items.empty()) return type;
  std::vector<const Type*> items;
  bool changed = false;
  for (const Type* item : type->items) {
    items.push_back(zonk(item));
    changed = changed || items.back() != item;
  }
  return changed ? rebuild(type, std::move(items)) : type;
}

const Type* Unifier::closed(const Type* type) {
  type = resolve(type);
  if (type->is(TypeTag::kVariable)) return types_.simple(TypeTag::kAny);
  if (type->items.empty()) return type;
  std::vector<const Type*> items;
  bool changed = false;
  for (const Type* item : type->items) {
    items.push_back(closed(item));
    changed = changed || items.back() != item;
  }
  return changed ? rebuild(type, std::move(items)) : type;
}

const Type* Unifier::substitute(const Type* type, const Substitution& by) {
  type = resolve(type);
  if (type->is(TypeTag::kVariable)) {
    auto it = by.find(type);
    return it == by.end() ? type : it->second;
  }
  if (type->items.empty()) return type;
  std::vector<const Type*> items;
  bool changed = false;
  for (const Type* item : type->items) {
    items.push_back(substitute(item, by));
    changed = changed || items.back() != item;
  }
  return changed ? rebuild(type, std::move(items)) : type;
}

void Unifier::open_variables(const Type* type, std::vector<const Type*>& out) const {
  type = resolve(type);
  bool open =
      type->is(TypeTag::kVariable) && type->number < kGenericBase && cells_[type->number].level > 0;
  if (open && std::find(out.begin(), out.end(), type) == out.end()) out.push_back(type);
  for (const Type* item : type->items) open_variables(item, out);
}

// Also lowers the level of what is inside: it becomes reachable from the variable.
bool Unifier::occurs(std::uint32_t number, int level, const Type* type) {
  type = resolve(type);
  if (type->is(TypeTag::kVariable) && type->number < kGenericBase) {
    if (type->number == number) return true;
    cells_[type->number].level = std::min(cells_[type->number].level, level);
  }
  for (const Type* item : type->items)
    if (occurs(number, level, item)) return true;
  return false;
}

bool Unifier::bind(const Type* variable, const Type* type) {
  if (variable->number >= kGenericBase) return false;
  Cell& cell = cells_[variable->number];
  if (occurs(variable->number, cell.level, type)) return false;
  cells_[variable->number].type = type;
  trail_.push_back(variable->number);
  return true;
}

bool Unifier::unify(const Type* a, const Type* b) {
  std::size_t mark = trail_.size();
  if (unify_parts(a, b)) return true;
  while (trail_.size() > mark) {
    cells_[trail_.back()].type = nullptr;
    trail_.pop_back();
  }
  return false;
}

bool Unifier::unify_parts(const Type* a, const Type* b) {
  a = resolve(a);
  b = resolve(b);
  if (a == b) return true;
  if (a->is(TypeTag::kVariable)) return bind(a, b);
  if (b->is(TypeTag::kVariable)) return bind(b, a);
  bool alike = a->tag == b->tag && a->entity == b->entity && a->enumeration == b->enumeration &&
               a->items.size() == b->items.size() && !a->items.empty();
  if (!alike) return false;
  for (std::size_t i = 0; i < a->items.size(); ++i)
    if (!unify_parts(a->items[i], b->items[i])) return false;
  return true;
}

Fit Unifier::fit(const Type* from, const Type* to) {
  from = resolve(from);
  to = resolve(to);
  if (from == to || from->is(TypeTag::kNever)) return Fit::kSame;
  if (to->is(TypeTag::kAny)) return from->is(TypeTag::kQuery) ? Fit::kConvert : Fit::kSame;
  bool open = from->is(TypeTag::kVariable) || to->is(TypeTag::kVariable);
  if (open) return unify(from, to) ? Fit::kSame : Fit::kNo;
  if (from->is(TypeTag::kAny)) return Fit::kConvert;
  if (from->is(TypeTag::kInt) && to->is(TypeTag::kNumber)) return Fit::kConvert;
  if (to->is(TypeTag::kOptional)) {
    if (from->is(TypeTag::kNone)) return Fit::kSame;
    return fit(from->is(TypeTag::kOptional) ? from->items[0] : from, to->items[0]);
  }
  if (from->is(TypeTag::kOptional)) return Fit::kNo;
  if (to->is(TypeTag::kTrait)) return implements(from, *to->trait) ? Fit::kSame : Fit::kNo;
  if (to->is(TypeTag::kUnion) || from->is(TypeTag::kUnion)) return fit_union(from, to);
  if (from->is(TypeTag::kQuery) && to->is(TypeTag::kList))
    return unify(types_.entity(from->entity), to->items[0]) ? Fit::kConvert : Fit::kNo;
  if (from->is(TypeTag::kFunction) && to->is(TypeTag::kFunction)) return fit_function(from, to);
  return unify(from, to) ? Fit::kSame : Fit::kNo;
}

bool Unifier::implements(const Type* type, const Trait& trait) const {
  type = resolve(type);
  if (type->is(TypeTag::kUnion))
    return std::all_of(type->items.begin(), type->items.end(),
                       [&](const Type* member) { return implements(member, trait); });
  if (type->is(TypeTag::kTrait)) return type->trait == &trait;
  return impl_type(type, trait) != nullptr;
}

const Type* Unifier::impl_type(const Type* type, const Trait& trait) const {
  type = resolve(type);
  for (const Type* known : trait.types)
    if (known == type || (known->tag == type->tag && known->entity == type->entity &&
                          known->enumeration == type->enumeration))
      return known;
  if (!type->is(TypeTag::kInt)) return nullptr;
  const Type* number = types_.simple(TypeTag::kNumber);
  bool as_number = std::find(trait.types.begin(), trait.types.end(), number) != trait.types.end();
  return as_number ? number : nullptr;
}

Fit Unifier::fit_union(const Type* from, const Type* to) {
  if (from->is(TypeTag::kUnion)) {
    for (const Type* member : from->items)
      if (fit(member, to) != Fit::kSame) return Fit::kNo;
    return Fit::kSame;
  }
  for (const Type* member : to->items)
    if (resolve(member) == from) return Fit::kSame;
  for (const Type* member : to->items)
    if (unify(from, member)) return Fit::kSame;
  for (const Type* member : to->items)
    if (fit(from, member) == Fit::kConvert) return Fit::kConvert;
  return Fit::kNo;
}

// Contravariant in parameters; one with fewer parameters may stand for one with more.
Fit Unifier::fit_function(const Type* from, const Type* to) {
  std::size_t given = to->items.size() - 1, taken = from->items.size() - 1;
  if (taken > given) return Fit::kNo;
  for (std::size_t i = 0; i < taken; ++i)
    if (fit(to->items[i], from->items[i]) == Fit::kNo) return Fit::kNo;
  return fit(from->items.back(), to->items.back()) == Fit::kNo ? Fit::kNo : Fit::kSame;
}

const Type* Unifier::widen(const Type* a, const Type* b) {
  a = resolve(a);
  b = resolve(b);
  if (a == b || b->is(TypeTag::kNever)) return a;
  if (a->is(TypeTag::kNever)) return b;
  if (a->is(TypeTag::kNone)) return types_.optional(b);
  if (b->is(TypeTag::kNone)) return types_.optional(a);
  const Type* plain_a = a->is(TypeTag::kOptional) ? a->items[0] : a;
  const Type* plain_b = b->is(TypeTag::kOptional) ? b->items[0] : b;
  bool optional = plain_a != a || plain_b != b;
  bool numeric = (plain_a->is(TypeTag::kInt) && plain_b->is(TypeTag::kNumber)) ||
                 (plain_a->is(TypeTag::kNumber) && plain_b->is(TypeTag::kInt));
  const Type* both = nullptr;
  if (numeric)
    both = types_.simple(TypeTag::kNumber);
  else if (unify(plain_a, plain_b))
    both = plain_a;
  else if (fit(plain_b, plain_a) != Fit::kNo)
    both = plain_a;
  if (both == nullptr) return nullptr;
  return optional ? types_.optional(both) : both;
}

const Type* Unifier::join(const Type* a, const Type* b) {
  a = resolve(a);
  b = resolve(b);
  if (a->is(TypeTag::kAny) || b->is(TypeTag::kAny)) return types_.simple(TypeTag::kAny);
  bool unions = a->is(TypeTag::kUnion) || b->is(TypeTag::kUnion);
  if (!unions)
    if (const Type* both = widen(a, b)) return both;
  const Type* all = types_.union_of({zonk(a), zonk(b)});
  const Type* plain = all->is(TypeTag::kOptional) ? all->items[0] : all;
  bool too_many = plain->is(TypeTag::kUnion) && plain->items.size() > 4;
  return too_many ? types_.simple(TypeTag::kAny) : all;
}

}  // namespace flin::check
