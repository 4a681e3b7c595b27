// The opening handshake on the server's side (RFC 6455 4.2), and who may connect.
#pragma once

#include "extensions.h"

#include "flin/http/upgrades.h"

#include <string>
#include <string_view>

namespace flin::ws {

// The first header of that name (in lower case); "" when there is none.
std::string_view header(List<Pair> headers, std::string_view name);

// 0 when the request may become a WebSocket; else the HTTP status, and why in `reason` (constant
// text). `origins`: further origins that are allowed, separated by blanks or commas; "*" allows
// all. `compression` is what was agreed.
std::uint32_t check_handshake(const http::Handover& handover, std::string_view origins,
                              Compression& compression, Text& reason);

// The same for an event stream, by Sec-Fetch-Site and Origin: browsers send no Origin with a GET to
// their own host. `allowed`: the foreign origin that may read it ("": none has to be named).
std::uint32_t check_event_origin(List<Pair> headers, std::string_view origins,
                                 std::string_view& allowed, Text& reason);

// The answer's whole head.
std::string accept_head(const http::Handover& handover, const Compression& compression);
std::string accept_key(std::string_view key);  // RFC 6455 1.3

}  // namespace flin::ws
