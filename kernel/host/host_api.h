// The host as one plugin sees it: IHost, with that plugin's rights.
#pragma once

#include "base/log.h"
#include "flin/plugin.h"
#include "host/config.h"
#include "host/event_bus.h"
#include "host/loops.h"
#include "host/service_table.h"

#include <atomic>
#include <string>

namespace flin {

// What all HostApis of one PluginHost share.
struct HostParts {
  Config& config;
  Logger& log;
  ServiceTable& services;
  EventBus& events;
  std::atomic<Loops*> loops = nullptr;
  std::atomic<bool> is_loading = true;  // plugins still subscribe to events
};

class HostApi final : public IHost {
 public:
  HostApi(HostParts& parts, std::string id, List<NeedDecl> needs)
      : parts_(parts), id_(std::move(id)), needs_(needs) {}

  // on() is allowed between open and close of the registration, which is inside load(). [load]
  void open_registration(IPlugin& self);
  void close_registration() { registering_ = false; }

  // From now on post() and complete() drop their data, and events pass the plugin over. Called when
  // the plugin's stop() has returned.
  void end() { ended_ = true; }

  void log(std::int32_t level, Text line) noexcept override;
  Text setting(Text key) noexcept override;
  void* service(Text interface_id, Text name) noexcept override;
  Status on(Text event, std::int32_t priority, EventFn fn) noexcept override;
  Status fail(std::uint32_t code, Text message) noexcept override;
  void post(std::uint32_t loop, LoopFn fn, void* data, DropFn drop) noexcept override;
  void complete(std::uint64_t ticket, CompleteFn fn, void* data, DropFn drop) noexcept override;
  Status emit(Text event, const void* payload) noexcept override;

 private:
  Loops* loops() const;

  HostParts& parts_;
  std::string id_;
  List<NeedDecl> needs_;
  IPlugin* self_ = nullptr;
  std::atomic<bool> registering_ = false;
  std::atomic<bool> ended_ = false;
};

}  // namespace flin
