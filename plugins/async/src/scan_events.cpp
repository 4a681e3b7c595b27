// Folders looked through ten times a second: works on every system and over networks. It does not
// know when a writer closes a file, so every change counts as being written until it is quiet.
#include "file_events.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>

namespace flin::async {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPause{100};

struct Stamp {
  fs::file_time_type time;
  std::uintmax_t size = 0;
  bool operator==(const Stamp& other) const { return time == other.time && size == other.size; }
};
using Stamps = std::map<std::string, Stamp>;

// The files of a folder; none when it cannot be read now.
Stamps look(const std::string& folder, std::error_code& error) {
  Stamps out;
  fs::directory_iterator it(folder, error);
  for (const fs::directory_iterator end; !error && it != end; it.increment(error)) {
    std::error_code gone;  // perhaps removed meanwhile
    if (!it->is_regular_file(gone) || gone) continue;
    const Stamp stamp{it->last_write_time(gone), it->file_size(gone)};
    if (!gone) out.emplace(it->path().string(), stamp);
  }
  return out;
}

class ScanEvents final : public FileEvents {
 public:
  std::string add(const std::string& folder) override {
    std::error_code error;
    Stamps stamps = look(folder, error);
    if (error) return error.message();
    const std::lock_guard lock(lock_);
    folders_[folder] = std::move(stamps);
    return {};
  }

  void wait(int timeout_ms, std::vector<FileEvent>& out) override {
    const auto pause =
        timeout_ms < 0 ? kPause : std::min(kPause, std::chrono::milliseconds(timeout_ms));
    std::unique_lock lock(lock_);
    told_.wait_for(lock, pause, [this] { return is_woken_; });
    is_woken_ = false;
    for (auto& [folder, before] : folders_) compare(folder, before, out);
  }

  void wake() override {
    const std::lock_guard lock(lock_);
    is_woken_ = true;
    told_.notify_one();
  }

 private:
  static void compare(const std::string& folder, Stamps& before, std::vector<FileEvent>& out) {
    std::error_code error;
    Stamps now = look(folder, error);
    if (error) return;
    for (const auto& [path, stamp] : now) {
      const auto known = before.find(path);
      if (known == before.end() || !(known->second == stamp))
        out.push_back({path, FileEvent::Kind::kBeingWritten});
    }
    for (const auto& [path, stamp] : before)
      if (now.find(path) == now.end()) out.push_back({path, FileEvent::Kind::kGone});
    before = std::move(now);
  }

  std::mutex lock_;  // guards all below
  std::condition_variable told_;
  std::map<std::string, Stamps> folders_;
  bool is_woken_ = false;
};

}  // namespace

std::unique_ptr<FileEvents> make_scan_events() { return std::make_unique<ScanEvents>(); }

std::unique_ptr<FileEvents> make_file_events(WatcherKind kind) {
  if (kind == WatcherKind::kInotify)
    if (auto events = make_inotify_events()) return events;
  return make_scan_events();
}

}  // namespace flin::async
