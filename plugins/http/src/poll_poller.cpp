// IPoller over Poco::Net::PollSet. PollSet speaks of Poco sockets and has no wakeUp() in Poco 1.11,
// so each descriptor is wrapped in a socket object that does not own it, and an eventfd wakes it.
#include "pollers.h"

#include <Poco/Exception.h>
#include <Poco/Net/PollSet.h>
#include <Poco/Net/StreamSocket.h>
#include <Poco/Net/StreamSocketImpl.h>
#include <Poco/Timespan.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <unordered_map>

namespace flin::http {
namespace {

constexpr std::uint32_t kWaitFailed = code('P', 113);

// A descriptor of somebody else's, as PollSet wants to see it.
class BorrowedImpl final : public Poco::Net::StreamSocketImpl {
 public:
  explicit BorrowedImpl(int handle) : StreamSocketImpl(handle) {}

 protected:
  ~BorrowedImpl() override { reset(); }  // so that the base class closes nothing
};
class BorrowedSocket final : public Poco::Net::StreamSocket {
 public:
  explicit BorrowedSocket(int handle) : StreamSocket(new BorrowedImpl(handle)) {}
};

int to_mode(std::uint32_t events) {
  int mode = Poco::Net::PollSet::POLL_ERROR;
  if (events & kReadable) mode |= Poco::Net::PollSet::POLL_READ;
  if (events & kWritable) mode |= Poco::Net::PollSet::POLL_WRITE;
  return mode;
}

std::uint32_t from_mode(int mode) {
  std::uint32_t events = 0;
  if (mode & Poco::Net::PollSet::POLL_READ) events |= kReadable;
  if (mode & Poco::Net::PollSet::POLL_WRITE) events |= kWritable;
  if (mode & Poco::Net::PollSet::POLL_ERROR) events |= kPollError;
  return events;
}

class PollPoller final : public IPoller {
 public:
  PollPoller(IHost& host, Timers& timers)
      : host_(host),
        timers_(timers),
        wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
        wake_socket_(wake_) {
    set_.add(wake_socket_, Poco::Net::PollSet::POLL_READ);
  }
  ~PollPoller() {
    set_.clear();
    ::close(wake_);
  }

  Status add(std::int64_t handle, std::uint32_t events, IReady& handler) noexcept override {
    return guarded([&] {
      BorrowedSocket socket(static_cast<int>(handle));
      set_.add(socket, to_mode(events));
      entries_.insert_or_assign(static_cast<int>(handle), Entry{socket, &handler});
    });
  }
  Status modify(std::int64_t handle, std::uint32_t events, IReady& handler) noexcept override {
    return guarded([&] {
      Entry& entry = entries_.at(static_cast<int>(handle));
      entry.handler = &handler;
      set_.update(entry.socket, to_mode(events));
    });
  }
  Status remove(std::int64_t handle) noexcept override {
    return guarded([&] {
      const auto found = entries_.find(static_cast<int>(handle));
      if (found == entries_.end())
        throw Poco::NotFoundException("the descriptor is not in the set");
      set_.remove(found->second.socket);
      entries_.erase(found);
    });
  }

  Status wait(ReadyList& ready, std::int64_t timeout_us) noexcept override {
    ready.size = 0;
    if (ready.capacity == 0) return Status();
    return guarded([&] {
      const int ms = wait_ms(timeout_us, timers_);
      // PollSet knows no endless wait; a day is long enough to ask again.
      const Poco::Timespan span(ms < 0 ? 86400 : ms / 1000, ms < 0 ? 0 : ms % 1000 * 1000L);
      for (const auto& [socket, mode] : set_.poll(span)) {
        const int handle = socket.impl()->sockfd();
        if (handle == wake_) {
          std::uint64_t counted = 0;
          [[maybe_unused]] const auto n = ::read(wake_, &counted, sizeof counted);
          continue;
        }
        const auto found = entries_.find(handle);
        if (found == entries_.end() || ready.size == ready.capacity)
          continue;  // level-triggered: comes again
        ready.data[ready.size++] = {found->second.handler, from_mode(mode)};
      }
      add_due(timers_, ready);
    });
  }

  void wake() noexcept override {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(wake_, &one, sizeof one);
  }
  void destroy() noexcept override { delete this; }

 private:
  struct Entry {
    BorrowedSocket socket;
    IReady* handler;
  };

  template <class Fn>
  Status guarded(Fn fn) noexcept {
    try {
      fn();
      return Status();
    } catch (const std::exception& e) {
      return host_.fail(kWaitFailed, Text(std::string_view(e.what())));
    }
  }

  IHost& host_;
  Timers& timers_;
  int wake_;
  BorrowedSocket wake_socket_;
  Poco::Net::PollSet set_;
  std::unordered_map<int, Entry> entries_;
};

}  // namespace

IPoller* make_poll_poller(IHost& host, Timers& timers) {
  try {
    return new PollPoller(host, timers);
  } catch (const std::exception&) { return nullptr; }
}

}  // namespace flin::http
