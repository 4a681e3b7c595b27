// The WebSocket hub, as other plugins see it: rooms of connections (A 9).
#pragma once

#include "flin/plugin.h"

namespace flin::ws {

class IHub {
 public:
  static constexpr Text kId = "flin.ws.IHub/1";
  virtual std::uint64_t broadcast(Text room,
                                  Text json) noexcept = 0;  // [any-thread] number of connections
  virtual std::uint64_t connections() noexcept = 0;         // [any-thread] open sockets

 protected:
  ~IHub() = default;
};

}  // namespace flin::ws
