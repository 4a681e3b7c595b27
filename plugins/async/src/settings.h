// The settings of settings.def, read once while loading and then constant.
#pragma once

#include "flin/plugin.h"

#include <cstdint>
#include <string>

namespace flin::async {

enum class WatcherKind : std::uint32_t { kInotify, kScan };

struct Settings {
  std::size_t threads = 8, queue = 20000, redirects = 5;
  std::size_t answer_bytes = 16u << 20, file_bytes = 16u << 20;
  std::string allow_hosts;
  WatcherKind watcher = WatcherKind::kInotify;
};

// Reads all settings. A value that does not fit is S102 in one sentence.
Status read_settings(IHost& host, Settings& out);

}  // namespace flin::async
