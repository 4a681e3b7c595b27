#include "pages/results.h"

#include <algorithm>

namespace flin::pages {

void Results::open(const std::string& view) {
  std::lock_guard lock(lock_);
  sweep(services_.now_ms());
  ++views_[view].sockets;
}

void Results::close(const std::string& view) {
  std::lock_guard lock(lock_);
  const auto it = views_.find(view);
  if (it == views_.end()) return;
  if (it->second.sockets > 0) --it->second.sockets;
  it->second.closed_at_ms = services_.now_ms();
}

Results::Seen Results::arrive(const std::string& view, std::int64_t id) {
  std::lock_guard lock(lock_);
  View& v = views_[view];
  if (id > v.newest) {
    v.newest = id;
    v.running.push_back(id);
    return Seen::kNew;
  }
  if (std::find(v.running.begin(), v.running.end(), id) != v.running.end()) return Seen::kRunning;
  const bool is_kept =
      std::any_of(v.kept.begin(), v.kept.end(), [&](const Kept& k) { return k.id == id; });
  return is_kept ? Seen::kKnown : Seen::kForgotten;
}

void Results::keep(const std::string& view, std::int64_t id, std::string result) {
  {
    std::lock_guard lock(lock_);
    add(views_[view], id, std::move(result));
  }
  if (on_kept) on_kept(view, id);
}

void Results::add(View& v, std::int64_t id, std::string result) {
  std::erase(v.running, id);
  v.bytes += result.size();
  v.kept.push_back({id, services_.now_ms(), std::move(result)});
  while (!v.kept.empty() &&
         (v.kept.size() > services_.options.results || v.bytes > services_.options.results_bytes ||
          services_.now_ms() - v.kept.front().at_ms > services_.options.results_ms)) {
    v.bytes -= v.kept.front().result.size();
    v.kept.pop_front();
  }
}

std::optional<std::string> Results::find(const std::string& view, std::int64_t id) const {
  std::lock_guard lock(lock_);
  const auto it = views_.find(view);
  if (it == views_.end()) return std::nullopt;
  for (const Kept& kept : it->second.kept)
    if (kept.id == id && services_.now_ms() - kept.at_ms <= services_.options.results_ms)
      return kept.result;
  return std::nullopt;
}

bool Results::knows(const std::string& view) const {
  std::lock_guard lock(lock_);
  const auto it = views_.find(view);
  return it != views_.end() && it->second.newest > 0;
}

// Forgets views without a socket after their time; looked at once a second at most.
void Results::sweep(std::int64_t now) {
  if (now - swept_at_ms_ < 1000) return;
  swept_at_ms_ = now;
  std::erase_if(views_, [&](const auto& entry) {
    const View& v = entry.second;
    return v.sockets == 0 && v.closed_at_ms != 0 &&
           now - v.closed_at_ms > services_.options.results_ms;
  });
}

}  // namespace flin::pages
