#include "runtime/entity_input.h"

#include "base/json.h"
#include "flin/program.h"
#include "runtime/linked.h"
#include "runtime/machine.h"
#include "runtime/record.h"
#include "runtime/roots.h"

namespace flin::runtime {

namespace {

Error refused(const std::string& field, const char* why) {
  return Error{code('R', 401), "action refused: " + field + " " + why};
}

// Puts the fields of a JSON object into a record, each read by its type.
Result<void> apply(Isolate& isolate, Value record_value, std::string_view set_json, bool is_saved) {
  auto document = json::Document::parse(set_json.empty() ? std::string_view("{}") : set_json);
  if (!document.ok() || document.value().root().type != json::Type::kObject)
    return Error{code('R', 401), "action refused: set must be an object"};
  Machine& m = machine_of(isolate);
  ICall& call = isolate.call();
  const std::uint64_t handle = call.keep(record_value);
  Result<void> outcome;
  const json::Node& root = document.value().root();
  const std::uint32_t type = cast<Record>(record_value)->type;
  for (std::size_t i = 0; i < root.keys.size() && outcome.ok(); ++i) {
    const std::string name(root.keys[i]);
    const std::uint32_t field = m.linked().field_number(type, name);
    if (field == bytecode::kNoIndex || field >= kFieldId) {
      outcome = refused(name, "cannot be set");
      continue;
    }
    const bytecode::FieldRow& row = m.linked().chunk.entities[type].fields[field];
    const bool is_closed = (row.flags & (kFieldHidden | kFieldReadonly)) ||
                           (is_saved && (row.flags & kFieldImmutable));
    if (is_closed) {
      outcome = refused(name, "cannot be set");
      continue;
    }
    auto value =
        read_value(isolate, root.items[i].raw, m.linked().chunk.text(row.type_k), name, nullptr);
    if (!value.ok())
      outcome = std::move(value).error();
    else
      set_record_field(m.heap(), cast<Record>(call.kept(handle)), field, value.value());
  }
  call.forget(handle);
  return outcome;
}

}  // namespace

Result<Value> changed_entity(Isolate& isolate, Value stored, const EntityReference& reference) {
  // Applied to the record as it is in the store; a later save compares with the version the browser
  // had.
  cast<Record>(stored)->version = reference.version;
  ICall& call = isolate.call();
  const std::uint64_t handle = call.keep(stored);
  Result<void> applied = apply(isolate, stored, reference.set_json, true);
  const Value value = call.kept(handle);
  call.forget(handle);
  if (!applied.ok()) return std::move(applied).error();
  return value;
}

Result<Value> new_entity(Isolate& isolate, const EntityReference& reference) {
  Machine& m = machine_of(isolate);
  const auto type = m.linked().types.find(reference.type);
  if (type == m.linked().types.end())
    return Error{code('R', 401),
                 "action refused: there is no entity '" + std::string(reference.type) + "'"};
  ICall& call = isolate.call();
  const std::uint64_t handle = call.keep(from_object(new_record(m, type->second)));
  Result<void> applied = apply(isolate, call.kept(handle), reference.set_json, false);
  const Value value = call.kept(handle);
  call.forget(handle);
  if (!applied.ok()) return std::move(applied).error();
  return value;
}

bool is_saved_entity(Isolate&, Value value) {
  if (!is_kind(value, ObjectKind::kRecord)) return false;
  const auto* record = cast<Record>(value);
  if (record->id == 0) return false;
  for (std::uint32_t i = 0; i < record->size; ++i)
    if (is_changed(record, i)) return false;
  return true;
}

}  // namespace flin::runtime
