// The two IPollers of this plugin: epoll, and Poco's PollSet where there is no epoll. Both also run
// the deadlines of their loop: a wait ends in time for the next one, and what is due comes as one
// more ready handler.
#pragma once

#include "timers.h"

#include "flin/poller.h"

namespace flin::http {

enum class PollerKind { kEpoll, kPoll };

// Null when the system refuses. `timers` belongs to the caller and outlives the poller.
IPoller* make_poller(PollerKind kind, IHost& host, Timers& timers);
IPoller* make_epoll_poller(IHost& host, Timers& timers);
IPoller* make_poll_poller(IHost& host, Timers& timers);

// The wait in ms that serves both the caller's timeout and the timers; -1: no end.
int wait_ms(std::int64_t timeout_us, const Timers& timers);
// Appends `timers` to the list when something is due and there is room.
void add_due(Timers& timers, ReadyList& ready);

}  // namespace flin::http
