// A store backend of a third party: everything in memory, and every commit as one line of JSON in a
// file, from which the memory is made again. For data one wants to read, diff and mend by hand.
//
//   {"begin":1790000000000000}                           number of the first commit, less one
//   {"schema":[{"name":"Note","fields":[..]}]}           of the commits that follow
//   {"time":1790000000000123,"changes":[[0,0,0,0,[[0,[4,0,"0","0","milk"]]]]]}
//   {"trim":100000}                                      the log forgets all commits but these
//
// A change is [type, kind, id, base version, fields], a field [number, value], a value [kind,
// extra, i, bits of n in hex, text], with the numbers of the schema above it. A new row stands
// there with the id it was given; the engine numbers commits and versions in order, so the same
// lines give the same numbers again.
#pragma once

#include "journal.h"

#include <flin/store/kit.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace jsonlines {

using flin::List;
using flin::Status;
using flin::Text;
namespace store = flin::store;

class JsonLinesBackend final : public store::IStoreBackend, public store::IReservedIds {
 public:
  using Clock = std::function<std::int64_t()>;  // microseconds since 1970

  JsonLinesBackend() = default;
  ~JsonLinesBackend() = default;
  // Before every other function: a host asks for what is offered before load(), so the object is
  // there before its parts. `host` makes the errors; it outlives the backend. No clock: the
  // system's.
  void attach(flin::IHost& host, Clock clock = {});

  Status open(Text address, List<flin::EntityRow> schema) noexcept override;
  void commit(const store::ChangeSet& changes, store::CommitDone done,
              void* data) noexcept override;
  void close() noexcept override;

  // The engine's.
  std::uint64_t reserve(std::uint32_t type) noexcept override {
    return store::reserved_ids_of(engine_.get())->reserve(type);
  }
  store::Snapshot snapshot() noexcept override { return engine_->snapshot(); }
  void release(const store::Snapshot& snapshot) noexcept override { engine_->release(snapshot); }
  void query(const store::Plan& plan, const store::Snapshot& at, store::IRowSink& rows,
             store::QueryDone done, void* data) noexcept override {
    engine_->query(plan, at, rows, done, data);
  }
  void history(std::uint32_t type, std::uint64_t id, store::IRowSink& rows, store::QueryDone done,
               void* data) noexcept override {
    engine_->history(type, id, rows, done, data);
  }
  void as_of(const store::Plan& plan, std::int64_t time, store::IRowSink& rows,
             store::QueryDone done, void* data) noexcept override {
    engine_->as_of(plan, time, rows, done, data);
  }
  std::uint32_t log(std::uint64_t since, std::uint64_t limit,
                    store::ICommitSink& out) noexcept override {
    return engine_->log(since, limit, out);
  }
  void trim(std::uint64_t keep) noexcept override;

 private:
  struct Outcome;
  static std::int64_t now(void* self);
  Status fail(const std::string& message);
  std::string replay(const std::string& line);
  void reserve_up_to(const store::Change& change);
  Status use_schema(List<flin::EntityRow> schema);

  flin::IHost* host_ = nullptr;
  Clock clock_;
  std::unique_ptr<store::IStoreBackend, void (*)(store::IStoreBackend*)> engine_{nullptr, nullptr};
  std::mutex lock_;  // guards what follows: lines stand in the order of their commits
  Journal journal_;
  std::string schema_;         // the schema line that holds now
  std::int64_t given_ = 0;     // what the engine was told the time is
  std::int64_t replayed_ = 0;  // not 0: the time it is told while lines are read
  std::map<std::uint32_t, std::uint64_t>
      reserved_;              // while lines are read: by type, the highest id
  std::uint64_t logged_ = 0;  // commits that the engine's log holds
  std::string broken_;        // why nothing can be written any more
};

}  // namespace jsonlines
