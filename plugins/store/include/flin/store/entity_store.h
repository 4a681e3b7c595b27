// The store, as other plugins and the store's opcodes see it (IEntityStore), and what an operator
// swaps (IStoreBackend). A 15.
//
// Predicates have the postfix form of L 21.5 with field *numbers* (u32, little-endian) in place of
// names: `01` field (u8 n, n x u32), `02` parameter (u8), `03` parameter as constant (u32 index into the
// parameters, used by plans that carry their constants there). The compiler has folded the read rule in;
// its session paths are parameters. Comparison is two-valued (L 14.7).
//
// Everything handed in is borrowed until the call returns, but for `data`, sinks and interfaces, which
// stay valid until their done function ran. Rows given to a sink are borrowed until the sink returns.
#pragma once

#include "flin/program.h"

namespace flin::store {
enum ChangeKind : std::uint32_t { kCreate, kUpdate, kDelete, kRestore, kDestroy };
enum Aggregate  : std::uint32_t { kRows, kCount, kExists, kSum, kAvg, kMin, kMax, kDistinct, kGroup, kGroupCount, kGroupSum };
constexpr std::uint32_t kNoField = 0xFFFFFFFF;

struct Snapshot { std::uint64_t id, seq; };                         // everything read with it is as of commit `seq`
struct Order    { std::uint32_t field, descending; };
struct Plan {
  std::uint32_t type;                                               // row of the entity table
  List<std::uint8_t> predicate;   List<Plain> parameters;           // empty: every live row
  List<Order> order;                                                // then id; none sorts first
  std::int64_t limit, offset;                                       // limit -1: none
  std::uint32_t aggregate, field, group;                            // kNoField where not used
  List<std::uint32_t> fields;                                       // what to read; empty: all
};
struct FieldValue { std::uint32_t field; Plain value; };
struct Change     { std::uint32_t type, kind; std::uint64_t id, base_version; List<FieldValue> fields; };   // id 0: new
struct ChangeSet  { List<Change> changes; };                        // takes effect whole or not at all
struct Applied    { std::uint64_t id, version; std::int64_t time; };                                        // one per change
struct Committed  { std::uint64_t seq; List<Applied> applied; };
struct Conflict   { std::uint32_t type; std::uint64_t id; std::uint32_t field; };
struct Ctx        { Text session; std::uint32_t system; };          // session: JSON of its map; system 1: without rules
struct Past       { Row row; std::int64_t valid_from, valid_to; std::uint32_t kind; };

class IRowSink {
 public:
  virtual std::uint32_t row(const Row& row) noexcept = 0;           // fields in the plan's order, borrowed; 0: enough
  virtual std::uint32_t past(const Past& past) noexcept = 0;
  virtual void value(const Plain& group, const Plain& value) noexcept = 0;      // aggregates
 protected: ~IRowSink() = default;
};
class ICommitSink {                                                 // called in rising seq, on the store's commit thread
 public:
  virtual std::uint32_t changed(std::uint64_t seq, const Change& change, const Row* before, const Row* after) noexcept = 0;  // 0: enough
 protected: ~ICommitSink() = default;
};
using QueryDone  = void (*)(void* data, Status status) noexcept;                                             // may run before query() returns
using CommitDone = void (*)(void* data, Status status, const Committed* committed, const Conflict* conflict) noexcept;

class IEntityStore {                                                // [any-thread]; rules, validators, unique, history included
 public:
  static constexpr Text kId = "flin.store.IEntityStore/1";
  virtual Snapshot snapshot() noexcept = 0;                         // one for all live values of a render
  virtual void release(const Snapshot& snapshot) noexcept = 0;
  virtual void query(const Plan& plan, const Snapshot& at, const Ctx& ctx, IRowSink& rows, QueryDone done, void* data) noexcept = 0;
  virtual void commit(const ChangeSet& changes, const Ctx& ctx, CommitDone done, void* data) noexcept = 0;   // R0101 R0102 R0103 R0104 R0105 R0106
  virtual void history(std::uint32_t type, std::uint64_t id, const Ctx& ctx, IRowSink& rows, QueryDone done, void* data) noexcept = 0;
  virtual void as_of(const Plan& plan, std::int64_t time, const Ctx& ctx, IRowSink& rows, QueryDone done, void* data) noexcept = 0;
  virtual std::uint32_t log(std::uint64_t since, std::uint64_t limit, const Ctx& ctx, ICommitSink& out) noexcept = 0;  // 1: complete, 0: trimmed before `since`
  virtual Status on_commit(ICommitSink& sink) noexcept = 0;         // [load]
 protected: ~IEntityStore() = default;
};

class IStoreBackend {                                               // the same shape without rules, validators and history logic
 public:
  static constexpr Text kId = "flin.store.IStoreBackend/1";         // offered under a name: "sqlite", "postgres"
  virtual Status open(Text address, List<EntityRow> schema) noexcept = 0;       // applies additive differences, refuses others in one sentence
  virtual Snapshot snapshot() noexcept = 0;
  virtual void release(const Snapshot& snapshot) noexcept = 0;
  virtual void query(const Plan& plan, const Snapshot& at, IRowSink& rows, QueryDone done, void* data) noexcept = 0;
  virtual void commit(const ChangeSet& changes, CommitDone done, void* data) noexcept = 0;   // durable before done; groups commits; gives the seq
  virtual void history(std::uint32_t type, std::uint64_t id, IRowSink& rows, QueryDone done, void* data) noexcept = 0;
  virtual void as_of(const Plan& plan, std::int64_t time, IRowSink& rows, QueryDone done, void* data) noexcept = 0;
  virtual std::uint32_t log(std::uint64_t since, std::uint64_t limit, ICommitSink& out) noexcept = 0;
  virtual void trim(std::uint64_t keep) noexcept = 0;               // of the log alone (store.log_keep); history is never trimmed
  virtual void close() noexcept = 0;
 protected: ~IStoreBackend() = default;
};
}  // namespace flin::store
