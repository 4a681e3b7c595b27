// Entities that come from the browser (L 11.6): the stored one with the fields that were changed
// there, or a new one.
#pragma once

#include "base/result.h"
#include "runtime/isolate.h"
#include "runtime/wire.h"

namespace flin::runtime {

// Applies `reference.set_json` to the stored entity, which counts as read at version
// `reference.version`. R0401 for a field that does not exist, does not fit, is automatic, hidden,
// readonly or immutable.
Result<Value> changed_entity(Isolate& isolate, Value stored, const EntityReference& reference);
// A new one of the given fields; the rest have their constant defaults.
Result<Value> new_entity(Isolate& isolate, const EntityReference& reference);

// An entity with an id and nothing changed since it was read or saved.
bool is_saved_entity(Isolate& isolate, Value value);

}  // namespace flin::runtime
