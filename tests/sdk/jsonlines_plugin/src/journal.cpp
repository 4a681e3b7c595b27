#include "journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

namespace jsonlines {

std::string Journal::failed(const char* what) const {
  return std::string("cannot ") + what + " " + path_ + ": " + std::strerror(errno);
}

std::string Journal::open(const std::string& path,
                          const std::function<std::string(const std::string&)>& line) {
  close();
  path_ = path;
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file_ < 0) return failed("open");
  std::ifstream in(path, std::ios::binary);
  std::string text;
  size_ = 0;
  for (long long number = 1; std::getline(in, text); ++number) {
    if (in.eof()) break;  // no end of line
    const std::string refused = line(text);
    if (!refused.empty()) {
      close();
      return path_ + ":" + std::to_string(number) + ": " + refused;
    }
    size_ += static_cast<long long>(text.size()) + 1;
  }
  return ftruncate(file_, size_) == 0 ? "" : failed("shorten");
}

std::string Journal::append(const std::string& line) {
  const std::string text = line + "\n";
  std::size_t at = 0;
  while (at < text.size()) {
    const ssize_t written = ::write(file_, text.data() + at, text.size() - at);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    at += static_cast<std::size_t>(written);
  }
  if (at == text.size() && fdatasync(file_) == 0) {
    size_ += static_cast<long long>(text.size());
    return "";
  }
  const std::string why = failed("write");
  return ftruncate(file_, size_) == 0 ? why : why + "; and it cannot be shortened again";
}

void Journal::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

}  // namespace jsonlines
