// A file of lines that is only ever appended to. A line counts when its end is on the disk.
#pragma once

#include <functional>
#include <string>

namespace jsonlines {

class Journal {
 public:
  Journal() = default;
  ~Journal() { close(); }
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Opens the file, made when missing, and gives each line to `line`, which may refuse it by a
  // sentence. A last line without an end, left by a crash, is cut off. Gives a sentence, or "".
  std::string open(const std::string& path,
                   const std::function<std::string(const std::string&)>& line);
  // Durable when it returns "". After a failure the file is as it was before.
  std::string append(const std::string& line);
  void close();
  bool is_open() const { return file_ >= 0; }

 private:
  std::string failed(const char* what) const;
  std::string path_;
  int file_ = -1;
  long long size_ = 0;
};

}  // namespace jsonlines
