// What GET /_flin/ready asks: other plugins say whether they can serve. 200 when http listens, the
// server is not stopping and every check holds; else 503 with the names of those that do not.
#pragma once

#include "flin/plugin.h"

namespace flin::http {

// 1: ready. Must not block. Called until the plugin's stop() has returned. [any-thread]
using ReadyFn = std::uint32_t (*)(IPlugin& self) noexcept;

class IReadiness {
 public:
  static constexpr Text kId = "flin.http.IReadiness/1";
  virtual void add(Text name, ReadyFn fn, IPlugin& self) noexcept = 0;  // [load]

 protected:
  ~IReadiness() = default;
};

}  // namespace flin::http
