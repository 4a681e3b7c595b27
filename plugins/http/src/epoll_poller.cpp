#include "pollers.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <string>

namespace flin::http {
namespace {

constexpr int kMaxEvents = 512;
constexpr std::uint32_t kWaitFailed = code('P', 113);

std::uint32_t to_epoll(std::uint32_t events) {
  std::uint32_t out = 0;
  if (events & kReadable) out |= EPOLLIN;
  if (events & kWritable) out |= EPOLLOUT;
  return out;
}

std::uint32_t from_epoll(std::uint32_t events) {
  std::uint32_t out = 0;
  if (events & EPOLLIN) out |= kReadable;
  if (events & EPOLLOUT) out |= kWritable;
  if (events & EPOLLHUP) out |= kHangup;
  if (events & EPOLLERR) out |= kPollError;
  return out;
}

class EpollPoller final : public IPoller {
 public:
  EpollPoller(IHost& host, Timers& timers) : host_(host), timers_(timers) {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    wake_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (valid()) control(EPOLL_CTL_ADD, wake_, kReadable, nullptr);
  }
  ~EpollPoller() {
    if (epoll_ >= 0) ::close(epoll_);
    if (wake_ >= 0) ::close(wake_);
  }
  bool valid() const { return epoll_ >= 0 && wake_ >= 0; }

  Status add(std::int64_t handle, std::uint32_t events, IReady& handler) noexcept override {
    return outcome(control(EPOLL_CTL_ADD, static_cast<int>(handle), events, &handler));
  }
  Status modify(std::int64_t handle, std::uint32_t events, IReady& handler) noexcept override {
    return outcome(control(EPOLL_CTL_MOD, static_cast<int>(handle), events, &handler));
  }
  Status remove(std::int64_t handle) noexcept override {
    return outcome(::epoll_ctl(epoll_, EPOLL_CTL_DEL, static_cast<int>(handle), nullptr));
  }

  Status wait(ReadyList& ready, std::int64_t timeout_us) noexcept override {
    ready.size = 0;
    if (ready.capacity == 0) return Status();
    epoll_event events[kMaxEvents];
    const int room = static_cast<int>(std::min<std::uint64_t>(ready.capacity, kMaxEvents));
    const int count = ::epoll_wait(epoll_, events, room, wait_ms(timeout_us, timers_));
    if (count < 0 && errno != EINTR) return outcome(-1);
    for (int i = 0; i < count; ++i) {
      if (events[i].data.ptr) {
        ready.data[ready.size++] = {static_cast<IReady*>(events[i].data.ptr),
                                    from_epoll(events[i].events)};
      } else {
        std::uint64_t counted = 0;
        [[maybe_unused]] const auto n = ::read(wake_, &counted, sizeof counted);
      }
    }
    add_due(timers_, ready);
    return Status();
  }

  void wake() noexcept override {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(wake_, &one, sizeof one);
  }
  void destroy() noexcept override { delete this; }

 private:
  int control(int op, int handle, std::uint32_t events, IReady* handler) {
    epoll_event event{};
    event.events = to_epoll(events);
    event.data.ptr = handler;
    return ::epoll_ctl(epoll_, op, handle, &event);
  }
  Status outcome(int result) {
    if (result >= 0) return Status();
    return host_.fail(kWaitFailed,
                      Text(std::string_view(std::string("epoll: ") + std::strerror(errno))));
  }

  IHost& host_;
  Timers& timers_;
  int epoll_ = -1, wake_ = -1;
};

}  // namespace

IPoller* make_epoll_poller(IHost& host, Timers& timers) {
  auto* poller = new (std::nothrow) EpollPoller(host, timers);
  if (poller && !poller->valid()) {
    delete poller;
    return nullptr;
  }
  return poller;
}

}  // namespace flin::http
