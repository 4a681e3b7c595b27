// Values on the wire (W 4.1): written and read by their static type. One table for server and
// browser; tests/wire/values.json holds the vectors both sides run.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "runtime/isolate.h"

#include <string>
#include <string_view>

namespace flin::runtime {

// Writes `value` by `type` (prefix form of L 21.4, a type constant's text) to `out`. `fields`: of
// entities the fields to write besides id (null: all visible ones), `version`: also the version.
// R0010 for ints beyond 2^53-1, R0020 for what cannot cross.
struct EntityFields {
  const std::vector<std::string>* names = nullptr;
  bool version = false;
};
Result<void> write_value(Isolate& isolate, Value value, std::string_view type,
                         const EntityFields& fields, std::string& out);

// A value that came from the browser or from write_value(), by `type`. Strict: R0401 with `name`
// and what was expected ("n must be int"). `entity` gives meaning to {"$e":..} (L 11.6): it must
// read the entity and apply `set`; rows as written for the browser are read as plain records.
struct EntityReference {
  std::string_view type;
  std::uint64_t id, version;
  std::string_view set_json;
};
class EntityReader {
 public:
  virtual ~EntityReader() = default;
  virtual Result<Value> read(Isolate& isolate, const EntityReference& reference) = 0;
};
Result<Value> read_value(Isolate& isolate, std::string_view json, std::string_view type,
                         std::string_view name, EntityReader* entity);

// The same of JSON that was parsed already: a value that many renders read is parsed once.
Result<Value> read_value(Isolate& isolate, const json::Node& node, std::string_view type,
                         std::string_view name, EntityReader* entity);

}  // namespace flin::runtime
