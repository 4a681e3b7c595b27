#include "host/host_api.h"

#include "runtime/status.h"

#include <algorithm>

namespace flin {

namespace {

void drop_data(DropFn drop, void* data) {
  if (drop != nullptr) drop(data);
}

}  // namespace

void HostApi::open_registration(IPlugin& self) {
  self_ = &self;
  registering_ = true;
}

void HostApi::log(std::int32_t level, Text line) noexcept {
  parts_.log.write(static_cast<LogLevel>(std::clamp(level, 0, 3)), id_, line);
}

Text HostApi::setting(Text key) noexcept {
  const Setting* found = parts_.config.find(id_, key);
  return found == nullptr ? Text() : Text(std::string_view(found->value));
}

// Not declared, so not given: the manifest is the truth (A 9).
void* HostApi::service(Text interface_id, Text name) noexcept {
  const bool declared = std::any_of(needs_.begin(), needs_.end(), [&](const NeedDecl& need) {
    return std::string_view(need.interface_id) == std::string_view(interface_id);
  });
  return declared ? parts_.services.find(interface_id, name) : nullptr;
}

Status HostApi::on(Text event, std::int32_t priority, EventFn fn) noexcept {
  if (!registering_) return make_status(code('P', 110), "on() is only allowed inside load()");
  if (fn == nullptr) return make_status(code('P', 110), "on() needs a function");
  parts_.events.add(event, priority, fn, id_, *self_, &ended_);
  return {};
}

Status HostApi::fail(std::uint32_t code, Text message) noexcept {
  return make_status(code, message);
}

Loops* HostApi::loops() const { return ended_ ? nullptr : parts_.loops.load(); }

void HostApi::post(std::uint32_t loop, LoopFn fn, void* data, DropFn drop) noexcept {
  Loops* to = loops();
  if (to == nullptr || self_ == nullptr) return drop_data(drop, data);
  to->post(loop, fn, *self_, data, drop);
}

void HostApi::complete(std::uint64_t ticket, CompleteFn fn, void* data, DropFn drop) noexcept {
  Loops* to = loops();
  if (to == nullptr || self_ == nullptr) return drop_data(drop, data);
  to->complete(ticket, fn, *self_, data, drop);
}

Status HostApi::emit(Text event, const void* payload) noexcept {
  const std::string name{std::string_view(event)};
  const std::string prefix = id_ + ".";
  if (!name.starts_with(prefix) || name.size() == prefix.size()) {
    return make_status(code('P', 108),
                       "event '" + name + "' does not start with the plugin's id '" + prefix + "'");
  }
  if (parts_.is_loading) {
    return make_status(code('P', 110),
                       "emit() is not allowed inside load(): plugins that load "
                       "later still subscribe. Call it from start() on");
  }
  const Result<void> told = parts_.events.emit({sizeof(Event), Text(name), payload});
  return told.ok() ? Status() : make_status(told.error());
}

}  // namespace flin
