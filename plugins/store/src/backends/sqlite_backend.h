// The backend "sqlite": one file, for one process, durable (ARCHITECTURE 6 and 7, PERFORMANCE 3).
//
//   commit ──► SqliteWriter: one thread, its connection, one transaction for all that wait
//   query  ──► a read-only connection of the pool, in the calling thread
//   snapshot ► a connection in a read transaction: WAL shows it the state it began with
//   log    ──► the newest commits from memory, older ones from the table `log`
//
// Commits answer on the writer's thread. A program without entities leaves no file behind.
#pragma once

#include "flin/plugin.h"
#include "flin/store/entity_store.h"
#include "sqlite_file.h"
#include "sqlite_writer.h"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace flin::store {

class SqliteBackend final : public IStoreBackend, public IReservedIds {
 public:
  using Clock = SqliteWriter::Clock;

  // `host` makes the errors; it outlives the backend.
  SqliteBackend(IHost& host, Clock clock, const StoreMetrics& metrics = {});
  ~SqliteBackend();

  // `address`: path of the file.
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

  // What open() would change in the database at `path`, which is only read.
  static MaybeFault plan_migration(const std::string& path, const Entities& entities,
                                   std::vector<SchemaStep>& out);

 private:
  using Connection = std::unique_ptr<SqlConnection>;
  // A connection in a read transaction.
  struct Held {
    std::mutex mutex;  // guards the connection's use
    Connection connection;
  };

  Status status_of(const MaybeFault& fault);
  MaybeFault open_file(const std::string& path);
  MaybeFault fit(const Entities& entities);
  MaybeFault take(Connection& out);
  void give_back(Connection connection);
  std::shared_ptr<Held> held(const Snapshot& at);
  SqlModelRef model() const;
  template <class Read>
  MaybeFault read(const Snapshot& at, Read read);
  std::uint32_t read_log(std::uint64_t since, std::uint64_t limit, const SqlModel& model,
                         ICommitSink& out);

  IHost& host_;
  const Clock clock_;
  FileLock lock_;
  SqliteWriter writer_;

  // One connection opens at a time: Poco does it on its default pool, which has few threads.
  std::mutex opening_;
  mutable std::mutex mutex_;     // guards all below
  std::string path_;             // empty: no file is open
  SqlModelRef model_;            // shared with readers; null: not open
  std::uint64_t start_seq_ = 0;  // without a file
  std::vector<Connection> idle_;
  std::map<std::uint64_t, std::shared_ptr<Held>> snapshots_;  // shared with reads at them
  std::uint64_t next_snapshot_ = 1;
};

}  // namespace flin::store
