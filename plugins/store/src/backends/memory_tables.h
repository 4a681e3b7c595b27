// What the memory backend holds: for each table its rows, for each row every version it had. The
// row maps are guarded by the backend's lock; versions never change.
#pragma once

#include "binding.h"
#include "staging.h"

#include <map>
#include <unordered_map>

namespace flin::store {

struct RowHistory {
  std::vector<VersionRef> versions;  // rising seq
  std::uint64_t destroyed = 0;       // seq of its destruction; kept until no snapshot is older
};

struct TableRows {
  std::map<std::uint64_t, RowHistory> rows;
  std::uint64_t next_id = 1;
  // By column that is @unique: identity of a live row's value -> id.
  std::unordered_map<std::uint32_t, std::unordered_map<std::string, std::uint64_t>> owners;
};

class MemoryTables final : public IStoredRows {
 public:
  TableInfos infos;
  std::vector<TableRows> tables;  // as many as infos

  // After infos were bound to a program.
  void index_unique();
  // Makes a prepared set the present state.
  void publish(const Staging& staging, std::uint64_t seq);

  VersionRef committed(Place place) const override;
  std::uint64_t take_id(std::uint32_t table) override;
  void put_back(std::uint32_t table, std::uint64_t first, std::uint64_t last) override;
  bool is_taken(std::uint32_t table, std::uint64_t id) const override;
  bool was_set_since(Place place, std::uint32_t column, std::uint64_t base) const override;
  std::vector<Place> referrers(const std::set<Place>& gone) const override;
  std::vector<std::uint64_t> owners(std::uint32_t table, std::uint32_t column,
                                    const Scalar& value) const override;

 private:
  void index(Place place, const VersionRef& before, const VersionRef& after);
};

// The version that was current at commit `seq`, or null: not there yet, or destroyed.
VersionRef version_at(const RowHistory& row, std::uint64_t seq);
// The version that was valid at `time` (ms), or null.
VersionRef version_when(const RowHistory& row, std::int64_t time);

}  // namespace flin::store
