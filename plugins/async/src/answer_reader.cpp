#include "answer_reader.h"

#include "flin/plugin.h"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace flin::async {
namespace {

constexpr std::size_t kHeadBytes = 64 * 1024, kHeaders = 200;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

const std::string* find_header(const OutboundAnswer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers)
    if (key == name) return &value;
  return nullptr;
}

bool read_number(std::string_view text, int base, std::uint64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out, base);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

}  // namespace

OutboundFailure AnswerReader::read(std::string_view method, OutboundAnswer& answer) {
  std::string why;
  do {
    answer = {};
    if (!read_head(answer, why)) return {code('R', 202), "network failed: " + why, true};
  } while (answer.status >= 100 && answer.status < 200);
  if (!read_body(method, answer, why)) {
    return {code('R', 202), "network failed: " + why, !is_too_large_};
  }
  return {};
}

bool AnswerReader::fill() {
  if (at_ > 0) {
    buffer_.erase(0, at_);
    at_ = 0;
  }
  const std::string_view more = source_.more();
  buffer_.append(more);
  return !more.empty();
}

// Up to the line's end, which is taken too.
bool AnswerReader::line(std::string& out) {
  for (;;) {
    const std::size_t end = buffer_.find('\n', at_);
    if (end != std::string::npos) {
      out = buffer_.substr(at_, end - at_);
      at_ = end + 1;
      if (!out.empty() && out.back() == '\r') out.pop_back();
      return true;
    }
    if (buffer_.size() - at_ > kHeadBytes || !fill()) return false;
  }
}

bool AnswerReader::read_head(OutboundAnswer& answer, std::string& why) {
  std::string text;
  why = "the connection ended before an answer came";
  if (!line(text)) return false;
  why = "the answer is no HTTP/1.1";
  std::uint64_t status = 0;
  if (text.compare(0, 7, "HTTP/1.") != 0 || text.size() < 12 ||
      !read_number(std::string_view(text).substr(9, 3), 10, status) || status < 100)
    return false;
  answer.status = static_cast<int>(status);
  std::size_t size = 0;
  why = "the head of the answer is too large or was cut off";
  while (line(text)) {
    if (text.empty()) return true;
    size += text.size();
    if (size > kHeadBytes || answer.headers.size() >= kHeaders) return false;
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos || colon == 0) return false;
    answer.headers.emplace_back(lower(std::string_view(text).substr(0, colon)),
                                trimmed(std::string_view(text).substr(colon + 1)));
  }
  return false;
}

bool AnswerReader::has_room(std::uint64_t more, const std::string& body, std::string& why) {
  if (more <= most_ && body.size() + more <= most_) return true;
  is_too_large_ = true;
  why =
      "the answer is larger than " + std::to_string(most_) + " bytes (setting async.answer_bytes)";
  return false;
}

bool AnswerReader::take(std::uint64_t count, std::string& body, std::string& why) {
  if (!has_room(count, body, why)) return false;
  while (count > 0) {
    if (at_ == buffer_.size() && !fill()) {
      why = "the connection ended before the answer was whole";
      return false;
    }
    const std::size_t piece =
        static_cast<std::size_t>(std::min<std::uint64_t>(count, buffer_.size() - at_));
    body.append(buffer_, at_, piece);
    at_ += piece;
    count -= piece;
  }
  return true;
}

bool AnswerReader::read_body(std::string_view method, OutboundAnswer& answer, std::string& why) {
  if (method == "HEAD" || answer.status == 204 || answer.status == 304) return true;
  if (const std::string* coding = find_header(answer, "transfer-encoding")) {
    if (lower(*coding) == "chunked") return read_chunks(answer.body, why);
    why = "the answer has the unknown transfer coding '" + *coding + "'";
    return false;
  }
  if (const std::string* length = find_header(answer, "content-length")) {
    std::uint64_t count = 0;
    if (read_number(*length, 10, count)) return take(count, answer.body, why);
    why = "the answer has the bad Content-Length '" + *length + "'";
    return false;
  }
  for (;;) {  // to the end of the connection
    if (!take(buffer_.size() - at_, answer.body, why)) return false;
    if (!fill()) return true;
  }
}

bool AnswerReader::read_chunks(std::string& body, std::string& why) {
  std::string text;
  for (;;) {
    why = "the connection ended before the answer was whole";
    if (!line(text)) return false;
    std::uint64_t size = 0;
    if (!read_number(trimmed(std::string_view(text).substr(0, text.find(';'))), 16, size)) {
      why = "the answer has a bad chunk";
      return false;
    }
    if (size == 0) break;
    if (!take(size, body, why)) return false;
    why = "the answer has a bad chunk";
    if (!line(text) || !text.empty()) return false;
  }
  do {  // trailers
    why = "the connection ended before the answer was whole";
    if (!line(text)) return false;
  } while (!text.empty());
  return true;
}

}  // namespace flin::async
