// Files of the public folder. A request can never leave it: not by "..", encoded or not, not by a
// symbolic link that points out of it, not by a backslash or a NUL.
#pragma once

#include "answer.h"
#include "parser.h"

#include <string>
#include <vector>

namespace flin::http {

class StaticFiles {
 public:
  // `folder` need not exist; then there are no files.
  void set_folder(const std::string& folder);

  // Answers with the file that the decoded path segments name (a folder: its index.html), with
  // ETag, If-None-Match and one byte range (RFC 9110 13, 14). False when there is no such file.
  bool answer(const std::vector<std::string>& segments, const RequestHead& head, Answer& out) const;

  // Content-Type by the ending of `path`; application/octet-stream for unknown ones.
  static std::string_view type_of(std::string_view path);

 private:
  bool open(const std::vector<std::string>& segments, std::string& path, File& file) const;

  std::string root_;  // absolute, without links
};

}  // namespace flin::http
