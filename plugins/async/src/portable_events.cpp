// Poco::DirectoryWatcher: a thread per folder, told by the system where it can, else by looking.
// It does not say when a writer closes a file, so every change counts as being written until it is
// quiet.
#include "file_events.h"

#include <Poco/Delegate.h>
#include <Poco/DirectoryWatcher.h>
#include <Poco/Exception.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace flin::async {
namespace {

constexpr int kScanSeconds = 1;  // where folders have to be looked through

class PortableEvents final : public FileEvents {
 public:
  ~PortableEvents() override {
    for (const auto& watcher : watchers_) {
      watcher->itemAdded -= Poco::delegate(this, &PortableEvents::changed);
      watcher->itemModified -= Poco::delegate(this, &PortableEvents::changed);
      watcher->itemMovedTo -= Poco::delegate(this, &PortableEvents::changed);
      watcher->itemRemoved -= Poco::delegate(this, &PortableEvents::gone);
      watcher->itemMovedFrom -= Poco::delegate(this, &PortableEvents::gone);
    }
  }

  std::string add(const std::string& folder) override {
    try {
      auto watcher = std::make_unique<Poco::DirectoryWatcher>(
          folder, Poco::DirectoryWatcher::DW_FILTER_ENABLE_ALL, kScanSeconds);
      watcher->itemAdded += Poco::delegate(this, &PortableEvents::changed);
      watcher->itemModified += Poco::delegate(this, &PortableEvents::changed);
      watcher->itemMovedTo += Poco::delegate(this, &PortableEvents::changed);
      watcher->itemRemoved += Poco::delegate(this, &PortableEvents::gone);
      watcher->itemMovedFrom += Poco::delegate(this, &PortableEvents::gone);
      const std::lock_guard lock(lock_);
      watchers_.push_back(std::move(watcher));
      return {};
    } catch (const Poco::Exception& e) { return e.displayText(); }
  }

  void wait(int timeout_ms, std::vector<FileEvent>& out) override {
    std::unique_lock lock(lock_);
    const auto is_due = [this] { return is_woken_ || !events_.empty(); };
    if (timeout_ms < 0)
      told_.wait(lock, is_due);
    else
      told_.wait_for(lock, std::chrono::milliseconds(timeout_ms), is_due);
    is_woken_ = false;
    for (FileEvent& event : events_) out.push_back(std::move(event));
    events_.clear();
  }

  void wake() override {
    const std::lock_guard lock(lock_);
    is_woken_ = true;
    told_.notify_one();
  }

 private:
  void changed(const Poco::DirectoryWatcher::DirectoryEvent& event) {
    note(event.item.path(), FileEvent::Kind::kBeingWritten);
  }
  void gone(const Poco::DirectoryWatcher::DirectoryEvent& event) {
    note(event.item.path(), FileEvent::Kind::kGone);
  }
  void note(const std::string& path, FileEvent::Kind kind) {
    const std::lock_guard lock(lock_);
    events_.push_back({path, kind});
    told_.notify_one();
  }

  std::mutex lock_;  // guards all below
  std::condition_variable told_;
  std::vector<FileEvent> events_;
  bool is_woken_ = false;
  std::vector<std::unique_ptr<Poco::DirectoryWatcher>> watchers_;  // end before what is above
};

}  // namespace

std::unique_ptr<FileEvents> make_portable_events() { return std::make_unique<PortableEvents>(); }

std::unique_ptr<FileEvents> make_file_events(WatcherKind kind) {
  if (kind == WatcherKind::kInotify)
    if (auto events = make_inotify_events()) return events;
  return make_portable_events();
}

}  // namespace flin::async
