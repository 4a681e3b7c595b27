// The store, as other plugins and the store's opcodes see it (IEntityStore), and what an operator
// swaps (IStoreBackend). A 15; ARCHITECTURE 6 and 7.
//
// Numbers. Types and fields are numbers of the program served now: `type` is the row of its entity
// table, a field its place in that row, or one of the automatic fields kFieldId to kFieldDeletedAt
// of flin/program.h. After a reload the numbers are those of the new program. Times are
// milliseconds since 1970 in UTC. A commit has a number `seq`; it rises by at least one per commit
// and never falls, also over restarts (a store that forgets begins at the present time in
// microseconds, W 3). 0 is no commit.
//
// Predicates have the postfix form of L 21.5 with field *numbers* (u32, little-endian) in place of
// names: `01` field (u8 n, n x u32: up to three references, then a field), `02` parameter (u8),
// `03` parameter as constant (u32). Both index Plan::parameters; plans that carry constants have
// them there. The compiler has folded the read rule in; its session paths are parameters.
// Comparison is two-valued (L 14.7). A reference that leads to no live row reads as none.
//
// Values are Plain: the scalar kinds in their own fields, a reference as kRecord with type and id,
// every other kind written as in W 4.1 by the static type of its field.
//
// A *whole row* has the declared fields by number, then created_at, updated_at and deleted_at
// (time, or none); id and version stand in Row itself.
//
// Ownership. Everything handed in is borrowed until the call returns, but for `data`, sinks and
// interfaces, which stay valid until their done function ran. Rows given to a sink, and what a done
// function is given by pointer, are borrowed until it returns. Done functions run exactly once, in
// the calling thread or another one, before or after the call returns; they must not block.
#pragma once

#include "flin/program.h"

namespace flin::store {

// What happened to a row. kDelete sets deleted_at, kRestore clears it; both are versions like any
// other. kDestroy removes the row with its history (L 14.5).
enum ChangeKind : std::uint32_t { kCreate, kUpdate, kDelete, kRestore, kDestroy };

// What a query gives, after predicate, order, offset and limit:
// kRows: row() for each. kCount: value(none, int). kExists: value(none, bool).
// kSum kAvg kMin kMax: value(none, v) over `field`; none values are skipped; of nothing the sum is
// zero and the others are none. kDistinct: value(none, v) once for each value of `field`, none
// included, in the order of the rows. kGroup: for each value of `group`, in the order of its first
// row, value(group, int count) and then row() for its rows. kGroupCount: value(group, int).
// kGroupSum: value(group, sum of `field`).
enum Aggregate : std::uint32_t {
  kRows,
  kCount,
  kExists,
  kSum,
  kAvg,
  kMin,
  kMax,
  kDistinct,
  kGroup,
  kGroupCount,
  kGroupSum
};

constexpr std::uint32_t kNoField = 0xFFFFFFFF;
// Past::valid_to of the version that is the present one.
constexpr std::int64_t kStillValid = 0x7FFFFFFFFFFFFFFF;

// Everything read with it is as of commit `seq`. {0, seq} stands for the newest state at the time
// of each call and need not be released.
struct Snapshot {
  std::uint64_t id, seq;
};

// none is smaller than every value: first in rising order, last in falling order. Rows that are
// equal in all orders stand by rising id.
struct Order {
  std::uint32_t field, descending;
};

// A query on one type. It sees live rows alone (deleted_at is none).
struct Plan {
  std::uint32_t type;            // row of the entity table
  List<std::uint8_t> predicate;  // empty: every live row
  List<Plain> parameters;
  List<Order> order;           // first is strongest; then id
  std::int64_t limit, offset;  // rows; limit -1: none
  std::uint32_t aggregate;     // Aggregate
  std::uint32_t field, group;  // kNoField where not used
  List<std::uint32_t> fields;  // what row() gives, in this order; empty: the whole row
};

struct FieldValue {
  std::uint32_t field;
  Plain value;
};

// One row's change. `id` is 0 for kCreate, or what IReservedIds gave, and never 0 for other kinds.
// `fields` belong to kCreate and kUpdate
// alone; a create takes the initial value (L 14.3) for those it leaves out. `base_version`: the
// version the writer had read; 0: whatever is there.
struct Change {
  std::uint32_t type, kind;  // kind: ChangeKind
  std::uint64_t id, base_version;
  List<FieldValue> fields;
};

// Takes effect whole or not at all. Later changes see the rows as earlier ones of the set left
// them. An empty set is no commit: it succeeds with the newest seq.
struct ChangeSet {
  List<Change> changes;
};

// One per change, in order: the row's id (given now for kCreate), its version after the change, and
// the time of the commit, ms.
struct Applied {
  std::uint64_t id, version;
  std::int64_t time;
};
struct Committed {
  std::uint64_t seq;
  List<Applied> applied;
};

// The first field of the first change that could not be made: with R0103 a committed version after
// base_version set it too, with R0101 another live row has its value (@unique). id 0: the new row.
struct Conflict {
  std::uint32_t type;
  std::uint64_t id;
  std::uint32_t field;
};

// For whom. `session`: JSON object of its map, values as in the last column of W 4.1; empty: none.
// `system` 1: without access rules (L 14.9).
struct Ctx {
  Text session;
  std::uint32_t system;
};

// A version of a row: the whole row, from when to when it was the present one (`valid_to` is the
// valid_from of the next, or kStillValid), and the ChangeKind that made it.
struct Past {
  Row row;
  std::int64_t valid_from, valid_to;
  std::uint32_t kind;
};

// Where the outcome of a query goes. Called by one thread at a time, never under a lock of the
// store: a sink may call the store again. Implemented by the user: never changes. [any-thread]
class IRowSink {
 public:
  virtual std::uint32_t row(
      const Row& row) noexcept = 0;  // fields in the plan's order, borrowed; 0: enough
  virtual std::uint32_t past(const Past& past) noexcept = 0;  // history(), oldest first; 0: enough
  virtual void value(const Plain& group, const Plain& value) noexcept = 0;  // aggregates

