// FLIN values to JSON and back (L 3.13), through ICall; linked into each plugin that needs it.
// [agent-thread]
#pragma once

#include "flin/program.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flin::http {

// Appends `value` as JSON. R0014 for what cannot be written (functions, views, agents ..).
Status append_json(ICall& call, List<EntityRow> entities, Value value, std::string& out);

// The value of a JSON text; R0404 with place and reason when it is malformed or nested deeper
// than 64.
Status parse_json(ICall& call, std::string_view json, Value& out);
// The same; false with the byte where it went wrong.
bool parse_json(ICall& call, std::string_view json, Value& out, std::size_t& bad_at);

Value text_value(ICall& call, std::string_view text);
Value map_value(ICall& call, const std::vector<std::pair<std::string, std::string>>& fields);
// HTML of a view: its plain form is a JSON text, tagged or not (W 4.1).
Status append_markup(ICall& call, Value view, std::string& out);

}  // namespace flin::http
