// IEntityStore over any backend: validators, access rules, the row limit, the feed of commits and
// the sources of queries. What it promises stands in flin/store/entity_store.h.
#pragma once

#include "fault.h"
#include "feed.h"
#include "flin/plugin.h"
#include "flin/store/entity_store.h"
#include "metrics.h"
#include "rules.h"
#include "schema.h"
#include "validators.h"
#include "watches.h"

#include <memory>
#include <mutex>
#include <string>

namespace flin::store {

// What one program says about its entities. Never changes; shared by the store and by calls under
// way when the next program comes.
struct Model {
  std::uint32_t since = 0;  // number of the first program whose table this is
  Entities entities;
  Validators validators;
  Rules rules;
};

// Outcome of a write with the messages of its fields, which CommitDone has no room for. All
// borrowed until the done function returns.
struct WriteOutcome {
  Status status;
  const Committed* committed;
  const Conflict* conflict;
  const FieldErrors* errors;  // R0101, else null
};
using WriteDone = void (*)(void* data, WriteOutcome outcome) noexcept;

struct Limits {
  std::uint64_t log_keep = 100'000;
  std::int64_t max_rows = 10'000;
};

// R0003: a query gives more than store.max_rows.
Fault too_many_rows(std::int64_t most);

class EntityStore final : public IEntityStore {
 public:
  EntityStore() = default;
  ~EntityStore() = default;

  // Gives the store what it works with; it is called once, before every other function. (The host
  // asks a plugin for its offers before load(), so the object is there before its parts.) All
  // outlive the store; `sources` may be null. [load]
  void attach(IHost& host, IStoreBackend& backend, ISources* sources, const Limits& limits);

  // Validators of other plugins, for the programs opened from now on; outlive the store. [load]
  void use_validators(IValidators* validators) { plugin_validators_ = validators; }

  // Opens the backend for the entities of program number `program`. After a failure the store stays
  // open for the program before, or, if there is none, every call fails with its sentence (R0106).
  Status open(Text address, List<EntityRow> schema, std::uint32_t program = 0);

  Snapshot snapshot() noexcept override;
  void release(const Snapshot& snapshot) noexcept override;
  void query(const Plan& plan, const Snapshot& at, const Ctx& ctx, IRowSink& rows, QueryDone done,
             void* data) noexcept override;
  void commit(const ChangeSet& changes, const Ctx& ctx, CommitDone done,
              void* data) noexcept override;
  void history(std::uint32_t type, std::uint64_t id, const Ctx& ctx, IRowSink& rows, QueryDone done,
               void* data) noexcept override;
  void as_of(const Plan& plan, std::int64_t time, const Ctx& ctx, IRowSink& rows, QueryDone done,
             void* data) noexcept override;
  std::uint32_t log(std::uint64_t since, std::uint64_t limit, const Ctx& ctx,
                    ICommitSink& out) noexcept override;
  Status on_commit(ICommitSink& sink) noexcept override;

  // As query(), without store.max_rows: what a transaction reads to lay its changes over.
  void query_all(const Plan& plan, const Snapshot& at, const Ctx& ctx, IRowSink& rows,
                 QueryDone done, void* data) noexcept;
  // As commit(), with the fields' messages.
  void write(const ChangeSet& changes, const Ctx& ctx, WriteDone done, void* data);
  // [load]
  void use_metrics(const StoreMetrics& metrics) { metrics_ = metrics; }
  const StoreMetrics& metrics() const { return metrics_; }
  // Gives ids ahead of commits; null: `transaction` cannot create. [load]
  void use_ids(IReservedIds* ids) { ids_ = ids; }
  // 0: the backend cannot.
  std::uint64_t reserve_id(std::uint32_t type) { return ids_ ? ids_->reserve(type) : 0; }
  // on_commit() is refused from now on (P110).
  void end_loading() { is_loading_ = false; }

  // Null while no program is open.
  std::shared_ptr<const Model> model() const;
  // The same, for code of that program: null when its types and fields are numbered otherwise,
  // because another program with other entities is served by now.
  std::shared_ptr<const Model> model(std::uint32_t program) const;
  Fault unavailable() const;  // why a model() was null
  Status fail(const Fault& fault) {
    return host_->fail(fault.code, Text(std::string_view(fault.message)));
  }
  Watches* watches() { return watches_.get(); }
  IHost& host() { return *host_; }
  IStoreBackend& backend() { return *backend_; }
  Feed& feed() { return *feed_; }
  const Limits& limits() const { return limits_; }

 private:
  Status refuse(Status status);
  void query_up_to(std::int64_t most, const Plan& plan, const Snapshot& at, const Ctx& ctx,
                   IRowSink& rows, QueryDone done, void* data) noexcept;

  IHost* host_ = nullptr;
  IStoreBackend* backend_ = nullptr;
  IValidators* plugin_validators_ = nullptr;
  IReservedIds* ids_ = nullptr;
  StoreMetrics metrics_;
  Limits limits_;
  std::unique_ptr<Watches> watches_;
  std::unique_ptr<Feed> feed_;
  bool is_loading_ = true;   // [load]
  bool is_feeding_ = false;  // [load]

  mutable std::mutex mutex_;  // guards model_ and why_not_
  std::shared_ptr<const Model> model_;
  std::string why_not_;
};

}  // namespace flin::store
