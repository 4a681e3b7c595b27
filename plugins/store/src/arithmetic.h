// `+ - * / %` of L 3.10 to L 3.12 on the scalar kinds, for predicates and sums.
#pragma once

#include "fault.h"
#include "value.h"

namespace flin::store {

enum class Arithmetic { kAdd, kSub, kMul, kDiv, kMod };

// The result in `out`, or R0006 (operands that have no such operation), R0009, R0010, R0017.
MaybeFault calculate(Arithmetic op, const Scalar& a, const Scalar& b, Scalar& out);

// a / b with the result rounded to the nearest int, ties to even (L 3.11). b is not 0.
std::int64_t divide_half_even(std::int64_t a, std::int64_t b);

enum class DatePart { kYear, kMonth, kDay };
// In UTC; proleptic Gregorian calendar.
std::int64_t date_part(DatePart part, std::int64_t milliseconds);

}  // namespace flin::store
