// The one thread that writes to an SQLite database. It gathers the change sets that wait into one
// transaction, so that all of them share one fsync; each set still takes effect whole or not at
// all, sees those before it, and gets an answer of its own once the transaction is on the disk.
//
// When a transaction fails (disk full, fsync), nothing of it is there, and its sets are tried again
// one by one: one that cannot be written does not take others with it.
#pragma once

#include "../metrics.h"
#include "sqlite_query.h"
#include "staging.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace flin::store {

// A change set with all it refers to, and who waits for it.
class QueuedSet {
 public:
  QueuedSet(const ChangeSet& changes, CommitDone done, void* data);
  ChangeSet changes() const { return {{changes_.data(), changes_.size()}}; }

  CommitDone done;
  void* data;

 private:
  std::vector<Change> changes_;
  std::vector<std::vector<FieldValue>> fields_;
  std::vector<char> bytes_;  // of all texts
};

class SqliteWriter final : private IStoredRows {
 public:
  // Microseconds since 1970.
  using Clock = std::function<std::int64_t()>;
  using StatusOf = std::function<Status(const MaybeFault&)>;
  // Newest commits that are kept in memory too, so that the feed need not read them back.
  static constexpr std::size_t kRecentCommits = 256;
  static constexpr std::size_t kMostWaiting = 65'536;
  static constexpr std::size_t kMostInGroup = 1'024;

  SqliteWriter(Clock clock, StatusOf status_of, const StoreMetrics& metrics)
      : clock_(std::move(clock)), status_of_(std::move(status_of)), metrics_(metrics) {}
  ~SqliteWriter() { stop(); }

  SqlConnection& connection() { return connection_; }
  // Keeps the writer from writing as long as it is held.
  std::unique_lock<std::mutex> pause() { return std::unique_lock(writing_); }
  // Takes the tables as they are now. [paused]
  void use(SqlModelRef model);
  void start();
  // Writes what waits, then ends the thread.
  void stop();

  void commit(const ChangeSet& changes, CommitDone done, void* data);
  void trim(std::uint64_t keep);
  std::uint64_t reserve(std::uint32_t table) { return take_id(table); }
  std::uint64_t seq() const;
  std::uint64_t trimmed() const;
  // Commits after `since` where memory still has all of them. False: look into the table.
  bool recent(std::uint64_t since, std::uint64_t limit, std::vector<LoggedCommitRef>& out) const;

 private:
  struct Outcome {
    Fault fault;
    std::optional<Conflict> conflict;
    bool is_refused = false;
    std::uint64_t seq = 0;
    std::vector<Applied> applied;
  };

  void run();
  void write_group(std::vector<QueuedSet>& group);
  bool write_together(const std::vector<QueuedSet>& group, std::size_t from, std::size_t to,
                      std::vector<Outcome>& outcomes);
  void write_set(const QueuedSet& set, Outcome& outcome);
  void put(Staging& staging, std::uint64_t seq);
  void put_versions(const Staging& staging);
  void put_row(Place place, const std::vector<VersionRef>& versions);
  void insert_row(Place place, const Version& version);
  void update_row(Place place, const std::vector<VersionRef>& versions);
  void put_destroyed(Place place);
  void put_log(const LoggedCommit& commit, const Staging& staging);
  void put_state();
  std::uint64_t next_id(std::uint32_t table) const;

  VersionRef committed(Place place) const override;
  std::uint64_t take_id(std::uint32_t table) override;
  void put_back(std::uint32_t table, std::uint64_t first, std::uint64_t last) override;
  bool is_taken(std::uint32_t table, std::uint64_t id) const override;
  bool was_set_since(Place place, std::uint32_t column, std::uint64_t base) const override;
  std::vector<Place> referrers(const std::set<Place>& gone) const override;
  std::vector<std::uint64_t> owners(std::uint32_t table, std::uint32_t column,
                                    const Scalar& value) const override;

  const Clock clock_;
  const StatusOf status_of_;
  const StoreMetrics metrics_;

  std::mutex writing_;  // guards the connection and what it has written, up to logged_
  mutable SqlConnection connection_;
  SqlModelRef model_;                    // shared with readers
  SqlState state_;                       // as the transaction under way has it
  std::vector<LoggedCommitRef> logged_;  // of the transaction under way

  mutable std::mutex ids_mutex_;  // guards next_ids_: nobody waits for the disk to get an id
  std::vector<std::uint64_t> next_ids_;

  mutable std::mutex queue_mutex_;  // guards all below
  std::condition_variable wakes_;
  std::vector<QueuedSet> queue_;
  bool is_ending_ = false, is_running_ = false;
  SqlState durable_;
  std::deque<LoggedCommitRef> recent_;
  std::thread thread_;
};

}  // namespace flin::store