 protected:
  ~IRowSink() = default;
};

// Where commits go. `before` and `after` are whole rows, null where the row does not exist; a
// deleted row still exists and has a deleted_at. Rising seq, and within a commit in the order of
// its changes; references that a destroy let go follow as updates of their own. 0: enough (the rest
// of a log() call is left out; the feed goes on with the next change). Implemented by the user:
// never changes.
class ICommitSink {
 public:
  virtual std::uint32_t changed(std::uint64_t seq, const Change& change, const Row* before,
                                const Row* after) noexcept = 0;

 protected:
  ~ICommitSink() = default;
};

using QueryDone = void (*)(void* data, Status status) noexcept;  // may run before query() returns
// `committed` when it went well, else null; `conflict` with R0103 and R0101 of @unique, else null.
using CommitDone = void (*)(void* data, Status status, const Committed* committed,
                            const Conflict* conflict) noexcept;

// The store itself: access rules, validators, uniqueness and history included. Offered by the
// plugin `store`; every function is [any-thread] but on_commit.
//
// Read errors: R0003 more than store.max_rows rows or values, R0006 R0009 R0010 R0017 from
// arithmetic in a predicate or sum, R0008 no such field, R0014 malformed plan, R0106 the backend is
// out of reach.
class IEntityStore {
 public:
  static constexpr Text kId = "flin.store.IEntityStore/1";

  // The newest state, held until release(): one for all live values of a render.
  virtual Snapshot snapshot() noexcept = 0;
  virtual void release(const Snapshot& snapshot) noexcept = 0;

  // Rows that `ctx` may not read are left out, as if they were not there.
  virtual void query(const Plan& plan, const Snapshot& at, const Ctx& ctx, IRowSink& rows,
                     QueryDone done, void* data) noexcept = 0;

  // Checks in the order types, validators, access rules, conflict, unique, and writes nothing on a
  // failure: R0101 validation (message "validation failed: title is required", one part per field),
  // R0102 a rule forbids it, R0103 conflict, R0104 a required reference holds a row that was to be
  // destroyed, R0105 the row, or one a field refers to, is not saved or no longer exists, R0106
  // store out of reach. Commits are durable, and all sinks of on_commit have seen them, before done
  // runs (but for a commit made by a sink: its done runs first).
  virtual void commit(const ChangeSet& changes, const Ctx& ctx, CommitDone done,
                      void* data) noexcept = 0;

