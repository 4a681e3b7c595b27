#include "cli/kernel_metrics.h"

#include <unistd.h>
#include <fstream>

namespace flin::cli {

namespace {

void add_counter(Metrics& metrics, const char* name, const char* help,
                 const std::atomic<std::uint64_t>& value) {
  metrics.compute(kCounterMetric, name, help,
                  [&value] { return static_cast<double>(value.load(std::memory_order_relaxed)); });
}

// Second field of /proc/self/statm (proc(5)): resident pages. 0 where there is no such file.
double resident_bytes() {
  std::ifstream in("/proc/self/statm");
  double size = 0, resident = 0;
  in >> size >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

void add_agents(Metrics& metrics, const agents::Scheduler& scheduler) {
  const agents::Counters& counters = scheduler.counters();
  add_counter(metrics, "flin_agents_spawned_total", "Agents started.", counters.spawned);
  add_counter(metrics, "flin_agents_ended_total", "Agents that have ended.", counters.ended);
  metrics.compute(kGaugeMetric, "flin_agents_live", "Agents that live now.",
                  [&scheduler] { return static_cast<double>(scheduler.live_agents()); });
  add_counter(metrics, "flin_agent_messages_total", "Messages that agents have begun.",
              counters.messages);
  add_counter(metrics, "flin_agent_messages_dropped_total",
              "Messages refused because a mailbox was full.", counters.dropped);
  add_counter(metrics, "flin_agent_failures_total", "Messages that ended with an error.",
              counters.failed);
  add_counter(metrics, "flin_agent_timeouts_total", "Suspended calls that timed out.",
              counters.timeouts);
  add_counter(metrics, "flin_gc_collections_total", "Garbage collections in heaps of agents.",
              counters.collections);
  metrics.compute(
      kGaugeMetric, "flin_agent_queue_high_water", "Most messages that one mailbox has held.",
      [&counters] {
        return static_cast<double>(counters.queue_high_water.load(std::memory_order_relaxed));
      });
}

void add_pages(Metrics& metrics, const pages::LiveHub& hub, const pages::PagesService& pages) {
  metrics.compute(kGaugeMetric, "flin_live_nodes", "Live values kept, each shared by its pages.",
                  [&hub] { return static_cast<double>(hub.nodes()); });
  metrics.compute(kCounterMetric, "flin_live_computations_total", "Live values computed.",
                  [&hub] { return static_cast<double>(hub.computations()); });
  metrics.compute(kCounterMetric, "flin_live_fragments_total",
                  "Changes of live values serialised, each once for all its pages.",
                  [&hub] { return static_cast<double>(hub.fragments()); });
  metrics.compute(kGaugeMetric, "flin_pages_open", "Pages with a socket.",
                  [&pages] { return static_cast<double>(pages.open_pages()); });
}

}  // namespace

void add_kernel_metrics(Metrics& metrics, const Measured& measured) {
  add_agents(metrics, measured.scheduler);
  add_pages(metrics, measured.hub, measured.pages);
  metrics.compute(kGaugeMetric, "process_resident_memory_bytes", "Resident memory of the process.",
                  resident_bytes);
  const double started = static_cast<double>(measured.now_ms()) / 1000;
  metrics.compute(kGaugeMetric, "process_start_time_seconds",
                  "When the process started, in seconds since 1970.",
                  [started] { return started; });
}

}  // namespace flin::cli
