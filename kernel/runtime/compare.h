// Equality and order of values (L 3.8), truthiness (L 3.9).
#pragma once

#include "runtime/object.h"

namespace flin::runtime {

// `==`. Lists and maps nested deeper than 1,000 (also: that contain themselves) are unequal.
bool equal_values(Value a, Value b);

enum class Order { kLess, kEqual, kGreater, kNone, kMixed, kCurrencies };
// kNone: NaN is among them; kMixed: these kinds have no order; kCurrencies: R0017.
Order compare_values(Value a, Value b);

inline bool is_truthy(Value v) {
  if (!is_object(v)) {
    if (is_double(v)) return as_double(v) == as_double(v) && as_double(v) != 0;
    return v.bits != kFalse.bits && v.bits != kNone.bits &&
           v.bits != from_small(Tagged::kInt, 0).bits && v.bits != kEmpty.bits;
  }
  return as_object(v)->kind != ObjectKind::kText ||
         static_cast<const TextObject*>(as_object(v))->size != 0;
}

}  // namespace flin::runtime
