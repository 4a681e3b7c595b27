// One change set on its way into the memory tables. Everything is prepared beside the tables (new
// versions by row) and checked; publish() then only appends, so a set takes effect whole or not at
// all. All functions run under the backend's exclusive lock.
#pragma once

#include "flin/store/entity_store.h"
#include "memory_query.h"
#include "memory_tables.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace flin::store {

// A change as the log keeps it, in tables and columns.
struct LogEntry {
  std::uint32_t table = 0, kind = 0;
  std::uint64_t id = 0, base_version = 0;
  std::vector<std::uint32_t> columns;  // the fields it set, in the order given
  VersionRef before, after;            // null: not there
};

// Why a set was refused: R0101 (unique) and R0103 name type, row and field.
struct Refusal {
  Fault fault;
  std::optional<Conflict> conflict;
};
using MaybeRefusal = std::optional<Refusal>;

class Staging {
 public:
  Staging(Tables& tables, const Binding& binding, std::uint64_t seq, std::int64_t time)
      : tables_(tables), binding_(binding), seq_(seq), time_(time) {}

  MaybeRefusal prepare(const ChangeSet& changes);
  // After prepare() went well: makes it the present state and gives what the log keeps.
  std::vector<LogEntry> publish();

  const std::vector<Applied>& applied() const { return applied_; }
  // Rows destroyed by this set, as (table, id).
  const std::set<std::pair<std::uint32_t, std::uint64_t>>& destroyed() const { return destroyed_; }

 private:
  using Place = std::pair<std::uint32_t, std::uint64_t>;  // table, id

  MaybeRefusal add(const Change& change);
  MaybeRefusal check_change(const Change& change) const;
  MaybeRefusal find_conflict(const Change& change, Place place) const;
  MaybeRefusal set_fields(const Change& change, Version& version,
                          std::vector<std::uint32_t>& columns) const;
  MaybeRefusal release_references();
  MaybeRefusal release_in(std::uint32_t table, std::uint64_t id, const VersionRef& current);
  MaybeRefusal check_references() const;
  MaybeRefusal check_unique() const;
  bool owns_unique(Place place, std::uint32_t column, const std::string& key) const;

  VersionRef current(Place place) const;
  VersionRef committed(Place place) const;
  std::string label(Place place) const;
  MaybeRefusal gone(std::uint32_t type) const;
  void stage(Place place, const Change& change, std::shared_ptr<Version> made,
             std::vector<std::uint32_t> columns);
  void index(Place place, const VersionRef& before, const VersionRef& after);

  Tables& tables_;
  const Binding& binding_;
  const std::uint64_t seq_;
  const std::int64_t time_;
  std::map<std::uint32_t, std::uint64_t> next_id_;  // by table, where ids were given
  std::map<Place, std::vector<VersionRef>> made_;
  std::set<Place> destroyed_;
  std::vector<LogEntry> log_;
  std::vector<Applied> applied_;
};

}  // namespace flin::store
