// Runs a Plan over the memory tables, in two steps: select() under the backend's lock finds the
// versions that match, deliver() without it orders, folds and hands them out. So a sink may call
// the store, and a slow one holds nobody up.
#pragma once

#include "../predicate.h"
#include "flin/store/entity_store.h"
#include "memory_tables.h"

#include <memory>
#include <optional>
#include <vector>

namespace flin::store {

// The moment that is read: the state after commit `seq`, or, with `time`, the one valid then.
struct Moment {
  std::uint64_t seq = 0;
  std::optional<std::int64_t> time;

  VersionRef version(const RowHistory& row) const;
};

struct Match {
  std::uint64_t id;
  VersionRef version;
};

// A plan after its checks, with its values owned and references turned inwards.
struct Selection {
  std::uint32_t type = 0;
  Predicate predicate;
  Scalars parameters;
  std::vector<Order> order;
  std::int64_t limit = -1, offset = 0;
  Aggregate aggregate = kRows;
  std::uint32_t field = kNoField, group = kNoField;
  std::vector<std::uint32_t> fields;  // empty: the whole row
  std::vector<Match> matches;
};

// Checks the plan against the program (R0008 unknown type or field, R0014 malformed) and fills
// `out` but for the matches.
MaybeFault read_plan(const Plan& plan, const Binding& binding, Selection& out);
// Finds the live rows of the moment that match. The tables must not change meanwhile.
MaybeFault select(const Tables& tables, const Binding& binding, const Moment& moment,
                  Selection& selection);

// What deliver() needs of the tables, copied under the lock: initial values of columns may be
// replaced by a reload.
struct TableShape {
  std::uint64_t type;
  std::vector<std::uint32_t> columns;      // by field number
  Scalars initial;                         // by column
  std::vector<Kind> kinds;                 // by field number
  std::shared_ptr<const Binding> binding;  // shared with the backend: outlives a reload

  Scalar field(const Match& match, std::uint32_t field) const;
};
TableShape shape_of(const Tables& tables, std::shared_ptr<const Binding> binding,
                    std::uint32_t type);

MaybeFault deliver(const TableShape& shape, Selection& selection, IRowSink& rows);

// A match as a Row with values borrowed from `values`.
class RowBuffer {
 public:
  const Row& fill(const TableShape& shape, const Match& match,
                  const std::vector<std::uint32_t>& fields);

 private:
  Scalars values_;
  std::vector<Plain> plains_;
  Row row_;
};

}  // namespace flin::store
