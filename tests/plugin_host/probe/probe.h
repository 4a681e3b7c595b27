// Looks at the host through the eyes of a plugin: hands its IHost to the test.
#pragma once

#include "flin/plugin.h"

namespace flin::test {

class IProbe {
 public:
  static constexpr Text kId = "flin.test.IProbe/1";  // offered under the plugin's id
  virtual IHost& host() noexcept = 0;

 protected:
  ~IProbe() = default;
};

}  // namespace flin::test
