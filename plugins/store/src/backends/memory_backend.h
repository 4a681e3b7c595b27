// The backend "memory": everything in this process, nothing survives it. For tests, `flin test` and
// programs that need no more; and the plainest reading of what IStoreBackend promises.
//
// Every version of every row is kept with the commit that made it, so a snapshot is a number: reads
// at one number go on while commits do. Commits and reads complete inline, in the calling thread.
#pragma once

#include "flin/plugin.h"
#include "flin/store/entity_store.h"
#include "memory_tables.h"
#include "selection.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <shared_mutex>
#include <vector>

namespace flin::store {

class MemoryBackend final : public IStoreBackend, public IReservedIds {
 public:
  // Microseconds since 1970. Commit times never go back, even when the clock does.
  using Clock = std::function<std::int64_t()>;
  static std::int64_t system_clock();

  // `host` makes the errors; it outlives the backend.
  explicit MemoryBackend(IHost& host, Clock clock = system_clock);
  ~MemoryBackend() = default;

  Status open(Text address, List<EntityRow> schema) noexcept override;
  Snapshot snapshot() noexcept override;
  void release(const Snapshot& snapshot) noexcept override;
  void query(const Plan& plan, const Snapshot& at, IRowSink& rows, QueryDone done,
             void* data) noexcept override;
  void commit(const ChangeSet& changes, CommitDone done, void* data) noexcept override;
  void history(std::uint32_t type, std::uint64_t id, IRowSink& rows, QueryDone done,
               void* data) noexcept override;
  void as_of(const Plan& plan, std::int64_t time, IRowSink& rows, QueryDone done,
             void* data) noexcept override;
  std::uint32_t log(std::uint64_t since, std::uint64_t limit, ICommitSink& out) noexcept override;
  void trim(std::uint64_t keep) noexcept override;
  void close() noexcept override;
  std::uint64_t reserve(std::uint32_t type) noexcept override;

 private:
  Status status_of(const MaybeFault& fault);
  MaybeFault read(const Plan& plan, const Snapshot* at, std::optional<std::int64_t> time,
                  IRowSink& rows);
  MaybeFault past(std::uint32_t type, std::uint64_t id, IRowSink& rows);
  MaybeRefusal write(const ChangeSet& changes, std::vector<Applied>& applied, std::uint64_t& seq);
  std::uint32_t copy_log(std::uint64_t since, std::uint64_t limit,
                         std::vector<LoggedCommitRef>& commits,
                         std::vector<TableShape>& shapes) const;
  void forget_destroyed();

  IHost& host_;
  const Clock clock_;

  // Guards everything below. Readers hold it shared while they look for rows, never while a sink
  // runs; a commit holds it alone while it checks and appends.
  mutable std::shared_mutex mutex_;
  MemoryTables tables_;
  std::shared_ptr<const Binding>
      binding_;                // shared with readers that began before a reload; null: not open
  std::uint64_t seq_ = 0;      // newest commit
  std::uint64_t trimmed_ = 0;  // newest commit the log no longer holds
  std::int64_t time_ = 0;      // of the newest commit, ms
  std::deque<LoggedCommitRef> log_;
  std::map<std::uint64_t, std::uint64_t> snapshots_;  // id -> seq
  std::uint64_t next_snapshot_ = 1;
  std::deque<Place> destroyed_;  // by rising seq
};

}  // namespace flin::store
