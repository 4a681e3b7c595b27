// Files of the public folder. A request can never leave it: not by "..", encoded or not, not by a
// symbolic link that points out of it, not by a backslash or a NUL.
#pragma once

#include "answer.h"
#include "parser.h"
#include "stored_body.h"

#include <sys/stat.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace flin::http {

// Small files as they were last read, with their hash and packed forms, by their real path. One per
// loop. A file that changes (inode, size or time) is read again. [loop-thread]
class FileCache {
 public:
  // The file as it is now; null when it cannot be read. `info`: of `handle`.
  std::shared_ptr<const StoredBody> get(const std::string& path, int handle,
                                        const struct stat& info, std::string_view type,
                                        Compressor& compressor);
  void clear();

 private:
  struct Entry {
    ino_t inode;
    off_t size;
    timespec modified;
    std::shared_ptr<const StoredBody> body;
  };
  std::map<std::string, Entry> entries_;
  std::size_t bytes_ = 0;
};

class StaticFiles {
 public:
  // `folder` need not exist; then there are no files.
  void set_folder(const std::string& folder);

  struct Request {
    const std::vector<std::string>& segments;  // of the path, decoded
    const RequestHead& head;
    bool reads;  // GET or HEAD
  };
  // Answers with the file that the segments name (a folder: its index.html), as RFC 9110 12 to 14
  // say. Files up to 256 KiB are kept and packed, larger ones are streamed as they are. False when
  // there is no such file.
  bool answer(const Request& request, FileCache& cache, Compressor& compressor, Answer& out) const;

  // Content-Type by the ending of `path`; application/octet-stream for unknown ones.
  static std::string_view type_of(std::string_view path);

 private:
  bool open(const std::vector<std::string>& segments, std::string& path, File& file) const;

  std::string root_;  // absolute, without links
};

}  // namespace flin::http
