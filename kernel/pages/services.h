// What all parts of this folder work with, made once by whoever puts the kernel together.
#pragma once

#include "agents/programs.h"
#include "agents/scheduler.h"
#include "base/log.h"
#include "flin/sealer.h"

#include <cstdint>
#include <functional>

namespace flin::pages {

struct Options {
  std::int64_t token_age_ms = 24 * 3600 * 1000;
  std::size_t token_bytes = 64 * 1024;
  std::uint32_t page_calls = 100;
  std::size_t results = 100;
  std::int64_t results_ms = 60000;
  std::size_t results_bytes = 1 << 20;
  std::uint64_t queue_bytes = 1 << 20;  // of a page's socket; above it values are merged
  std::size_t page_scopes = 1000;       // opened by the browser
  std::size_t live_bytes = 8 << 20;     // of live values of one page
  bool production = true;               // errors that are the program's fault tell their code only
  bool dev = false;                     // flin dev: pages know it (W 2)
};

class LiveHub;

struct Services {
  agents::Scheduler& scheduler;
  agents::Programs& programs;
  LiveHub& hub;
  Logger& log;
  ISealer* sealer = nullptr;  // set before the first page is served
  Options options;
  std::function<std::int64_t()> now_ms;  // since 1970
};

}  // namespace flin::pages
