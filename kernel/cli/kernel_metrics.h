// The kernel's own metrics (flin/metrics.h): agents, live values, pages, collections, the process.
// Their numbers are counted where they arise and read when they are asked for.
#pragma once

#include "agents/scheduler.h"
#include "host/metrics.h"
#include "pages/live_hub.h"
#include "pages/pages_service.h"

#include <cstdint>
#include <functional>

namespace flin::cli {

// Borrowed by the metrics: must live as long as these are read.
struct Measured {
  const agents::Scheduler& scheduler;
  const pages::LiveHub& hub;
  const pages::PagesService& pages;
  std::function<std::int64_t()> now_ms;  // since 1970
};

void add_kernel_metrics(Metrics& metrics, const Measured& measured);

}  // namespace flin::cli
