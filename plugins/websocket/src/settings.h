// The settings of settings.def, read at load and then constant.
#pragma once

#include "flin/plugin.h"

#include <cstdint>
#include <string>

namespace flin::ws {

struct Settings {
  std::size_t message_bytes = 0, fragments = 0, json_depth = 0, subscriptions = 0, queue_bytes = 0,
              pings = 0, compress_from = 0;
  std::int64_t slow_time = 0, ping_time = 0;  // ms
  bool compression = true;
  std::string origins;
};

// A value that does not fit is S102.
Status read_settings(IHost& host, Settings& out);

}  // namespace flin::ws
