// multipart/form-data (RFC 7578, RFC 2046 5.1.1) as the bytes of a body come: fields are kept,
// files go to temporary files. Strict where readers could differ: a part has one name, lines end in
// CRLF.
#pragma once

#include "url.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flin::http {

struct UploadLimits {
  std::size_t parts = 1000;
  std::size_t part_head = 8 * 1024;  // bytes of the headers of one part
  std::size_t fields = 1024 * 1024;  // bytes of all names and values that are no files
  std::string folder;                // of temporary files
};

// A file of a form, in a temporary file that goes with this object.
class UploadedFile {
 public:
  UploadedFile() = default;
  ~UploadedFile();
  UploadedFile(UploadedFile&& other) noexcept;
  UploadedFile& operator=(UploadedFile&&) = delete;

  // Makes the file, mode 0600; "" or what went wrong.
  std::string open(const std::string& folder);
  bool write(std::string_view bytes);
  void close();  // the descriptor; the file stays
  const std::string& path() const { return path_; }

  std::string part, name, type;  // name: without folders; type: as the browser says
  std::uint64_t size = 0;

 private:
  std::string path_;
  int handle_ = -1;
};

struct FormData {
  std::vector<Field> fields;
  std::vector<UploadedFile> files;
  void clear() {
    fields.clear();
    files.clear();
  }
};

// The boundary of a Content-Type; "" when it has none that is allowed (1 to 70 characters).
std::string multipart_boundary(std::string_view content_type);

class MultipartReader {
 public:
  MultipartReader(std::string boundary, UploadLimits limits, FormData& out);

  // False: the body is refused, status() and reason() say why, and no more is to be fed.
  bool feed(std::string_view bytes);
  bool finish();  // the body has ended; false when that is too early

  int status() const { return status_; }  // 400, 413, 500; 0: all is well
  const std::string& reason() const { return reason_; }

 private:
  enum class Place : std::uint8_t { kPreamble, kDelimiter, kHead, kField, kFile, kIgnored, kDone };

  bool refuse(int status, std::string reason);
  bool step(bool& more);  // takes one line or a piece of data off rest_
  bool take_preamble(bool& more);
  bool take_delimiter(bool& more);
  bool take_head(bool& more);
  bool take_data(bool& more);
  bool read_part_header(std::string_view line);
  bool read_disposition(std::string_view value);
  bool begin_part();
  bool data(std::string_view bytes);
  bool end_part();

  const std::string delimiter_;  // CRLF "--" boundary
  const UploadLimits limits_;
  FormData& out_;
  std::string carry_;      // what was fed and not taken yet
  std::string_view rest_;  // of it, during feed()
  Place place_ = Place::kPreamble;
  std::size_t parts_ = 0, head_bytes_ = 0, field_bytes_ = 0;
  std::string part_, name_, type_;  // of the part being read
  bool has_disposition_ = false, has_file_ = false;
  bool line_end_left_ = false;  // behind the head of the part
  int status_ = 0;
  std::string reason_;
};

}  // namespace flin::http
