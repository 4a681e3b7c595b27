#include "pollers.h"

#include <algorithm>
#include <limits>

namespace flin::http {

IPoller* make_poller(PollerKind kind, IHost& host, Timers& timers) {
  return kind == PollerKind::kEpoll ? make_epoll_poller(host, timers)
                                    : make_poll_poller(host, timers);
}

int wait_ms(std::int64_t timeout_us, const Timers& timers) {
  std::int64_t ms = timeout_us < 0 ? -1 : (timeout_us + 999) / 1000;
  if (ms == 0) return 0;
  const std::int64_t next = timers.until_next(now_ms());
  if (next >= 0) ms = ms < 0 ? next : std::min(ms, next);
  return static_cast<int>(std::min<std::int64_t>(ms, std::numeric_limits<int>::max()));
}

void add_due(Timers& timers, ReadyList& ready) {
  if (ready.size < ready.capacity && timers.due(now_ms())) ready.data[ready.size++] = {&timers, 0};
}

}  // namespace flin::http
