#include "settle.h"

#include <algorithm>

namespace flin::async {
namespace {

constexpr std::int64_t kQuietMs = 2;      // after a writer has closed the file
constexpr std::int64_t kEmptyMs = 60;     // emptied: what it is to hold comes next
constexpr std::int64_t kGoneMs = 120;     // removed: another is put in its place
constexpr std::int64_t kWritingMs = 150;  // a writer that does not close

std::int64_t delay_of(FileEvent::Kind kind, bool is_empty) {
  switch (kind) {
    case FileEvent::Kind::kWritten: return is_empty ? kEmptyMs : kQuietMs;
    case FileEvent::Kind::kGone: return kGoneMs;
    case FileEvent::Kind::kBeingWritten: break;
  }
  return kWritingMs;
}

}  // namespace

void Settle::note(const FileEvent& event, bool is_empty, std::int64_t now_ms) {
  due_[event.path] = now_ms + delay_of(event.kind, is_empty);
}

std::vector<std::string> Settle::take(std::int64_t now_ms) {
  std::vector<std::string> out;
  for (auto it = due_.begin(); it != due_.end();) {
    if (it->second > now_ms) {
      ++it;
      continue;
    }
    out.push_back(it->first);
    it = due_.erase(it);
  }
  return out;
}

int Settle::wait_ms(std::int64_t now_ms) const {
  std::int64_t next = -1;
  for (const auto& [path, due] : due_)
    next = next < 0 ? std::max<std::int64_t>(0, due - now_ms)
                    : std::min(next, std::max<std::int64_t>(0, due - now_ms));
  return static_cast<int>(next);
}

}  // namespace flin::async
