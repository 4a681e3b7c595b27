// Runs a Plan over versions of rows, in two steps: the backend finds the versions that match, under
// its lock or on its connection; deliver() without it orders, folds and hands them out. So a sink
// may call the store, and a slow one holds nobody up.
#pragma once

#include "../predicate.h"
#include "binding.h"
#include "flin/store/entity_store.h"
#include "version.h"

#include <memory>
#include <optional>
#include <vector>

namespace flin::store {

// The rows of the moment that is read.
class IMoment {
 public:
  // The version that was valid then, deleted or not; null: not there.
  virtual VersionRef version(std::uint32_t table, std::uint64_t id) const = 0;

 protected:
  ~IMoment() = default;
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
// Tests one version and keeps it among the matches when it is live and the predicate holds.
class Selector {
 public:
  Selector(const TableInfos& tables, const Binding& binding, const IMoment& moment,
           Selection& selection)
      : tables_(tables), binding_(binding), moment_(moment), selection_(selection) {}
  MaybeFault consider(std::uint64_t id, VersionRef version);

 private:
  const TableInfos& tables_;
  const Binding& binding_;
  const IMoment& moment_;
  Selection& selection_;
};

// The value of a column, for versions that are older than it too.
const Scalar& cell(const TableInfo& table, const Version& version, std::uint32_t column);

// What deliver() needs of the tables, copied under the lock: a reload may replace them.
struct TableShape {
  std::uint64_t type;
  std::vector<std::uint32_t> columns;      // by field number
  Scalars backfill;                        // by column
  std::vector<Kind> kinds;                 // by field number
  std::shared_ptr<const Binding> binding;  // shared with the backend: outlives a reload

  Scalar field(const Match& match, std::uint32_t field) const;
};
TableShape shape_of(const TableInfos& tables, std::shared_ptr<const Binding> binding,
                    std::uint32_t type);

// By table; without a binding where the program does not have it.
std::vector<TableShape> shapes_of(const TableInfos& tables,
                                  const std::shared_ptr<const Binding>& binding);

MaybeFault deliver(const TableShape& shape, Selection& selection, IRowSink& rows);
// All versions of a row, oldest first.
void deliver_history(const TableShape& shape, std::uint64_t id,
                     const std::vector<VersionRef>& versions, IRowSink& rows);

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

// Gives logged commits to a sink.
class LogBuffer {
 public:
  // False: the sink has enough.
  bool give(const LoggedCommit& commit, const std::vector<TableShape>& shapes, ICommitSink& out);

 private:
  std::uint32_t give(std::uint64_t seq, const LogEntry& entry, const TableShape& shape,
                     ICommitSink& out);
  RowBuffer before_, after_;
};

}  // namespace flin::store
