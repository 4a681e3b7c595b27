// What the system tells of files in watched folders. Two ways: inotify, and looking
// through folders now and then, which works everywhere.
#pragma once

#include "settings.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace flin::async {

struct FileEvent {
  enum class Kind : std::uint8_t {
    kBeingWritten,  // somebody has it open for writing
    kWritten,       // closed after writing, or put in place whole
    kGone           // removed or renamed away, perhaps to be replaced
  };
  std::string path;
  Kind kind;
};

class FileEvents {
 public:
  virtual ~FileEvents() = default;
  // "" or why the folder cannot be watched. [any-thread]
  virtual std::string add(const std::string& folder) = 0;
  // Waits for events at most `timeout_ms` (-1: until there are some) and appends them. [one thread]
  virtual void wait(int timeout_ms, std::vector<FileEvent>& out) = 0;
  virtual void wake() = 0;  // ends a wait [any-thread]
};

std::unique_ptr<FileEvents> make_file_events(WatcherKind kind);

// Each of them; an empty pointer where this system has none.
std::unique_ptr<FileEvents> make_inotify_events();
std::unique_ptr<FileEvents> make_scan_events();

}  // namespace flin::async
