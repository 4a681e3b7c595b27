// Hands commits on: to the sinks of other plugins, then to the watches, in rising seq.
//
// The committing thread reads the backend's log from the last number fed and gives what is new,
// under one lock; so order needs no thread of its own, and commits of other processes on the same
// database would come the same way. When commit() calls its done function the feed has passed its
// number.
#pragma once

#include "flin/store/entity_store.h"
#include "watches.h"

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace flin::store {

class Feed {
 public:
  // `log_keep`: newest commits the log keeps. All borrowed for the feed's life; `watches` may be
  // null.
  Feed(IStoreBackend& backend, Watches* watches, std::uint64_t log_keep)
      : backend_(backend), watches_(watches), log_keep_(log_keep) {}

  void add(ICommitSink& sink) { sinks_.push_back(&sink); }  // [load]
  void begin_at(std::uint64_t seq) { fed_ = seq; }          // [load]

  // Feeds every commit that is not fed yet. Called by a sink, it only asks the running feed to look
  // again. [any-thread]
  void drain();

 private:
  class Fan;
  void read_log();
  void trim();

  IStoreBackend& backend_;
  Watches* const watches_;
  const std::uint64_t log_keep_;
  std::vector<ICommitSink*> sinks_;

  std::mutex mutex_;  // guards fed_ and trimmed_at_, and lets one thread feed at a time
  std::atomic<std::thread::id> feeder_;
  std::atomic<bool> is_asked_again_ = false;
  std::uint64_t fed_ = 0;
  std::uint64_t trimmed_at_ = 0;
};

}  // namespace flin::store
