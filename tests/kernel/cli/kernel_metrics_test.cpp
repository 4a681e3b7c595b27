// The kernel's own metrics: each is there, and counts what it says.
#include "cli/kernel_metrics.h"

#include "pages/services.h"

#include <gtest/gtest.h>

#include <regex>
#include <string>

namespace flin::cli {
namespace {

std::int64_t a_minute() { return 60000; }

struct KernelMetrics : testing::Test {
  agents::SteadyClock clock;
  agents::Scheduler scheduler{{.loops = 2, .limits = {}}, clock};
  agents::Programs programs{"/srv"};
  pages::LiveHub hub{scheduler, {}};
  Logger log{LogLevel::kError};
  pages::Services services{scheduler, programs, hub, log, nullptr, {}, a_minute};
  pages::PagesService pages{services};
  Metrics metrics;
  KernelMetrics() { add_kernel_metrics(metrics, {scheduler, hub, pages, a_minute}); }

  // The value of a metric as it is written; "" when there is none.
  std::string value(const std::string& name) {
    std::smatch found;
    const std::string text = metrics.text();
    return std::regex_search(text, found, std::regex("\n" + name + " (.*)\n")) ? found[1].str()
                                                                               : "";
  }
};

TEST_F(KernelMetrics, BeginAtZero) {
  for (const char* name :
       {"flin_agents_spawned_total", "flin_agents_ended_total", "flin_agents_live",
        "flin_agent_messages_total", "flin_agent_messages_dropped_total",
        "flin_agent_failures_total", "flin_agent_timeouts_total", "flin_gc_collections_total",
        "flin_agent_queue_high_water", "flin_live_nodes", "flin_live_computations_total",
        "flin_live_fragments_total", "flin_pages_open"})
    EXPECT_EQ(value(name), "0") << name;
}

TEST_F(KernelMetrics, CountAgentsOfAllLoops) {
  for (std::uint32_t loop : {0u, 1u}) scheduler.loop(loop).spawn({"a", 0, 0, false});
  EXPECT_EQ(value("flin_agents_spawned_total"), "2");
  EXPECT_EQ(value("flin_agents_live"), "2");
}

TEST_F(KernelMetrics, TellOfTheProcess) {
  EXPECT_EQ(value("process_start_time_seconds"), "60");
  EXPECT_GT(std::stod(value("process_resident_memory_bytes")), 1e6);
}

}  // namespace
}  // namespace flin::cli
