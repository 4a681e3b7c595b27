// inotify(7): names of files and when their writers close them.
#include "file_events.h"

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>

#ifdef __linux__
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>
#endif

namespace flin::async {

#ifdef __linux__

namespace {

constexpr std::uint32_t kWritten = IN_CLOSE_WRITE | IN_MOVED_TO;
constexpr std::uint32_t kBeingWritten = IN_MODIFY | IN_CREATE;
constexpr std::uint32_t kGone = IN_DELETE | IN_MOVED_FROM;

class InotifyEvents final : public FileEvents {
 public:
  InotifyEvents()
      : handle_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
        wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~InotifyEvents() override {
    if (handle_ >= 0) close(handle_);
    if (wake_ >= 0) close(wake_);
  }
  bool is_open() const { return handle_ >= 0 && wake_ >= 0; }

  std::string add(const std::string& folder) override {
    const std::lock_guard lock(lock_);
    const int watch =
        inotify_add_watch(handle_, folder.c_str(), kWritten | kBeingWritten | kGone | IN_ONLYDIR);
    if (watch < 0) return std::strerror(errno);
    folders_[watch] = folder;
    return {};
  }

  void wait(int timeout_ms, std::vector<FileEvent>& out) override {
    pollfd polled[] = {{handle_, POLLIN, 0}, {wake_, POLLIN, 0}};
    if (poll(polled, 2, timeout_ms) <= 0) return;
    std::uint64_t count = 0;
    if (polled[1].revents != 0 && read(wake_, &count, sizeof count) < 0) return;
    if (polled[0].revents != 0) take(out);
  }

  void wake() override {
    const std::uint64_t one = 1;
    static_cast<void>(!write(wake_, &one, sizeof one));  // full: it wakes anyway
  }

 private:
  void take(std::vector<FileEvent>& out) {
    alignas(inotify_event) char buffer[16 * 1024];
    const ssize_t size = read(handle_, buffer, sizeof buffer);
    const std::lock_guard lock(lock_);
    for (ssize_t at = 0; at < size;) {
      inotify_event event;  // may be unaligned behind a name
      std::memcpy(&event, buffer + at, sizeof event);
      const char* const name = buffer + at + sizeof event;
      at += static_cast<ssize_t>(sizeof event + event.len);
      const auto folder = folders_.find(event.wd);
      if (folder == folders_.end() || event.len == 0 || (event.mask & IN_ISDIR)) continue;
      const FileEvent::Kind kind = event.mask & kWritten        ? FileEvent::Kind::kWritten
                                   : event.mask & kBeingWritten ? FileEvent::Kind::kBeingWritten
                                                                : FileEvent::Kind::kGone;
      out.push_back({folder->second + "/" + name, kind});
    }
  }

  const int handle_, wake_;
  std::mutex lock_;  // guards folders_
  std::map<int, std::string> folders_;
};

}  // namespace

std::unique_ptr<FileEvents> make_inotify_events() {
  auto events = std::make_unique<InotifyEvents>();
  return events->is_open() ? std::move(events) : nullptr;
}

#else

std::unique_ptr<FileEvents> make_inotify_events() { return nullptr; }

#endif

}  // namespace flin::async
