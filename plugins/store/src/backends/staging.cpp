#include "staging.h"

#include "../json.h"
#include "selection.h"

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
  MaybeRefusal refusal = prepare_all(changes);
  if (!refusal) return {};
  for (const auto& [table, ids] : taken_) rows_.put_back(table, ids.first, ids.second);
  return refusal;
}

MaybeRefusal Staging::prepare_all(const ChangeSet& changes) {
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
  if (change.kind != kCreate && change.id == 0) return invalid("only a new row has id 0");
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
  const Place place{table, id_of(change, table)};
  if (change.id == 0) committed_.emplace(place, nullptr);
  const VersionRef before = current(place);
  if (change.kind == kCreate && (before || !rows_.is_taken(table, place.second)))
    return invalid("the id of a new row was not reserved");
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

std::uint64_t Staging::id_of(const Change& change, std::uint32_t table) {
  if (change.id != 0) return change.id;
  const std::uint64_t id = rows_.take_id(table);
  taken_.emplace(table, std::pair(id, id)).first->second.second = id;
  return id;
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
  const TableInfo& table = tables_[type.table];
  for (std::size_t at = version.cells.size(); at < table.columns.size(); ++at) {
    version.cells.push_back(table.columns[at].backfill);
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
  const VersionRef& now = committed(place);
  if (!now || now->number <= change.base_version) return {};
  for (const FieldValue& value : change.fields) {
    const std::uint32_t column = binding_.types[change.type].columns[value.field];
    if (!rows_.was_set_since(place, column, change.base_version)) continue;
    const std::string what = label(place) + "." + tables_[place.first].columns[column].name;
    return Refusal{{kConflict, "conflict: " + what + " was changed meanwhile"},
                   Conflict{change.type, change.id, value.field}};
  }
  return {};
}

// L 14.5: what still refers to a destroyed row holds it (required), or lets it go (optional,
// lists).
MaybeRefusal Staging::release_references() {
  if (destroyed_.empty()) return {};
  std::set<Place> places;
  for (const Place& place : rows_.referrers(destroyed_)) places.insert(place);
  for (const auto& [place, versions] : made_) places.insert(place);
  for (const Place& place : places) {
    const VersionRef version = current(place);
    if (!version) continue;
    if (MaybeRefusal refusal = release_in(place, version)) return refusal;
  }
  return {};
}

MaybeRefusal Staging::release_in(Place place, const VersionRef& now) {
  const TableInfo& table = tables_[place.first];
  const auto made = std::make_shared<Version>(*now);
  made->cells.resize(std::max(made->cells.size(), table.columns.size()));
  std::vector<std::uint32_t> columns;
  for (std::uint32_t at = 0; at < table.columns.size(); ++at) {
    const Column& column = table.columns[at];
    const Scalar value = cell(table, *now, at);
    made->cells[at] = value;
    const Place target{column.target, static_cast<std::uint64_t>(value.i)};
    if (value.kind == Kind::kRecord && is_destroyed(target)) {
      if (!column.is_optional)
        return Refusal{{kStillNeeded, label(target) + " is still needed by " + label(place)}, {}};
      made->cells[at] = {};
    } else if (column.item_target != kNoType) {
      std::set<std::uint64_t> ids;
      for (const Place& gone : destroyed_) {
        if (gone.first == column.item_target) ids.insert(gone.second);
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
  stage(place, {0, kUpdate, place.second, 0, {}}, made, std::move(columns));
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
        return gone(binding_.type_of(column.target));
      }
    }
  }
  return {};
}

MaybeRefusal Staging::check_unique() const {
  for (const auto& [place, versions] : made_) {
    const VersionRef last = current(place);
    if (!last || !last->is_live()) continue;
    const TableInfo& table = tables_[place.first];
    for (std::uint32_t at = 0; at < table.columns.size(); ++at) {
      if (!table.columns[at].is_unique()) continue;
      const Scalar& value = cell(table, *last, at);
      if (value.is_none() || owns_unique(place, at, value)) continue;
      const std::uint32_t type = binding_.type_of(place.first);
      const auto& columns = binding_.types[type].columns;
      const auto field = static_cast<std::uint32_t>(std::find(columns.begin(), columns.end(), at) -
                                                    columns.begin());
      return Refusal{
          {kValidation, "validation failed: " + table.columns[at].name + " is already taken"},
          Conflict{type, committed(place) ? place.second : 0, field}};
    }
  }
  return {};
}

bool Staging::owns_unique(Place place, std::uint32_t column, const Scalar& value) const {
  const TableInfo& table = tables_[place.first];
  const std::string key = identity(value);
  const auto has_it = [&](const VersionRef& version) {
    return version && version->is_live() && identity(cell(table, *version, column)) == key;
  };
  for (const std::uint64_t owner : rows_.owners(place.first, column, value)) {
    if (owner != place.second && has_it(current({place.first, owner}))) return false;
  }
  for (const auto& [other, versions] : made_) {
    if (other.first == place.first && other.second != place.second && has_it(current(other)))
      return false;
  }
  return true;
}

const VersionRef& Staging::committed(Place place) const {
  const auto found = committed_.find(place);
  if (found != committed_.end()) return found->second;
  return committed_.emplace(place, rows_.committed(place)).first->second;
}

VersionRef Staging::current(Place place) const {
  if (place.first >= tables_.size() || is_destroyed(place)) return nullptr;
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
