// Results of calls, kept beyond the life of a socket so that an action runs at most once (W 4.6):
// per page view, by number, for a time and up to a size. [any-thread]
#pragma once

#include "pages/services.h"

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace flin::pages {

class Results {
 public:
  explicit Results(const Services& services) : services_(services) {}

  // The page view has a socket again, or has lost it: then it is forgotten after results_ms.
  void open(const std::string& view);
  void close(const std::string& view);

  // Notes that the call arrived. A number at or below the newest one is a repetition.
  enum class Seen { kNew, kRunning, kKnown, kForgotten };
  Seen arrive(const std::string& view, std::int64_t id);
  void keep(const std::string& view, std::int64_t id, std::string result);
  std::optional<std::string> find(const std::string& view, std::int64_t id) const;
  // Whether anything is known of the view: its counter can be believed.
  bool knows(const std::string& view) const;
  // Called after keep(), on its thread.
  std::function<void(const std::string& view, std::int64_t id)> on_kept;

 private:
  struct Kept {
    std::int64_t id, at_ms;
    std::string result;  // what follows the number in the message, without the closing brace
  };
  struct View {
    std::int64_t newest = 0;
    std::deque<std::int64_t> running;
    std::deque<Kept> kept;
    std::size_t bytes = 0;
    std::size_t sockets = 0;
    std::int64_t closed_at_ms = 0;
  };
  void add(View& view, std::int64_t id, std::string result);
  void sweep(std::int64_t now);

  const Services& services_;
  mutable std::mutex lock_;  // guards views_
  std::unordered_map<std::string, View> views_;
  std::int64_t swept_at_ms_ = 0;
};

}  // namespace flin::pages
