// One version of a row, as every backend of this plugin reads and makes it. It never changes once
// it is published, so readers keep it by a shared pointer while commits go on.
#pragma once

#include "../value.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace flin::store {

struct Version {
  std::uint64_t seq = 0;     // commit that made it
  std::uint64_t number = 0;  // `version` of the entity, from 1
  std::uint32_t kind = 0;    // ChangeKind
  std::int64_t from = 0;     // valid from, ms
  std::int64_t created_at = 0;
  std::optional<std::int64_t> deleted_at;
  std::vector<std::uint32_t> changed;  // columns this version set, in the order given
  Scalars cells;                       // by column; shorter than the table: the rest is backfill

  bool is_live() const { return !deleted_at; }
};
// Shared by the row, by the log and by readers that are not done with it.
using VersionRef = std::shared_ptr<const Version>;

// A row: its table and id.
using Place = std::pair<std::uint32_t, std::uint64_t>;

// A change as the log keeps it, in tables and columns.
struct LogEntry {
  std::uint32_t table = 0, kind = 0;
  std::uint64_t id = 0, base_version = 0;
  std::vector<std::uint32_t> columns;  // the fields it set, in the order given
  VersionRef before, after;            // null: not there
};

// Shared by the log and by readers that walk a part of it while it is trimmed.
struct LoggedCommit {
  std::uint64_t seq;
  std::vector<LogEntry> entries;
};
using LoggedCommitRef = std::shared_ptr<const LoggedCommit>;

}  // namespace flin::store
