// Named events and who listens (A 8). Subscriptions are made while loading, by one thread; from
// then on the lists are only read, so emit() takes no lock. [any-thread]
#pragma once

#include "base/log.h"
#include "base/result.h"
#include "flin/events.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace flin {

class EventBus {
 public:
  explicit EventBus(Logger& log) : log_(log) {}

  // Handlers run in rising priority, those of one priority in the order they were added, which is
  // start order. [load]
  // `has_ended` (may be null) is borrowed: from the moment it is true the handler is passed over.
  void add(std::string_view event, std::int32_t priority, EventFn fn, std::string_view plugin,
           IPlugin& self, const std::atomic<bool>* has_ended = nullptr);
  void remove_all_of(std::string_view plugin);

  // Whether somebody listens: spares making a payload.
  bool has(std::string_view event) const;

  // Calls every handler of event.name. A `before_` event stops at the first error and gives it;
  // errors of other events are logged with the plugin's id.
  Result<void> emit(const Event& event) const;

  // The same, for a payload struct that begins with its size.
  template <class Payload>
  Result<void> emit(Text name, Payload payload) const {
    payload.size = sizeof(Payload);
    return emit(Event{sizeof(Event), name, &payload});
  }

 private:
  struct Subscription {
    std::int32_t priority;
    EventFn fn;
    std::string plugin;
    IPlugin* self;
    const std::atomic<bool>* has_ended;
  };
  Logger& log_;
  std::map<std::string, std::vector<Subscription>, std::less<>> subscriptions_;
};

// Whether an error of a handler stops the action: the verb begins with "before_", as in
// "before_save" or "shop.before_save".
bool is_before_event(std::string_view name);

}  // namespace flin
