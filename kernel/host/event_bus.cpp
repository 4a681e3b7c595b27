#include "host/event_bus.h"

#include "runtime/status.h"

#include <algorithm>

namespace flin {

bool is_before_event(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return name.substr(dot == std::string_view::npos ? 0 : dot + 1).starts_with("before_");
}

void EventBus::add(std::string_view event, std::int32_t priority, EventFn fn,
                   std::string_view plugin, IPlugin& self, const std::atomic<bool>* has_ended) {
  auto& list = subscriptions_[std::string(event)];
  const auto place = std::upper_bound(
      list.begin(), list.end(), priority,
      [](std::int32_t wanted, const Subscription& other) { return wanted < other.priority; });
  list.insert(place, Subscription{priority, fn, std::string(plugin), &self, has_ended});
}

void EventBus::remove_all_of(std::string_view plugin) {
  for (auto& [event, list] : subscriptions_) {
    std::erase_if(list, [&](const Subscription& s) { return s.plugin == plugin; });
  }
}

bool EventBus::has(std::string_view event) const {
  const auto it = subscriptions_.find(event);
  return it != subscriptions_.end() && !it->second.empty();
}

Result<void> EventBus::emit(const Event& event) const {
  const std::string_view name = event.name;
  const auto it = subscriptions_.find(name);
  if (it == subscriptions_.end()) return {};
  const bool may_stop = is_before_event(name);
  for (const Subscription& subscription : it->second) {
    if (subscription.has_ended != nullptr && *subscription.has_ended) continue;
    const Status status = subscription.fn(*subscription.self, event);
    if (status.ok()) continue;
    if (may_stop) return error_of(status);
    log_.error(subscription.plugin, "failed at event " + std::string(name) + ": " +
                                        code_text(status.code()) + " " +
                                        std::string(status.message()));
  }
  return {};
}

}  // namespace flin
