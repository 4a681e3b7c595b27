// The value of a live node as it travels: JSON by W 4.1, for lists of entities row by row, so that
// the next value can be told as the difference (W 4.5).
#pragma once

#include "base/json.h"
#include "base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace flin::pages {

struct LiveRow {
  std::int64_t id = 0;
  std::string json;  // {"id":7,"version":3,"title":"x"}
  struct Field {
    std::uint32_t key_at, key_size, value_at, value_size;
  };                          // in json
  std::vector<Field> fields;  // without id

  std::string_view key(const Field& f) const {
    return std::string_view(json).substr(f.key_at, f.key_size);
  }
  std::string_view value(const Field& f) const {
    return std::string_view(json).substr(f.value_at, f.value_size);
  }
};

class LiveData {
 public:
  LiveData(const LiveData&) = delete;  // document_ points into json_
  LiveData& operator=(const LiveData&) = delete;
  // `is_entity_list`: the JSON is an array of rows. Anything else is kept whole.
  LiveData(std::string json, bool is_entity_list);

  const std::string& json() const { return json_; }
  // The same as a tree, parsed once for all who read it; null for what is no JSON.
  const json::Node* root() const { return document_ ? &document_->root() : nullptr; }
  bool is_list() const { return is_list_; }
  const std::vector<LiveRow>& rows() const { return rows_; }

 private:
  std::string json_;
  std::shared_ptr<const json::Document> document_;  // of json_, which stays where it is
  bool is_list_ = false;
  std::vector<LiveRow> rows_;
};

// The operations that make `after` of `before`, as the JSON list `ops`: incremental ones for lists
// of entities where they are shorter than the whole, else ["=",v]. Empty text: nothing changed.
std::string difference(const LiveData& before, const LiveData& after);
// [["=",v]]
std::string whole(const LiveData& value);

}  // namespace flin::pages
