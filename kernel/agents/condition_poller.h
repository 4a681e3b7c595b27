// The poller of a process without sockets: a loop waits on a condition variable. A 14.
#pragma once

#include "flin/poller.h"

namespace flin::agents {

// Ended with destroy(). add, modify and remove fail: there is nothing to poll.
IPoller* make_condition_poller();

}  // namespace flin::agents
