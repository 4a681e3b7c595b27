#include "predicate_ops.h"

#include "arithmetic.h"
#include "text.h"

namespace flin::store {
namespace {

Cell known(Scalar value) { return {std::move(value), {}, false}; }
Cell yes_or_no(bool value) { return known(Scalar::of_bool(value)); }
Cell unknown() { return {{}, {}, true}; }
bool is_plain(const Cell& cell) { return !cell.fault && !cell.is_unknown; }

// none is not less or greater than anything, and `<=` of two nones holds no more than `<` does.
bool ordered(PredicateOp op, const Scalar& a, const Scalar& b) {
  const std::optional<int> order = compare(a, b);
  if (!order) return false;
  switch (op) {
    case kOpLt: return *order < 0;
    case kOpLe: return *order <= 0;
    case kOpGt: return *order > 0;
    default: return *order >= 0;
  }
}

bool is_in(const Scalar& item, const Scalar& whole) {
  if (whole.kind == Kind::kText) {
    return item.kind == Kind::kText && whole.text.find(item.text) != std::string::npos;
  }
  const auto items = items_of(whole);
  if (!items) return false;
  for (const std::string_view each : *items) {
    if (item_equals(each, item)) return true;
  }
  return false;
}

bool text_test(PredicateOp op, const Scalar& a, const Scalar& b) {
  if (a.kind != Kind::kText || b.kind != Kind::kText) return false;
  if (b.text.size() > a.text.size()) return false;
  const std::size_t at = op == kOpStarts ? 0 : a.text.size() - b.text.size();
  return a.text.compare(at, b.text.size(), b.text) == 0;
}

Cell size_of(const Scalar& a) {
  if (a.kind == Kind::kText) return known(Scalar::of_int(code_points(a.text)));
  const auto items = items_of(a);
  return known(items ? Scalar::of_int(static_cast<std::int64_t>(items->size())) : Scalar());
}

Cell text_change(PredicateOp op, const Scalar& a) {
  if (a.kind != Kind::kText) return known({});
  if (op == kOpLower) return known(Scalar::of_text(lower(a.text)));
  if (op == kOpUpper) return known(Scalar::of_text(upper(a.text)));
  return known(Scalar::of_text(trim(a.text)));
}

Cell date_of(PredicateOp op, const Scalar& a) {
  if (a.kind != Kind::kTime) return known({});
  const DatePart part = op == kOpYear    ? DatePart::kYear
                        : op == kOpMonth ? DatePart::kMonth
                                         : DatePart::kDay;
  return known(Scalar::of_int(date_part(part, a.i)));
}

Cell calculated(PredicateOp op, const Scalar& a, const Scalar& b) {
  constexpr Arithmetic kOps[] = {Arithmetic::kAdd, Arithmetic::kSub, Arithmetic::kMul,
                                 Arithmetic::kDiv, Arithmetic::kMod};
  Cell out;
  out.fault = calculate(kOps[op - kOpAdd], a, b, out.value);
  return out;
}

// `and` (or `or`): `deciding` is the truth that settles it from one side alone.
Cell logical(const Cell& a, const Cell& b, bool deciding) {
  if (a.fault) return a;
  if (!a.is_unknown) return is_truthy(a.value) == deciding ? a : b;
  return is_plain(b) && is_truthy(b.value) == deciding ? b : unknown();
}

}  // namespace

Cell apply(PredicateOp op, const Cell& a) {
  if (a.fault || a.is_unknown) return a;
  switch (op) {
    case kOpNot: return yes_or_no(!is_truthy(a.value));
    case kOpIsNone: return yes_or_no(a.value.is_none());
    case kOpLower:
    case kOpUpper:
    case kOpTrim: return text_change(op, a.value);
    case kOpLen:
    case kOpCount: return size_of(a.value);
    default: return date_of(op, a.value);
  }
}

Cell apply(PredicateOp op, const Cell& a, const Cell& b) {
  if (op == kOpAnd) return logical(a, b, false);
  if (op == kOpOr) return logical(a, b, true);
  if (a.fault || a.is_unknown) return a;
  if (op == kOpCoalesce) return a.value.is_none() ? b : a;
  if (b.fault || b.is_unknown) return b;
  switch (op) {
    case kOpEq: return yes_or_no(equal(a.value, b.value));
    case kOpNe: return yes_or_no(!equal(a.value, b.value));
    case kOpLt:
    case kOpLe:
    case kOpGt:
    case kOpGe: return yes_or_no(ordered(op, a.value, b.value));
    case kOpIn: return yes_or_no(is_in(a.value, b.value));
    case kOpContains: return yes_or_no(is_in(b.value, a.value));
    case kOpStarts:
    case kOpEnds: return yes_or_no(text_test(op, a.value, b.value));
    default: return calculated(op, a.value, b.value);
  }
}

}  // namespace flin::store
