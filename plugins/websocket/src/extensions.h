// What a handshake offers (RFC 6455 9.1, 11.3; RFC 7692 7.1): the one extension spoken here is
// permessage-deflate, and no subprotocol is.
#pragma once

#include "flin/pages.h"

#include <string>

namespace flin::ws {

// permessage-deflate as agreed with one client: always without context takeover on both sides.
struct Compression {
  bool agreed = false;
  bool names_window = false;  // the client asked for a window of ours
  int window_bits = 15;       // of ours
};

// Reads all Sec-WebSocket-Extensions headers and takes the first offer that can be met; none is no
// error. False: a header is malformed.
bool negotiate(List<Pair> headers, Compression& out);
// Value of the answer's Sec-WebSocket-Extensions; "" when nothing was agreed.
std::string extensions_answer(const Compression& compression);

// False: a Sec-WebSocket-Protocol header is malformed or names a protocol twice.
bool check_protocols(List<Pair> headers);

}  // namespace flin::ws
