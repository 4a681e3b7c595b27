// Waiting for sockets, offered to the host by a plugin (A 14). Without an offer a loop waits on a
// condition variable, which is enough for scripts.
#pragma once

#include "flin/plugin.h"

namespace flin {

enum PollEvent : std::uint32_t { kReadable = 1, kWritable = 2, kHangup = 4, kPollError = 8 };

class IReady {  // [loop-thread]
 public:
  virtual void ready(std::uint32_t events) noexcept = 0;

 protected:
  ~IReady() = default;
};
struct Ready {
  IReady* handler;
  std::uint32_t events;
};
struct ReadyList {
  Ready* data;
  std::uint64_t size, capacity;
};

// One per loop thread, used on it alone but for wake. Level-triggered. A handler that was removed
// is not in the list of a later wait; one removed while a list is walked may still be in it, so
// handlers end themselves only after the turn (IHost::post to their own loop).
class IPoller {
 public:
  virtual Status add(std::int64_t handle, std::uint32_t events, IReady& handler) noexcept = 0;
  virtual Status modify(std::int64_t handle, std::uint32_t events, IReady& handler) noexcept = 0;
  virtual Status remove(std::int64_t handle) noexcept = 0;
  virtual Status wait(ReadyList& ready,
                      std::int64_t timeout_us) noexcept = 0;  // -1: no end; fills at most capacity
  virtual void wake() noexcept = 0;  // [any-thread] wait returns, also a later one
  virtual void destroy() noexcept = 0;

 protected:
  ~IPoller() = default;
};

class IPollers {
 public:
  static constexpr Text kId = "flin.host.IPollers/1";
  virtual IPoller* make(
      std::uint32_t loop) noexcept = 0;  // on the loop's own thread, before its first turn

 protected:
  ~IPollers() = default;
};

}  // namespace flin
