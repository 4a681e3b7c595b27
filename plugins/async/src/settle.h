// When a changed file may be read. Editors write in many ways: in place (truncate, write, close),
// by a new file that is renamed over the old one, by removing first and writing then, several times
// in a row. A path is due a short quiet time after its writer has closed it.
#pragma once

#include "file_events.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace flin::async {

class Settle {
 public:
  // Milliseconds of any steady clock. `is_empty`: the file has no bytes now, so its writer may come
  // again.
  void note(const FileEvent& event, bool is_empty, std::int64_t now_ms);
  // Takes the paths that are due.
  std::vector<std::string> take(std::int64_t now_ms);
  // Milliseconds until the next one is due; -1: none waits.
  int wait_ms(std::int64_t now_ms) const;

 private:
  std::map<std::string, std::int64_t> due_;
};

}  // namespace flin::async
