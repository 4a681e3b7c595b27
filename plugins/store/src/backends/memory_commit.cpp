#include "memory_commit.h"

#include "../json.h"

#include <algorithm>

namespace flin::store {
namespace {

bool contains(const std::vector<std::uint32_t>& list, std::uint32_t item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

MaybeRefusal invalid(const std::string& what) {
  return Refusal{{kBadArgument, "invalid argument: " + what}, {}};
}

// The written list without the references to `gone`; nothing when it holds none of them.
std::optional<std::string> without(const Scalar& list, const std::set<std::uint64_t>& gone) {
  const auto items = items_of(list);
  if (!items) return {};
  std::string out = "[";
  bool is_changed = false;
  for (const std::string_view item : *items) {
    if (gone.count(id_in(item)) != 0) {
      is_changed = true;
      continue;
    }
    if (out.size() > 1) out += ',';
    out += item;
  }
  if (!is_changed) return {};
  return out + "]";
}

}  // namespace

MaybeRefusal Staging::prepare(const ChangeSet& changes) {
  for (const Change& change : changes.changes) {
    if (MaybeRefusal refusal = add(change)) return refusal;
  }
  if (MaybeRefusal refusal = release_references()) return refusal;
  if (MaybeRefusal refusal = check_references()) return refusal;
  return check_unique();
}

MaybeRefusal Staging::check_change(const Change& change) const {
  if (change.type >= binding_.types.size())
    return invalid("there is no entity number " + std::to_string(change.type));
  if (change.kind > kDestroy) return invalid("unknown kind of change");
  if ((change.kind == kCreate) != (change.id == 0)) return invalid("only a new row has id 0");
  if (change.kind >= kDelete && !change.fields.empty())
    return invalid("only create and update set fields");
  const Entity& entity = binding_.entities[change.type];
  for (const FieldValue& value : change.fields) {
    if (value.field >= entity.fields.size()) {
      return Refusal{
          {kNoMember, entity.name + " has no field number " + std::to_string(value.field)}, {}};
    }
  }
  return {};
}

MaybeRefusal Staging::add(const Change& change) {
  if (MaybeRefusal refusal = check_change(change)) return refusal;
  const std::uint32_t table = binding_.types[change.type].table;
  if (change.kind == kCreate) next_id_.emplace(table, tables_[table].next_id);
  const Place place{table, change.kind == kCreate ? next_id_[table]++ : change.id};
  const VersionRef before = current(place);
  if (change.kind != kCreate && !before) return gone(change.type);
  if (MaybeRefusal refusal = find_conflict(change, place)) return refusal;
  auto made = before ? std::make_shared<Version>(*before) : std::make_shared<Version>();
  std::vector<std::uint32_t> columns;
  if (change.kind == kCreate) {
    made->created_at = time_;
    for (const Column& column : tables_[table].columns) made->cells.push_back(column.initial);
  }
  if (MaybeRefusal refusal = set_fields(change, *made, columns)) return refusal;
  if (change.kind == kDelete && !made->deleted_at) made->deleted_at = time_;
  if (change.kind == kRestore) made->deleted_at.reset();
  stage(place, change, std::move(made), std::move(columns));
  return {};
}

void Staging::stage(Place place, const Change& change, std::shared_ptr<Version> made,
                    std::vector<std::uint32_t> columns) {
  VersionRef before = current(place);
  made->seq = seq_;
  made->number = before ? before->number + 1 : 1;
  made->kind = change.kind;
  made->from = time_;
  made->changed = columns;
  applied_.push_back({place.second, made->number, time_});
  const bool is_end = change.kind == kDestroy;
  if (is_end) destroyed_.insert(place);
  VersionRef after = is_end ? nullptr : VersionRef(std::move(made));
  log_.push_back({place.first, change.kind, place.second, change.base_version, std::move(columns),
                  before, after});
  if (after) made_[place].push_back(std::move(after));
}

MaybeRefusal Staging::set_fields(const Change& change, Version& version,
                                 std::vector<std::uint32_t>& columns) const {
  const TypeBinding& type = binding_.types[change.type];
  const Table& table = tables_[type.table];
  for (std::size_t at = version.cells.size(); at < table.columns.size(); ++at) {
    version.cells.push_back(table.columns[at].initial);
  }
  for (const FieldValue& value : change.fields) {
    const std::uint32_t column = type.columns[value.field];
    version.cells[column] = binding_.inwards(value.value);
    if (!contains(columns, column)) columns.push_back(column);
  }
  return {};
}

// A 15: a change conflicts when a committed version after base_version set one of its fields.
MaybeRefusal Staging::find_conflict(const Change& change, Place place) const {
  if (change.base_version == 0 || change.fields.empty()) return {};
  const auto row = tables_[place.first].rows.find(place.second);
  if (row == tables_[place.first].rows.end()) return {};
  for (const FieldValue& value : change.fields) {
    const std::uint32_t column = binding_.types[change.type].columns[value.field];
    for (auto at = row->second.versions.rbegin(); at != row->second.versions.rend(); ++at) {
      if ((*at)->number <= change.base_version) break;
      if (!contains((*at)->changed, column)) continue;
      const std::string what = label(place) + "." + tables_[place.first].columns[column].name;
      return Refusal{{kConflict, "conflict: " + what + " was changed meanwhile"},
                     Conflict{change.type, change.id, value.field}};
    }
  }
  return {};
}

// L 14.5: what still refers to a destroyed row holds it (required), or lets it go (optional,
// lists).
MaybeRefusal Staging::release_references() {
  if (destroyed_.empty()) return {};
  for (std::uint32_t at = 0; at < tables_.size(); ++at) {
    std::set<std::uint64_t> ids;
    for (const auto& [id, row] : tables_[at].rows) ids.insert(id);
    for (const auto& [place, versions] : made_) {
      if (place.first == at) ids.insert(place.second);
    }
    for (const std::uint64_t id : ids) {
      const VersionRef version = current({at, id});
      if (!version) continue;
      if (MaybeRefusal refusal = release_in(at, id, version)) return refusal;
    }
  }
  return {};
}

MaybeRefusal Staging::release_in(std::uint32_t table, std::uint64_t id, const VersionRef& now) {
  const auto made = std::make_shared<Version>(*now);
  made->cells.resize(std::max(made->cells.size(), tables_[table].columns.size()));
  std::vector<std::uint32_t> columns;
  for (std::uint32_t at = 0; at < tables_[table].columns.size(); ++at) {
    const Column& column = tables_[table].columns[at];
    const Scalar value = cell(tables_[table], *now, at);
    made->cells[at] = value;
    const Place target{column.target, static_cast<std::uint64_t>(value.i)};
    if (value.kind == Kind::kRecord && destroyed_.count(target) != 0) {
      if (!column.is_optional)
        return Refusal{{kStillNeeded, label(target) + " is still needed by " + label({table, id})},
                       {}};
      made->cells[at] = {};
    } else if (column.item_target != kNoType) {
      std::set<std::uint64_t> ids;
      for (const Place& place : destroyed_) {
        if (place.first == column.item_target) ids.insert(place.second);
      }
      const auto rest = without(value, ids);
      if (!rest) continue;
      made->cells[at].text = *rest;
    } else {
      continue;
    }
    columns.push_back(at);
  }
  if (columns.empty()) return {};
  const std::size_t count = applied_.size();
  stage({table, id}, {0, kUpdate, id, 0, {}}, made, std::move(columns));
  applied_.resize(count);  // one row of `applied` per change of the caller
  return {};
}

MaybeRefusal Staging::check_references() const {
  for (const LogEntry& entry : log_) {
    if (!entry.after) continue;
    for (const std::uint32_t at : entry.columns) {
      const Column& column = tables_[entry.table].columns[at];
      const Scalar& value = entry.after->cells[at];
      if (value.kind != Kind::kRecord || destroyed_.count({entry.table, entry.id}) != 0) continue;
      const bool fits = column.target != kNoType && value.extra == column.target;
      if (!fits)
        return invalid(tables_[entry.table].name + "." + column.name + " refers to another entity");
      if (!current({column.target, static_cast<std::uint64_t>(value.i)})) {
        return gone(binding_.type_of_table[column.target]);
      }
    }
  }
  return {};
}

MaybeRefusal Staging::check_unique() const {
  for (const auto& [place, versions] : made_) {
    const VersionRef last = current(place);
    if (!last || !last->is_live()) continue;
    const Table& table = tables_[place.first];
    for (std::uint32_t at = 0; at < table.columns.size(); ++at) {
      if ((table.columns[at].flags & kFieldUnique) == 0) continue;
      const Scalar& value = cell(table, *last, at);
      if (value.is_none() || owns_unique(place, at, identity(value))) continue;
      const std::uint32_t type = binding_.type_of_table[place.first];
      const auto& columns = binding_.types[type].columns;
      const auto field = static_cast<std::uint32_t>(std::find(columns.begin(), columns.end(), at) -
                                                    columns.begin());
      const std::uint64_t id = table.rows.count(place.second) != 0 ? place.second : 0;
      return Refusal{
          {kValidation, "validation failed: " + table.columns[at].name + " is already taken"},
          Conflict{type, id, field}};
    }
  }
  return {};
}

bool Staging::owns_unique(Place place, std::uint32_t column, const std::string& key) const {
  const Table& table = tables_[place.first];
  const auto has_it = [&](const VersionRef& version) {
    return version && version->is_live() && identity(cell(table, *version, column)) == key;
  };
  const auto owner = table.columns[column].owners.find(key);
  if (owner != table.columns[column].owners.end() && owner->second != place.second &&
      has_it(current({place.first, owner->second}))) {
    return false;
  }
  for (const auto& [other, versions] : made_) {
    if (other.first == place.first && other.second != place.second && has_it(current(other)))
      return false;
  }
  return true;
}

std::vector<LogEntry> Staging::publish() {
  for (const auto& [table, next] : next_id_) tables_[table].next_id = next;
  for (auto& [place, versions] : made_) {
    const VersionRef before = committed(place);
    RowHistory& row = tables_[place.first].rows[place.second];
    for (VersionRef& version : versions) row.versions.push_back(std::move(version));
    index(place, before, destroyed_.count(place) != 0 ? nullptr : row.versions.back());
  }
  for (const Place& place : destroyed_) {
    RowHistory& row = tables_[place.first].rows[place.second];
    if (made_.count(place) == 0) index(place, row.versions.back(), nullptr);
    row.destroyed = seq_;
  }
  return std::move(log_);
}

void Staging::index(Place place, const VersionRef& before, const VersionRef& after) {
  Table& table = tables_[place.first];
  for (std::uint32_t at = 0; at < table.columns.size(); ++at) {
    Column& column = table.columns[at];
    if ((column.flags & kFieldUnique) == 0) continue;
    if (before && before->is_live()) {
      const auto owner = column.owners.find(identity(cell(table, *before, at)));
      // Another row of the same set may have taken the value over already.
      if (owner != column.owners.end() && owner->second == place.second) column.owners.erase(owner);
    }
    if (!after || !after->is_live()) continue;
    const Scalar& value = cell(table, *after, at);
    if (!value.is_none()) column.owners[identity(value)] = place.second;
  }
}

VersionRef Staging::committed(Place place) const {
  const auto row = tables_[place.first].rows.find(place.second);
  if (row == tables_[place.first].rows.end() || row->second.destroyed) return nullptr;
  return row->second.versions.empty() ? nullptr : row->second.versions.back();
}

VersionRef Staging::current(Place place) const {
  if (place.first >= tables_.size() || destroyed_.count(place) != 0) return nullptr;
  const auto made = made_.find(place);
  return made != made_.end() ? made->second.back() : committed(place);
}

std::string Staging::label(Place place) const {
  return tables_[place.first].name + "#" + std::to_string(place.second);
}

MaybeRefusal Staging::gone(std::uint32_t type) const {
  return Refusal{{kGone, binding_.entities[type].name + " is not saved or no longer exists"}, {}};
}

}  // namespace flin::store
