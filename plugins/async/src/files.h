// Files of a program (L 24.7): below its own folder only, and never in .flin, where FLIN keeps its
// secret and its data. [worker]
#pragma once

#include "ticket_job.h"

#include <cstddef>
#include <string>
#include <vector>

namespace flin::async {

class Files {
 public:
  Files(std::string folder, std::size_t most_bytes)
      : folder_(std::move(folder)), most_bytes_(most_bytes) {}

  // Each gives R0014 for a path that leaves the folder, R0205 for what the system says.
  Failure read(const std::string& path, std::string& text) const;  // UTF-8 only
  // Takes the place of what was there at once, so that nobody reads half of it.
  Failure write(const std::string& path, const std::string& text) const;
  Failure append(const std::string& path, const std::string& text) const;
  Failure remove(const std::string& path) const;  // one that is not there is removed
  Failure exists(const std::string& path, bool& out) const;
  Failure list(const std::string& path, std::vector<std::string>& names) const;  // sorted

 private:
  Failure place_of(const std::string& path, std::string& out) const;

  const std::string folder_;
  const std::size_t most_bytes_;
};

}  // namespace flin::async
