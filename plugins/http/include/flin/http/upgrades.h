// Hands a connection of the http plugin over to another plugin, on its own loop thread, after the
// head of an Upgrade request was read (RFC 9110 7.8).
#pragma once

#include "flin/pages.h"
#include "flin/poller.h"

namespace flin::http {

// Everything is borrowed until take() returns, but for what the comments say.
struct Handover {
  std::int64_t handle;  // the non-blocking descriptor; belongs to the taker when take() gives 0
  std::uint32_t loop;   // the loop this runs on
  IPoller* poller;      // of that loop; http has removed the descriptor from it
  Text method, path, query;  // as in the request line, path decoded
  List<Pair> headers;        // names in lower case, in order
  Text sid, address;         // checked browser id ("" when the request has none), peer address
  Text input;                // bytes that were read behind the head: frames in the same packet
  Text output;               // bytes of earlier pipelined answers not written yet: send them first
  IContext*
      context;  // session and request of this connection; belongs to the taker when take() gives 0
};

// Implemented by the taker: never changes. [loop-thread]
class IUpgradeTaker {
 public:
  // 0: taken. Otherwise the HTTP status http answers with (400, 403, 426, 503); `reason` is its
  // text.
  virtual std::uint32_t take(const Handover& handover, Text& reason) noexcept = 0;

 protected:
  ~IUpgradeTaker() = default;
};

class IUpgrades {
 public:
  static constexpr Text kId = "flin.http.IUpgrades/1";
  // Upgrade requests for `protocol` ("websocket") to `path` go to `taker`; "" takes every path that
  // no other taker has. A path or protocol that is taken already is an error. [load]
  virtual Status offer(Text protocol, Text path, IUpgradeTaker& taker) noexcept = 0;

 protected:
  ~IUpgrades() = default;
};

}  // namespace flin::http
