// Where an SQLite database lies: its folder, and the lock that keeps a second FLIN off it.
#pragma once

#include "../fault.h"

#include <cstdint>
#include <string>

namespace flin::store {

// Held for as long as the process has the database open. The lock is on a file of its own, because
// closing any descriptor of the database would drop SQLite's own locks (fcntl(2)).
class FileLock {
 public:
  FileLock() = default;
  ~FileLock() { release(); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  // Makes the folder of `database` and takes `database`.lock. Refused: another process has it, or
  // nothing can be written there.
  MaybeFault take(const std::string& database);
  void release();

 private:
  std::string path_;
  int descriptor_ = -1;
};

bool is_file_there(const std::string& path);
std::uintmax_t file_size(const std::string& path);  // 0 where there is none

}  // namespace flin::store
