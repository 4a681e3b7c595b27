// The settings of settings.def, read once at start and then constant.
#pragma once

#include "parser.h"
#include "pollers.h"

#include <string>

namespace flin::http {

struct Settings {
  std::uint16_t port = 0;
  std::string host, public_folder, health_token, trusted_proxies, upload_folder;
  PollerKind poller = PollerKind::kEpoll;
  HeadLimits head;
  std::size_t body_bytes = 0, multipart_bytes = 0, compress_bytes = 0;
  std::size_t multipart_parts = 0;
  std::int64_t header_time = 0, body_time = 0, idle_time = 0;  // ms
  std::size_t pipeline = 0, connections = 0, connections_per_address = 0;
};

// Reads all settings. A value that does not fit is S102 in one sentence.
Status read_settings(IHost& host, Settings& out);

}  // namespace flin::http
