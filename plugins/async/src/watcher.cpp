#include "watcher.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

namespace flin::async {
namespace {

std::int64_t now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

bool is_empty_file(const std::string& path) {
  std::error_code error;
  return std::filesystem::file_size(path, error) == 0 && !error;
}

}  // namespace

void Watcher::attach(IHost& host, WatcherKind kind) {
  host_ = &host;
  kind_ = kind;
}

Status Watcher::watch(Text folder, IChangeSink& sink) noexcept {
  const std::string path{std::string_view(folder)};
  const auto refused = [&](const std::string& why) {
    return host_->fail(code('R', 205),
                       Text(std::string_view("cannot watch the folder " + path + ": " + why)));
  };
  try {
    const std::lock_guard lock(lock_);
    if (is_ending_) return refused("the server stops");
    if (!events_) events_ = make_file_events(kind_);
    const bool is_known = std::any_of(watched_.begin(), watched_.end(),
                                      [&](const Watched& w) { return w.folder == path; });
    if (!is_known)
      if (const std::string why = events_->add(path); !why.empty()) return refused(why);
    watched_.push_back({path, &sink});
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    return {};
  } catch (const std::exception& e) { return refused(e.what()); }
}

void Watcher::end(IChangeSink& sink) noexcept {
  std::unique_lock lock(lock_);
  watched_.erase(std::remove_if(watched_.begin(), watched_.end(),
                                [&](const Watched& w) { return w.sink == &sink; }),
                 watched_.end());
  told_.wait(lock, [this] { return !is_telling_; });
}

void Watcher::stop() {
  {
    const std::lock_guard lock(lock_);
    is_ending_ = true;
    if (events_) events_->wake();
  }
  if (thread_.joinable()) thread_.join();
}

void Watcher::run() {
  Settle settle;
  std::vector<FileEvent> events;
  for (;;) {
    {
      const std::lock_guard lock(lock_);
      if (is_ending_) return;
    }
    events_->wait(settle.wait_ms(now_ms()), events);
    for (const FileEvent& event : events) settle.note(event, is_empty_file(event.path), now_ms());
    events.clear();
    if (const auto due = settle.take(now_ms()); !due.empty()) tell(due);
  }
}

void Watcher::tell(const std::vector<std::string>& paths) {
  std::unique_lock lock(lock_);
  const std::vector<Watched> watched = watched_;
  is_telling_ = true;
  lock.unlock();
  std::set<IChangeSink*> told;
  for (const Watched& one : watched) {
    if (!told.insert(one.sink).second) continue;
    std::vector<Text> theirs;
    for (const std::string& path : paths)
      for (const Watched& other : watched)
        if (other.sink == one.sink && path.rfind('/') == other.folder.size() &&
            path.compare(0, other.folder.size(), other.folder) == 0)
          theirs.emplace_back(std::string_view(path));
    if (!theirs.empty()) one.sink->changed({theirs.data(), theirs.size()});
  }
  lock.lock();
  is_telling_ = false;
  told_.notify_all();
}

}  // namespace flin::async
