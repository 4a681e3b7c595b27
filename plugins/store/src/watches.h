// Which queries somebody shows, and which of them a commit concerns (ARCHITECTURE 7).
//
// A watch is (type, predicate, parameters) with a source of the host. A commit touches it when a
// changed row matches it before or after, so it says nothing about order and limit: a touched live
// value asks again and is compared. A predicate that follows references is touched by every change
// of the types it may lead through.
//
// Nobody tells the store that a source is no longer shown. But whoever shows it asks again after a
// touch; so a watch that was touched and not asked for during the next kIdleCommits commits is
// released. Beyond kMostWatches the one asked for longest ago leaves the table; it is touched once
// more with the next commit, so that whoever still shows it comes back, and is released then.
#pragma once

#include "flin/sources.h"
#include "flin/store/entity_store.h"
#include "predicate.h"
#include "schema.h"

#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace flin::store {

class Watches {
 public:
  static constexpr std::size_t kMostWatches = 10'000;
  static constexpr std::uint64_t kIdleCommits = 1'000;

  explicit Watches(ISources& sources, std::size_t most = kMostWatches)
      : sources_(sources), most_(most) {}
  ~Watches();
  Watches(const Watches&) = delete;
  Watches& operator=(const Watches&) = delete;

  // The source of the query; ask before reading, so that no commit falls between. `code` was
  // proved. [any-thread]
  std::uint64_t source(const Entities& entities, std::uint32_t type, const Bytes& code,
                       const Scalars& parameters);

  // One change of the commit that end_commit() will close. [the feed]
  void change(const Change& change, const Row* before, const Row* after);
  // Something of the log was missed: everything counts as changed. [the feed]
  void change_all();
  // Touches what is concerned, also when that is nothing. [the feed]
  void end_commit(std::uint64_t seq);
  // The numbers of types and fields have changed: all watches leave the table (touched, then
  // released).
  void clear();

  std::size_t size() const;

 private:
  struct Watch {
    std::uint64_t source = 0;
    std::uint32_t type = 0;
    std::vector<std::uint32_t> through;  // types its references lead through
    Predicate predicate;
    Scalars parameters;
    std::optional<std::uint64_t> wanted;  // `find`: the one id it is about
    std::string key;
    bool is_concerned = false;
    bool is_asked_again = true;    // since its last touch
    std::uint64_t touched_at = 0;  // commit count of its last touch
  };
  using Place = std::list<Watch>::iterator;

  static bool matches(const Watch& watch, const Row* row);
  void retire(Place place);

  ISources& sources_;
  const std::size_t most_;
  mutable std::mutex mutex_;  // guards all below
  std::list<Watch> watches_;  // asked for longest ago first
  std::unordered_map<std::string, Place> places_;
  std::vector<std::uint64_t> retired_;  // to be touched once more
  std::vector<std::uint64_t> leaving_;  // touched, to be released with the next commit
  std::uint64_t commits_ = 0;
};

}  // namespace flin::store
