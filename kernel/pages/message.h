// Messages to the browser (W 4.4) and small pieces of JSON they share.
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "flin/plugin.h"
#include "pages/services.h"
#include "pages/shared_bytes.h"

#include <string>
#include <string_view>
#include <vector>

namespace flin::pages {

// Sends one message made of one text.
void send_text(IFrameSink& sink, std::string message);

// {"type":"error","code":"R0401","message":"..","action":"cells","key":"0"}; action and key left
// out when empty.
std::string error_message(const Error& error, std::string_view action, std::string_view key);
// {"type":"reload","reason":"build","build":"d4b90c31"}
std::string reload_message(std::string_view reason, std::string_view build);

// {"type":"diagnostics","text":"error[E0001]: .."}
std::string diagnostics_message(std::string_view text);

// What a person may see of an error: in production those that are the program's fault (everything
// but R01xx of the store, R02xx of the network and R04xx) are "internal error" (W 4.4).
std::string shown_message(const Error& error, bool production);

// {"code":"R0101","message":"..","fields":{..}}
struct ShownError {
  Error error;
  std::vector<std::pair<std::string, std::string>> fields;
};
std::string error_object(const ShownError& error, bool production);

// A JSON value as FLIN values: objects become maps, numbers int or number.
Value from_json(ICall& call, const json::Node& node);
// A map of texts.
Value make_text_map(ICall& call, const std::vector<std::pair<std::string, std::string>>& pairs);

}  // namespace flin::pages
