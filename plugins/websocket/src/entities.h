// Entities as subscribers see them (W 3): names of types, and rows as JSON with their visible
// fields.
#pragma once

#include "flin/program.h"
#include "flin/store/entity_store.h"

#include <optional>
#include <string>
#include <string_view>

namespace flin::ws {

std::optional<std::uint32_t> find_type(List<EntityRow> entities, std::string_view name);
// "There is no entity 'Tod'. Did you mean 'Todo'?"
std::string unknown_type(List<EntityRow> entities, std::string_view name);
// True when rules decide who may read rows of the type, so that each reader has to be asked for.
bool has_read_rules(const EntityRow& entity);

// The message of one change as a reader sees it who sees `before` and `after` (null: not there for
// them). "" when nothing visible happened.
std::string change_message(const EntityRow& entity, std::uint64_t seq, const store::Change& change,
                           const Row* before, const Row* after);

}  // namespace flin::ws
