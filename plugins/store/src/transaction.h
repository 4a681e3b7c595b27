// `transaction { .. }` (L 14.8, A 15): a snapshot and the changes made so far, kept with the run of
// the agent that is in it. Saves are checked at once and written together at the end, as one change
// set; queries see the snapshot with the changes laid over it.
//
// A nested transaction is part of the outer one: it has a mark alone, to which an error in it goes
// back. Used by one agent, so by one thread at a time.
#pragma once

#include "entity_store.h"
#include "flin/plugin.h"
#include "write_job.h"

#include <memory>
#include <vector>

namespace flin::store {

class Transaction {
 public:
  explicit Transaction(EntityStore& store)
      : store_(store), model_(store.model()), snapshot_(store.snapshot()) {}
  ~Transaction() { store_.release(snapshot_); }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  // An entity that was saved in it: it is refreshed at the end, or made unsaved again.
  struct Record {
    std::uint64_t handle;  // ICall::keep
    std::size_t change;    // its last one
    bool is_new;
  };

  const Snapshot& snapshot() const { return snapshot_; }
  const Model& model() const { return *model_; }
  const std::vector<OwnedChange>& changes() const { return changes_; }
  const std::vector<Record>& records() const { return records_; }
  bool has_touched(std::uint32_t type) const;

  void begin_nested() { marks_.push_back({changes_.size(), records_.size()}); }
  bool is_nested() const { return !marks_.empty(); }
  void end_nested() { marks_.pop_back(); }

  // `change` has been checked. The record is kept.
  void add(ICall& call, Value record, OwnedChange change);
  // Drops what was changed since the innermost mark, or everything; new records are unsaved again.
  void roll_back(ICall& call);
  // After the commit.
  Status refresh(ICall& call, const std::vector<Applied>& applied);

 private:
  struct Mark {
    std::size_t changes, records;
  };
  EntityStore& store_;
  const std::shared_ptr<const Model> model_;  // shared with the store: a reload brings another
  const Snapshot snapshot_;
  std::vector<OwnedChange> changes_;
  std::vector<Record> records_;
  std::vector<Mark> marks_;
};
// Shared with reads that are under way when their agent ends.
using TransactionRef = std::shared_ptr<Transaction>;

// The transaction that the run of `call` is in, or null.
TransactionRef transaction_of(ICall& call);
// Null: it is over.
void set_transaction(ICall& call, TransactionRef transaction);

// created_at, updated_at and deleted_at of a record after `change` was written, as
// ICall::refresh() takes them.
Status refresh_record(ICall& call, Value record, std::uint32_t kind, const Applied& applied);

}  // namespace flin::store
