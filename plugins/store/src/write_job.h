// One change set on its way through the store: types and validators, access rules (which read the
// rows that are there), the backend, the feed. Owns all it needs, because any step may complete
// later on another thread.
#pragma once

#include "entity_store.h"
#include "handshake.h"
#include "rules.h"
#include "validators.h"

#include <memory>
#include <string>
#include <vector>

namespace flin::store {

// A change that owns its values.
struct OwnedChange {
  std::uint32_t type = 0, kind = 0;
  std::uint64_t id = 0, base_version = 0;
  std::vector<FieldWrite> fields;
  std::vector<FieldValue> values;  // borrowed from fields
};
OwnedChange own(const Change& change);
// Valid as long as `change` is.
Change borrow(OwnedChange& change);
// Well formed (R0014 R0008 R0105) and valid by types and validators (R0101, with `errors`). Values
// become what their fields are.
MaybeFault check_change(const Model& model, OwnedChange& change, FieldErrors& errors);

class WriteJob final : private IRowSink {
 public:
  // Deletes itself after `done`.
  static void run(EntityStore& store, const ChangeSet& changes, const Ctx& ctx, WriteDone done,
                  void* data);

 private:
  WriteJob(EntityStore& store, const ChangeSet& changes, const Ctx& ctx, WriteDone done,
           void* data);
  ~WriteJob() = default;

  void start();
  // Checks the access rules of the changes from next_ on; waits where it has to read a row.
  void check_rules();
  bool is_row_needed(const OwnedChange& change) const;
  void check_rule(const OwnedChange& change, const Row* before);
  void send();
  void finish(Status status, const Committed* committed, const Conflict* conflict);
  void fail(const Fault& fault);

  std::uint32_t row(const Row&) noexcept override { return 0; }
  std::uint32_t past(const Past& past) noexcept override;
  void value(const Plain&, const Plain&) noexcept override {}
  static void row_read(void* data, Status status) noexcept;
  static void written(void* data, Status status, const Committed* committed,
                      const Conflict* conflict) noexcept;

  EntityStore& store_;
  const std::shared_ptr<const Model> model_;  // shared with the store: a reload brings another
  std::vector<OwnedChange> changes_;
  std::string session_;
  const std::uint32_t system_;
  const WriteDone done_;
  void* const data_;

  FieldErrors errors_;
  std::size_t next_ = 0;
  Handshake handshake_;
  std::uint64_t row_id_ = 0, row_version_ = 0;  // the newest version read, for the rules
  Scalars row_;
  bool is_row_there_ = false;
  MaybeFault fault_;
};

}  // namespace flin::store
