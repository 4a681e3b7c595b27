// What a request is answered with, and how its head is written (RFC 9112 4, 5).
#pragma once

#include "flin/base.h"

#include <memory>
#include <string>
#include <string_view>

namespace flin::http {

// A descriptor closed with its owner.
class File {
 public:
  File() = default;
  explicit File(int handle) : handle_(handle) {}
  ~File() { reset(); }
  File(File&& other) noexcept : handle_(other.handle_) { other.handle_ = -1; }
  File& operator=(File&& other) noexcept;
  int handle() const { return handle_; }
  explicit operator bool() const { return handle_ >= 0; }
  void reset();

 private:
  int handle_ = -1;
};

struct Answer {
  int status = 0;       // 0: none yet
  std::string type;     // Content-Type; "" when there is no body
  std::string headers;  // further lines, each with its CRLF
  std::string body;
  std::shared_ptr<const std::string>
      shared;  // in place of `body`: bytes that several answers share
  File file;   // in place of both: `size` bytes from `offset`
  std::uint64_t offset = 0, size = 0;

  void clear();
  // `name` and `value` come from the program: what could end the line is left out.
  void add_header(std::string_view name, std::string_view value);
  bool has_header(std::string_view lower_case_name) const;
  void set_json(int new_status, std::string json);
  // {"error":"..","status":404}
  void set_error(int new_status, std::string_view message);
  void set_error_page(int new_status, std::string_view message);  // the same as a small HTML page
};

std::string_view reason_phrase(int status);
// HTTP status of an error that a program did not catch (L 16.6, W 4.4).
int status_of_code(std::uint32_t code);
// "R0101".
std::string code_text(std::uint32_t code);
void append_html_text(std::string& out, std::string_view text);  // escaped

struct HeadPlan {
  bool keep_alive = true;
  int minor = 1;
  std::string_view date;  // RFC 9110 5.6.7
};
// Status line, Date, Connection where needed, type and further headers; then Content-Length and the
// empty line. 204 and 304 have no length (RFC 9110 8.6).
void append_head(std::string& out, const Answer& answer, const HeadPlan& plan,
                 std::uint64_t length);
// The same for a body without an end in sight: chunked, or for HTTP/1.0 until the connection closes
// (RFC 9112 6.3, 7.1).
void append_head_unended(std::string& out, const Answer& answer, const HeadPlan& plan);
// The same with room for a length that is not known yet. Gives where it goes.
std::size_t append_head_open(std::string& out, const Answer& answer, const HeadPlan& plan);
void fill_length(std::string& out, std::size_t place, std::uint64_t length);

}  // namespace flin::http
