#include "answer.h"

#include "parser.h"

#include "flin/http/json_out.h"

#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstring>

namespace flin::http {
namespace {

constexpr std::size_t kLengthRoom = 10;

struct Phrase {
  int status;
  std::string_view text;
};
constexpr Phrase kPhrases[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {418, "I'm a teapot"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
};

bool is_token_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
         c == '_' || c == '.';
}

void append_start(std::string& out, const Answer& answer, const HeadPlan& plan) {
  out.append("HTTP/1.1 ");
  append_json_int(out, answer.status);
  out.append(" ").append(reason_phrase(answer.status)).append("\r\nDate: ").append(plan.date);
  if (!plan.keep_alive)
    out.append("\r\nConnection: close");
  else if (plan.minor == 0)
    out.append("\r\nConnection: keep-alive");
  if (!answer.type.empty())
    out.append("\r\nContent-Type: ")
        .append(answer.type)
        .append("\r\nX-Content-Type-Options: nosniff");
  out.append("\r\n").append(answer.headers);
}

}  // namespace

File& File::operator=(File&& other) noexcept {
  std::swap(handle_, other.handle_);
  return *this;
}

void File::reset() {
  if (handle_ >= 0) ::close(handle_);
  handle_ = -1;
}

void Answer::clear() {
  status = 0;
  type.clear();
  headers.clear();
  body.clear();
  shared.reset();
  file.reset();
  offset = size = 0;
}

void Answer::add_header(std::string_view name, std::string_view value) {
  if (name.empty()) return;
  for (const char c : name) {
    if (!is_token_char(c)) return;
  }
  headers.append(name).append(": ");
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7F) headers.push_back(c);
  }
  headers.append("\r\n");
}

bool Answer::has_header(std::string_view lower_case_name) const {
  std::string_view rest = headers;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    if (line.size() > lower_case_name.size() && line[lower_case_name.size()] == ':' &&
        equals_ignoring_case(line.substr(0, lower_case_name.size()), lower_case_name))
      return true;
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  return false;
}

void Answer::set_json(int new_status, std::string json) {
  status = new_status;
  type = "application/json; charset=utf-8";
  body = std::move(json);
}

void Answer::set_error(int new_status, std::string_view message) {
  std::string json = "{\"error\":";
  append_json_text(json, message);
  json.append(",\"status\":").append(std::to_string(new_status)).append("}");
  set_json(new_status, std::move(json));
}

void Answer::set_error_page(int new_status, std::string_view message) {
  const std::string title =
      std::to_string(new_status) + " " + std::string(reason_phrase(new_status));
  status = new_status;
  type = "text/html; charset=utf-8";
  body =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width, initial-scale=1\"><title>" +
      title + "</title></head><body><h1>" + title + "</h1><p>";
  append_html_text(body, message);
  body.append("</p></body></html>");
}

std::string_view reason_phrase(int status) {
  for (const Phrase& phrase : kPhrases) {
    if (phrase.status == status) return phrase.text;
  }
  return "Status";
}

int status_of_code(std::uint32_t error) {
  switch (error) {
    case code('R', 101): return 422;
    case code('R', 102):
    case code('R', 403): return 403;
    case code('R', 103):
    case code('R', 405): return 409;
    case code('R', 105):
    case code('R', 402): return 404;
    case code('R', 401):
    case code('R', 404): return 400;
    case code('R', 302): return 503;
    default: return 500;
  }
}

std::string code_text(std::uint32_t error) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "%c%04u", static_cast<char>(error >> 24), error & 0xFFFFFF);
  return buffer;
}

void append_html_text(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&': out.append("&amp;"); break;
      case '<': out.append("&lt;"); break;
      case '>': out.append("&gt;"); break;
      case '"': out.append("&quot;"); break;
      case '\'': out.append("&#39;"); break;
      default: out.push_back(c);
    }
  }
}

void append_head(std::string& out, const Answer& answer, const HeadPlan& plan,
                 std::uint64_t length) {
  append_start(out, answer, plan);
  if (answer.status != 204 && answer.status != 304) {
    out.append("Content-Length: ");
    append_json_int(out, static_cast<std::int64_t>(length));
    out.append("\r\n");
  }
  out.append("\r\n");
}

void append_head_unended(std::string& out, const Answer& answer, const HeadPlan& plan) {
  append_start(out, answer, plan);
  out.append(plan.minor == 0 ? "\r\n" : "Transfer-Encoding: chunked\r\n\r\n");
}

std::size_t append_head_open(std::string& out, const Answer& answer, const HeadPlan& plan) {
  append_start(out, answer, plan);
  out.append("Content-Length: ");
  const std::size_t place = out.size();
  out.append(kLengthRoom, ' ').append("\r\n\r\n");
  return place;
}

// Right-aligned: blanks before a field value do not count (RFC 9112 5.1).
void fill_length(std::string& out, std::size_t place, std::uint64_t length) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, length).ptr;
  const auto count = static_cast<std::size_t>(end - digits);
  if (count <= kLengthRoom) std::memcpy(out.data() + place + kLengthRoom - count, digits, count);
}

}  // namespace flin::http