  // All versions of a row, oldest first; none for one that was destroyed or never was.
  virtual void history(std::uint32_t type, std::uint64_t id, const Ctx& ctx, IRowSink& rows,
                       QueryDone done, void* data) noexcept = 0;

  // The query on what was live at `time` (ms). Destroyed rows are in no past.
  virtual void as_of(const Plan& plan, std::int64_t time, const Ctx& ctx, IRowSink& rows,
                     QueryDone done, void* data) noexcept = 0;

  // Replays the commits after `since`, at most `limit` of them (0: all), before it returns. 1:
  // nothing is missing between `since` and the first one given. 0: nothing was given, because the
  // log no longer reaches back to `since`, or `since` is above the newest number. Changes of rows
  // that `ctx` may not read, before and after, are left out; a row it may read on one side only has
  // null on the other.
  virtual std::uint32_t log(std::uint64_t since, std::uint64_t limit, const Ctx& ctx,
                            ICommitSink& out) noexcept = 0;

  // `sink` sees every later commit, without access rules, in rising seq: in the thread of the
  // commit, one commit at a time. It must not block and must not wait for a commit of another
  // thread. It stays valid until the user's stop() has returned. P110 outside load. [load]
  virtual Status on_commit(ICommitSink& sink) noexcept = 0;

 protected:
  ~IEntityStore() = default;
};

// What an operator swaps: the same shape without access rules, validators and history logic.
// Offered by plugins under a name ("sqlite", "postgres"); the setting store.backend chooses one by
// name, with an address behind a colon. [any-thread] but for open and close, which run alone [load,
// loop-thread]. tests/plugins/store/backend_conformance_test.cpp is the exact meaning.
class IStoreBackend {
 public:
  static constexpr Text kId = "flin.store.IStoreBackend/1";

  // Called at start and again for each new program. Entities and fields are matched by name. New
  // ones are added (rows already there have the initial value of L 14.3), `T` may become `T?`;
  // anything else is refused in one sentence, R0106, and the old schema goes on.
  virtual Status open(Text address, List<EntityRow> schema) noexcept = 0;

  virtual Snapshot snapshot() noexcept = 0;
  virtual void release(const Snapshot& snapshot) noexcept = 0;
  virtual void query(const Plan& plan, const Snapshot& at, IRowSink& rows, QueryDone done,
                     void* data) noexcept = 0;

  // Durable before done; may group commits; gives the seq. Itself keeps: base_version (R0103),
  // @unique among live rows (R0101, both with Conflict), references (R0104, R0105), and lets
  // optional references and lists go of a destroyed row. none is never unique.
  virtual void commit(const ChangeSet& changes, CommitDone done, void* data) noexcept = 0;

  virtual void history(std::uint32_t type, std::uint64_t id, IRowSink& rows, QueryDone done,
                       void* data) noexcept = 0;
  virtual void as_of(const Plan& plan, std::int64_t time, IRowSink& rows, QueryDone done,
                     void* data) noexcept = 0;
  virtual std::uint32_t log(std::uint64_t since, std::uint64_t limit,
                            ICommitSink& out) noexcept = 0;

  // Drops all but the newest `keep` commits of the log (store.log_keep); history is never trimmed.
  virtual void trim(std::uint64_t keep) noexcept = 0;

  // No call is under way and none comes later.
  virtual void close() noexcept = 0;

 protected:
  ~IStoreBackend() = default;
};

// Offered beside IStoreBackend, under the same name, by backends that can give ids ahead of the
// commit: an entity saved in a `transaction` has its id at once. Without it such a save fails.
class IReservedIds {
 public:
  static constexpr Text kId = "flin.store.IReservedIds/1";
  // For one kCreate; never given again, also if that never comes. 0: not open, no such type.
  // [any-thread]
  virtual std::uint64_t reserve(std::uint32_t type) noexcept = 0;

 protected:
  ~IReservedIds() = default;
};

}  // namespace flin::store
