// The opening handshake on the server's side (RFC 6455 4.2).
#pragma once

#include "flin/http/upgrades.h"

#include <string>
#include <string_view>

namespace flin::ws {

// 0 when the request may become a WebSocket; else the HTTP status, and why in `reason` (constant
// text). `origins`: further origins that are allowed, separated by blanks or commas; "*" allows
// all.
std::uint32_t check_handshake(const http::Handover& handover, std::string_view origins,
                              Text& reason);

// The answer's whole head.
std::string accept_head(const http::Handover& handover);
std::string accept_key(std::string_view key);  // RFC 6455 1.3

}  // namespace flin::ws
