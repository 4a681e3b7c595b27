// What a browser says on /_ws (W 3, W 4.3): a JSON object with an action. The rest of a page's
// message is the kernel's to read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flin::ws {

struct Message {
  std::string action;
  std::string type;  // of subscribe and unsubscribe
  bool has_type = false;
  bool has_since = false;
  std::uint64_t since = 0;
};

// "" when `json` is an object with the text `action`, nested at most `depth` deep; else what is
// wrong, as a sentence. `since` that is no whole number is an error, `type` that is no text too.
std::string read_message(std::string_view json, std::size_t depth, Message& out);

std::string error_message(std::string_view code, std::string_view message);
std::string page_error(std::string_view code, std::string_view message, std::string_view action);
std::string subscribed_message(std::string_view type, std::uint64_t seq, bool recovered);
std::string unsubscribed_message(std::string_view type);

}  // namespace flin::ws
