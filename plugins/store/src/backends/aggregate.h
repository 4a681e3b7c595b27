// Folds and groups of L 14.6 over values already read, for backends that have no engine of their
// own.
#pragma once

#include "../fault.h"
#include "../value.h"
#include "flin/store/entity_store.h"

#include <vector>

namespace flin::store {

// kSum kAvg kMin kMax. none values are skipped; of nothing: zero of `kind` for kSum, else none.
// R0006 for values that cannot be added, R0010, R0017.
MaybeFault fold(Aggregate how, Kind kind, const std::vector<const Scalar*>& values, Scalar& out);

// Positions of equal keys, in order of first appearance.
struct Group {
  const Scalar* key;
  std::vector<std::size_t> members;
};
std::vector<Group> group_by(const std::vector<const Scalar*>& keys);

}  // namespace flin::store
