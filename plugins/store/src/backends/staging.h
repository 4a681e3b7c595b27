// One change set on its way into a backend. Everything is prepared beside the stored rows (new
// versions by row) and checked: conflicts, references, uniqueness. Nothing is written here; the
// backend then writes what was prepared, so that a set takes effect whole or not at all. What one
// backend refuses, every other refuses in the same words.
#pragma once

#include "binding.h"
#include "flin/store/entity_store.h"
#include "version.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace flin::store {

// Why a set was refused: R0101 (unique) and R0103 name type, row and field.
struct Refusal {
  Fault fault;
  std::optional<Conflict> conflict;
};
using MaybeRefusal = std::optional<Refusal>;

// The newest committed state, which must not change while a set is prepared.
class IStoredRows {
 public:
  // Null where there is no such row, or it was destroyed.
  virtual VersionRef committed(Place place) const = 0;
  // Whether a version of the row above number `base` set the column.
  virtual bool was_set_since(Place place, std::uint32_t column, std::uint64_t base) const = 0;
  // At least the rows that refer to one of `gone`, by a field or in a list.
  virtual std::vector<Place> referrers(const std::set<Place>& gone) const = 0;
  // The live rows that have `value` in a unique column.
  virtual std::vector<std::uint64_t> owners(std::uint32_t table, std::uint32_t column,
                                            const Scalar& value) const = 0;

  // Ids of new rows. What was taken and not used may be put back, if nobody has taken more.
  virtual std::uint64_t take_id(std::uint32_t table) = 0;
  virtual void put_back(std::uint32_t table, std::uint64_t first, std::uint64_t last) = 0;
  // Whether reserve() may have given the id.
  virtual bool is_taken(std::uint32_t table, std::uint64_t id) const = 0;

 protected:
  ~IStoredRows() = default;
};

class Staging {
 public:
  Staging(const TableInfos& tables, IStoredRows& rows, const Binding& binding, std::uint64_t seq,
          std::int64_t time)
      : tables_(tables), rows_(rows), binding_(binding), seq_(seq), time_(time) {}

  MaybeRefusal prepare(const ChangeSet& changes);

  // What to write, after prepare() went well. New versions by row, oldest first, also of rows that
  // the same set destroyed.
  const std::map<Place, std::vector<VersionRef>>& made() const { return made_; }
  const std::set<Place>& destroyed() const { return destroyed_; }
  bool is_destroyed(Place place) const { return destroyed_.count(place) != 0; }
  const std::vector<Applied>& applied() const { return applied_; }
  std::vector<LogEntry> take_log() { return std::move(log_); }

 private:
  MaybeRefusal prepare_all(const ChangeSet& changes);
  MaybeRefusal add(const Change& change);
  std::uint64_t id_of(const Change& change, std::uint32_t table);
  MaybeRefusal check_change(const Change& change) const;
  MaybeRefusal find_conflict(const Change& change, Place place) const;
  MaybeRefusal set_fields(const Change& change, Version& version,
                          std::vector<std::uint32_t>& columns) const;
  MaybeRefusal release_references();
  MaybeRefusal release_in(Place place, const VersionRef& now);
  MaybeRefusal check_references() const;
  MaybeRefusal check_unique() const;
  bool owns_unique(Place place, std::uint32_t column, const Scalar& value) const;

  VersionRef current(Place place) const;
  // As the set found the row: read once.
  const VersionRef& committed(Place place) const;
  std::string label(Place place) const;
  MaybeRefusal gone(std::uint32_t type) const;
  void stage(Place place, const Change& change, std::shared_ptr<Version> made,
             std::vector<std::uint32_t> columns);

  const TableInfos& tables_;
  IStoredRows& rows_;
  const Binding& binding_;
  const std::uint64_t seq_;
  const std::int64_t time_;
  std::map<std::uint32_t, std::pair<std::uint64_t, std::uint64_t>> taken_;  // ids, by table
  std::map<Place, std::vector<VersionRef>> made_;
  mutable std::map<Place, VersionRef> committed_;
  std::set<Place> destroyed_;
  std::vector<LogEntry> log_;
  std::vector<Applied> applied_;
};

}  // namespace flin::store
