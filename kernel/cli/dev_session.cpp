#include "cli/dev_session.h"

#include "runtime/status.h"

#include <chrono>
#include <cstdio>
#include <filesystem>

namespace flin::cli {

namespace {

constexpr std::string_view kModule = "dev";
constexpr std::chrono::milliseconds kLook{100};  // how often a wait looks whether it is over

std::filesystem::path absolute(const std::string& path) {
  std::error_code error;
  return std::filesystem::absolute(path, error).lexically_normal();
}

std::string name_of(const LoadedProgram& loaded) {
  return loaded.files.empty() ? "" : std::filesystem::path(loaded.files.front()).filename();
}

std::string in_ms(double ms) {
  char text[32];
  std::snprintf(text, sizeof text, ms < 10 ? "%.1f ms" : "%.0f ms", ms);
  return text;
}

}  // namespace

// ---- Before anything is served ----

Result<bool> DevSession::first(const std::function<bool()>& is_over) {
  for (;;) {
    Result<bool> is_served = try_first();
    if (!is_served.ok() || is_served.value()) return is_served;
    if (!wait_for_change(is_over)) return false;
  }
}

bool DevSession::wait_for_change(const std::function<bool()>& is_over) {
  std::unique_lock lock(lock_);
  while (!is_due_ && !is_over()) told_.wait_for(lock, kLook);
  is_due_ = false;
  return !is_over();
}

Result<bool> DevSession::try_first() {
  const LoadedProgram loaded = parts_.loader.load();
  if (Result<void> watched = watch(loaded.files); !watched.ok()) return std::move(watched).error();
  if (loaded.outcome == LoadedProgram::Outcome::kServed) {
    std::fputs(loaded.diagnostics.c_str(), stderr);
    return true;
  }
  std::fputs(shown_text(loaded).c_str(), stderr);
  parts_.log.info(kModule, name_of(loaded) + " is not served yet; waiting for a change");
  return false;
}

Result<void> DevSession::watch(const std::vector<std::string>& files) {
  std::vector<std::string> fresh;
  {
    const std::lock_guard lock(lock_);
    files_.clear();
    for (const std::string& file : files) {
      const std::filesystem::path path = absolute(file);
      files_.insert(path);
      if (folders_.insert(path.parent_path()).second) fresh.push_back(path.parent_path());
    }
  }
  for (const std::string& folder : fresh)
    if (const Status status = parts_.watcher.watch(std::string_view(folder), *this); !status.ok())
      return error_of(status);
  return {};
}

// ---- While it is served ----

void DevSession::go_on() {
  const std::lock_guard lock(lock_);
  is_running_ = true;
  if (is_due_) start_replacing();
}

void DevSession::end() {
  if (std::exchange(has_ended_, true)) return;  // the watcher may be gone
  parts_.watcher.end(*this);
  std::unique_lock lock(lock_);
  is_running_ = false;
  told_.wait(lock, [this] { return !is_replacing_; });
}

void DevSession::changed(List<Text> paths) noexcept {
  const std::lock_guard lock(lock_);
  bool is_ours = false;
  for (const Text path : paths) is_ours = is_ours || files_.contains(std::string(path));
  if (!is_ours) return;
  is_due_ = true;
  told_.notify_all();
  if (is_running_) start_replacing();
}

// Under the lock.
void DevSession::start_replacing() {
  if (is_replacing_) return;  // it looks again when it is done
  is_replacing_ = true;
  const Status status = parts_.workers.run(
      [](void* data) noexcept { static_cast<DevSession*>(data)->replace_while_due(); }, this,
      [](void* data) noexcept {
        auto& self = *static_cast<DevSession*>(data);
        const std::lock_guard inner(self.lock_);
        self.is_replacing_ = false;
        self.told_.notify_all();
      });
  if (status.ok()) return;
  is_replacing_ = false;
  parts_.log.warning(kModule, "a change was not looked at: " + std::string(status.message()));
}

void DevSession::replace_while_due() {
  std::unique_lock lock(lock_);
  while (is_due_ && is_running_) {
    is_due_ = false;
    lock.unlock();
    replace();
    lock.lock();
  }
  is_replacing_ = false;
  told_.notify_all();
}

void DevSession::replace() {
  const auto began = std::chrono::steady_clock::now();
  const LoadedProgram loaded = parts_.loader.replace();
  if (Result<void> watched = watch(loaded.files); !watched.ok())
    parts_.log.error(kModule, watched.error().message);
  const bool is_served = loaded.outcome == LoadedProgram::Outcome::kServed;
  const bool is_refused = loaded.outcome == LoadedProgram::Outcome::kRefused;
  parts_.pages.set_diagnostics(is_refused ? shown_text(loaded) : "");
  if (is_served) parts_.pages.announce(parts_.programs.current()->chunk().build);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
  tell(loaded, took.count());
}

void DevSession::tell(const LoadedProgram& loaded, double ms) {
  const std::string name = name_of(loaded), took = in_ms(ms);
  switch (loaded.outcome) {
    case LoadedProgram::Outcome::kServed:
      std::fputs(loaded.diagnostics.c_str(), stderr);
      return parts_.log.info(kModule, name + " is served anew after " + took);
    case LoadedProgram::Outcome::kSame:
      return parts_.log.info(kModule, name + " means the same as before, found in " + took);
    case LoadedProgram::Outcome::kRefused:
      std::fputs(shown_text(loaded).c_str(), stderr);
      return parts_.log.info(
          kModule, name + " is refused after " + took + "; what was served before goes on");
  }
}

}  // namespace flin::cli
