// What the instructions of a predicate do with the values on its stack (L 14.7, L 3.8).
#pragma once

#include "fault.h"
#include "predicate.h"
#include "value.h"

namespace flin::store {

// A value on the stack, or why there is none. A fault is carried along and not raised at once,
// because `x != 0 and 10 % x > 1` must not look at its right side where the left one is false.
struct Cell {
  Scalar value;
  MaybeFault fault;
  bool is_unknown = false;
};

Cell apply(PredicateOp op, const Cell& a);
Cell apply(PredicateOp op, const Cell& a, const Cell& b);

}  // namespace flin::store
