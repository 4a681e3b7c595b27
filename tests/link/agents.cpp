// kernel/agents alone: loops start and end without plugins and without pages.
#include "agents/scheduler.h"

int main() {
  const flin::agents::SteadyClock clock;
  flin::agents::Scheduler scheduler({}, clock);
  scheduler.start(nullptr);
  return scheduler.drain_and_end(1000).empty() ? 0 : 1;
}
