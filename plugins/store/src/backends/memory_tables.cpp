#include "memory_tables.h"

#include "selection.h"

#include <algorithm>

namespace flin::store {

void MemoryTables::index_unique() {
  for (std::uint32_t at = 0; at < infos.size(); ++at) {
    tables[at].owners.clear();
    for (std::uint32_t column = 0; column < infos[at].columns.size(); ++column) {
      if (!infos[at].columns[column].is_unique()) continue;
      auto& owners = tables[at].owners[column];
      for (const auto& [id, row] : tables[at].rows) {
        if (row.destroyed || !row.versions.back()->is_live()) continue;
        const Scalar& value = cell(infos[at], *row.versions.back(), column);
        if (!value.is_none()) owners.emplace(identity(value), id);
      }
    }
  }
}

void MemoryTables::publish(const Staging& staging, std::uint64_t seq) {
  for (const auto& [place, versions] : staging.made()) {
    const VersionRef before = committed(place);
    RowHistory& row = tables[place.first].rows[place.second];
    row.versions.insert(row.versions.end(), versions.begin(), versions.end());
    index(place, before, staging.is_destroyed(place) ? nullptr : row.versions.back());
  }
  for (const Place& place : staging.destroyed()) {
    RowHistory& row = tables[place.first].rows[place.second];
    if (staging.made().count(place) == 0) index(place, row.versions.back(), nullptr);
    row.destroyed = seq;
  }
}

void MemoryTables::index(Place place, const VersionRef& before, const VersionRef& after) {
  const TableInfo& info = infos[place.first];
  for (auto& [column, owners] : tables[place.first].owners) {
    if (before && before->is_live()) {
      const auto owner = owners.find(identity(cell(info, *before, column)));
      // Another row of the same set may have taken the value over already.
      if (owner != owners.end() && owner->second == place.second) owners.erase(owner);
    }
    if (!after || !after->is_live()) continue;
    const Scalar& value = cell(info, *after, column);
    if (!value.is_none()) owners[identity(value)] = place.second;
  }
}

VersionRef MemoryTables::committed(Place place) const {
  const auto row = tables[place.first].rows.find(place.second);
  if (row == tables[place.first].rows.end() || row->second.destroyed) return nullptr;
  return row->second.versions.empty() ? nullptr : row->second.versions.back();
}

std::uint64_t MemoryTables::take_id(std::uint32_t table) { return tables[table].next_id++; }
void MemoryTables::put_back(std::uint32_t table, std::uint64_t first, std::uint64_t last) {
  if (tables[table].next_id == last + 1) tables[table].next_id = first;
}
bool MemoryTables::is_taken(std::uint32_t table, std::uint64_t id) const {
  return id < tables[table].next_id;
}

bool MemoryTables::was_set_since(Place place, std::uint32_t column, std::uint64_t base) const {
  const auto row = tables[place.first].rows.find(place.second);
  if (row == tables[place.first].rows.end()) return false;
  const auto& versions = row->second.versions;
  for (auto at = versions.rbegin(); at != versions.rend() && (*at)->number > base; ++at) {
    const auto& changed = (*at)->changed;
    if (std::find(changed.begin(), changed.end(), column) != changed.end()) return true;
  }
  return false;
}

std::vector<Place> MemoryTables::referrers(const std::set<Place>&) const {
  std::vector<Place> out;
  for (std::uint32_t at = 0; at < tables.size(); ++at) {
    for (const auto& [id, row] : tables[at].rows) out.emplace_back(at, id);
  }
  return out;
}

std::vector<std::uint64_t> MemoryTables::owners(std::uint32_t table, std::uint32_t column,
                                                const Scalar& value) const {
  const auto index = tables[table].owners.find(column);
  if (index == tables[table].owners.end()) return {};
  const auto owner = index->second.find(identity(value));
  if (owner == index->second.end()) return {};
  return {owner->second};
}

VersionRef version_at(const RowHistory& row, std::uint64_t seq) {
  if (row.destroyed && row.destroyed <= seq) return nullptr;
  for (auto at = row.versions.rbegin(); at != row.versions.rend(); ++at) {
    if ((*at)->seq <= seq) return *at;
  }
  return nullptr;
}

VersionRef version_when(const RowHistory& row, std::int64_t time) {
  if (row.destroyed) return nullptr;
  for (auto at = row.versions.rbegin(); at != row.versions.rend(); ++at) {
    if ((*at)->from <= time) return *at;
  }
  return nullptr;
}

}  // namespace flin::store
