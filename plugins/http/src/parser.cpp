#include "parser.h"

#include <array>
#include <cstring>

namespace flin::http {
namespace {

enum CharClass : std::uint8_t { kToken = 1, kTarget = 2, kValue = 4, kHost = 8 };

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  constexpr std::string_view kTokenMarks = "!#$%&'*+-.^_`|~";     // RFC 9110 5.6.2
  constexpr std::string_view kHostMarks = "-._~%!$&'()*+,;=:[]";  // RFC 3986 3.2.2 with port
  for (unsigned c = 0; c < 256; ++c) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool ascii = c < 128;
    if (alnum || (ascii && kTokenMarks.find(static_cast<char>(c)) != std::string_view::npos))
      classes[c] |= kToken;
    if (alnum || (ascii && kHostMarks.find(static_cast<char>(c)) != std::string_view::npos))
      classes[c] |= kHost;
    if (c > 0x20 && c < 0x7F && c != '#') classes[c] |= kTarget;
    if (c == '\t' || (c >= 0x20 && c != 0x7F)) classes[c] |= kValue;
  }
  return classes;
}
constexpr std::array<std::uint8_t, 256> kClasses = make_classes();

bool all(std::string_view text, CharClass wanted) {
  for (const char c : text) {
    if (!(kClasses[static_cast<unsigned char>(c)] & wanted)) return false;
  }
  return true;
}

constexpr std::size_t kMethodBytes = 32;  // longer ones do not exist

HeadResult refuse(int status, const char* reason) { return {0, status, reason}; }

// Walks lines that end in CRLF. A line feed without its carriage return is an error, not an ending.
class Lines {
 public:
  explicit Lines(std::string_view bytes) : bytes_(bytes) {}
  enum Outcome { kLine, kIncomplete, kBad };
  Outcome next(std::string_view& line) {
    const char* from = bytes_.data() + at_;
    const std::size_t rest = bytes_.size() - at_;
    const auto* feed = static_cast<const char*>(rest ? std::memchr(from, '\n', rest) : nullptr);
    if (!feed) return kIncomplete;
    if (feed == from || feed[-1] != '\r') return kBad;
    line = {from, static_cast<std::size_t>(feed - from - 1)};
    at_ += static_cast<std::size_t>(feed - from) + 1;
    return kLine;
  }
  std::size_t at() const { return at_; }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

// uri-host [":" port] (RFC 9110 7.2): an IP literal in brackets or a name, and digits. No user.
bool is_authority(std::string_view text) {
  if (text.empty() || !all(text, kHost)) return false;
  std::size_t name_end = 0;
  if (text.front() == '[') {
    name_end = text.find(']');
    if (name_end == std::string_view::npos || name_end < 3) return false;
    if (text.find_first_not_of("0123456789abcdefABCDEF:.v", 1) < name_end) return false;
    ++name_end;
  } else {
    name_end = text.find(':');
    if (name_end == 0 || text.find_first_of("[]") != std::string_view::npos) return false;
  }
  if (name_end >= text.size()) return true;
  const std::string_view port = text.substr(name_end + 1);
  return text[name_end] == ':' && port.size() <= 5 &&
         port.find_first_not_of("0123456789") == std::string_view::npos;
}

// authority and path of "http://host/path"; false when it is no such thing.
bool split_absolute(std::string_view target, std::string_view& authority, std::string_view& rest) {
  const std::size_t colon = target.find("://");
  if (colon == std::string_view::npos) return false;
  const std::string_view scheme = target.substr(0, colon);
  if (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https")) return false;
  target.remove_prefix(colon + 3);
  const std::size_t end = target.find_first_of("/?");
  authority = target.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view("/") : target.substr(end);
  return is_authority(authority);
}

HeadResult read_target(RequestHead& head) {
  std::string_view rest = head.target;
  if (rest == "*") {
    if (head.method != "OPTIONS") return refuse(400, "the target '*' is for OPTIONS only");
    head.path = rest;
    return {};
  }
  if (head.method == "CONNECT") {  // authority-form (RFC 9112 3.2.3): tunnels are for proxies
    return is_authority(rest) && rest.find(':') != std::string_view::npos
               ? refuse(501, "there are no tunnels here")
               : refuse(400, "the target of CONNECT is a host and a port");
  }
  if (rest.front() != '/') {
    const std::string_view whole = rest;
    if (!split_absolute(whole, head.host, rest))
      return refuse(400, "the request target is neither a path nor an http address");
    // Without a path it asks about the server as a whole (RFC 9112 3.2.4).
    const bool no_path = whole.back() != '/' && rest == "/";
    if (no_path && head.method == "OPTIONS") {
      head.path = "*";
      return {};
    }
  }
  const std::size_t mark = rest.find('?');
  head.path = rest.substr(0, mark);
  if (head.path.empty()) head.path = "/";
  if (mark != std::string_view::npos) head.query = rest.substr(mark + 1);
  return {};
}

HeadResult read_request_line(std::string_view line, const HeadLimits& limits, RequestHead& head) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos || first == 0)
    return refuse(400, "the request line has no method");
  const std::size_t last = line.rfind(' ');
  if (last == first) return refuse(400, "the request line has no version");
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (head.method.size() > kMethodBytes) return refuse(400, "the method is too long");
  if (!all(head.method, kToken)) return refuse(400, "the method is no token");
  if (head.target.size() > limits.uri_bytes) return refuse(414, "the request target is too long");
  if (head.target.empty() || !all(head.target, kTarget))
    return refuse(400, "the request target has a forbidden character");
  if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || version[6] != '.' ||
      version[5] < '0' || version[5] > '9' || version[7] < '0' || version[7] > '9') {
    return refuse(400, "the request line ends in no HTTP version");
  }
  if (version[5] != '1') return refuse(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
  head.minor = version[7] == '0' ? 0 : 1;
  head.keep_alive = head.minor == 1;
  return read_target(head);
}

// What has been seen of the headers that decide framing and routing.
struct Seen {
  bool host = false, length = false, encoding = false, close = false, keep = false,
       upgrade_token = false, upgrade = false;
};

HeadResult read_length(std::string_view value, Seen& seen, RequestHead& head) {
  if (seen.length) return refuse(400, "there are two Content-Length headers");
  seen.length = true;
  if (value.empty() || value.size() > 18)
    return refuse(400, "Content-Length is no number that can be held");
  for (const char c : value) {
    if (c < '0' || c > '9') return refuse(400, "Content-Length is no number");
    head.content_length = head.content_length * 10 + static_cast<unsigned>(c - '0');
  }
  return {};
}

HeadResult read_encoding(std::string_view value, Seen& seen, RequestHead& head) {
  if (seen.encoding) return refuse(400, "there are two Transfer-Encoding headers");
  seen.encoding = true;
  if (head.minor == 0) return refuse(400, "HTTP/1.0 has no Transfer-Encoding");
  int codings = 0, chunked = 0;
  bool last_is_chunked = false;
  for_each_token(value, [&](std::string_view coding) {
    last_is_chunked = equals_ignoring_case(coding, "chunked");
    ++codings;
    chunked += last_is_chunked;
  });
  // RFC 9112 6.3: without chunked at the end nobody knows where the body ends.
  if (!last_is_chunked) return refuse(400, "the last transfer coding is not chunked");
  if (chunked > 1) return refuse(400, "chunked is applied twice");
  if (codings > 1) return refuse(501, "the only transfer coding understood is chunked");
  head.chunked = true;
  return {};
}

HeadResult read_host(std::string_view value, Seen& seen, RequestHead& head) {
  if (seen.host) return refuse(400, "there are two Host headers");
  seen.host = true;
  if (!is_authority(value)) return refuse(400, "Host is no host name");
  if (head.host.empty()) head.host = value;
  return {};
}

void read_connection(std::string_view value, Seen& seen) {
  for_each_token(value, [&](std::string_view token) {
    if (equals_ignoring_case(token, "close")) seen.close = true;
    if (equals_ignoring_case(token, "keep-alive")) seen.keep = true;
    if (equals_ignoring_case(token, "upgrade")) seen.upgrade_token = true;
  });
}

HeadResult note_header(const HeaderView& header, Seen& seen, RequestHead& head) {
  switch (header.name.size()) {
    case 4:
      if (equals_ignoring_case(header.name, "host")) return read_host(header.value, seen, head);
      break;
    case 6:
      if (equals_ignoring_case(header.name, "expect")) {
        if (!equals_ignoring_case(header.value, "100-continue"))
          return refuse(417, "the only expectation met is 100-continue");
        head.expects_continue = head.minor == 1;
      }
      break;
    case 7:
      if (equals_ignoring_case(header.name, "upgrade")) seen.upgrade = true;
      break;
    case 10:
      if (equals_ignoring_case(header.name, "connection")) read_connection(header.value, seen);
      break;
    case 14:
      if (equals_ignoring_case(header.name, "content-length"))
        return read_length(header.value, seen, head);
      break;
    case 17:
      if (equals_ignoring_case(header.name, "transfer-encoding"))
        return read_encoding(header.value, seen, head);
      break;
    default: break;
  }
  return {};
}

HeadResult read_header(std::string_view line, Seen& seen, RequestHead& head) {
  if (line.front() == ' ' || line.front() == '\t')
    return refuse(400, "a header is folded over two lines");
  const auto* colon = static_cast<const char*>(std::memchr(line.data(), ':', line.size()));
  if (!colon) return refuse(400, "a header has no colon");
  const auto name_size = static_cast<std::size_t>(colon - line.data());
  std::string_view name = line.substr(0, name_size), value = line.substr(name_size + 1);
  if (name.empty() || !all(name, kToken))
    return refuse(400, "a header name has a forbidden character");
  if (!all(value, kValue)) return refuse(400, "a header value has a forbidden character");
  while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == ' ' || value.back() == '\t')) value.remove_suffix(1);
  head.headers.push_back({name, value});
  return note_header(head.headers.back(), seen, head);
}

HeadResult finish(const Seen& seen, RequestHead& head) {
  if (!seen.host && head.minor == 1) return refuse(400, "there is no Host header");
  if (seen.length && seen.encoding)
    return refuse(400, "Content-Length and Transfer-Encoding exclude each other");
  if (seen.keep) head.keep_alive = true;
  if (seen.close) head.keep_alive = false;
  head.upgrade = seen.upgrade_token && seen.upgrade && head.minor == 1;
  return {};
}

}  // namespace

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

void RequestHead::clear() {
  std::vector<HeaderView> kept = std::move(headers);
  kept.clear();
  *this = RequestHead();
  headers = std::move(kept);
}

void RequestHead::rebase(const char* from, const char* to) {
  const auto move = [&](std::string_view& view) {
    if (view.data()) view = {to + (view.data() - from), view.size()};
  };
  const bool literal_path =
      path.data() && (path.data() < target.data() || path.data() > target.data() + target.size());
  for (std::string_view* view : {&method, &target, &query, &host}) move(*view);
  if (!literal_path) move(path);
  for (HeaderView& header : headers) {
    move(header.name);
    move(header.value);
  }
}

std::string_view RequestHead::header(std::string_view lower_case_name) const {
  for (const HeaderView& header : headers) {
    if (equals_ignoring_case(header.name, lower_case_name)) return header.value;
  }
  return {};
}

HeadResult parse_head(std::string_view bytes, const HeadLimits& limits, RequestHead& head) {
  head.clear();
  Lines lines(bytes);
  std::string_view line;
  Lines::Outcome outcome = lines.next(line);
  // One empty line before a request is left over by old clients (RFC 9112 2.2).
  if (outcome == Lines::kLine && line.empty()) outcome = lines.next(line);
  if (outcome == Lines::kBad) return refuse(400, "a line ends without a carriage return");
  if (outcome == Lines::kIncomplete) {
    return bytes.size() > limits.uri_bytes + 64 ? refuse(414, "the request target is too long")
                                                : HeadResult{};
  }
  HeadResult result = read_request_line(line, limits, head);
  if (result.status) return result;
  const std::size_t headers_from = lines.at();
  Seen seen;
  for (;;) {
    outcome = lines.next(line);
    const std::size_t used =
        (outcome == Lines::kIncomplete ? bytes.size() : lines.at()) - headers_from;
    if (used > limits.header_bytes + 2) return refuse(431, "the headers are too large");
    if (outcome == Lines::kBad) return refuse(400, "a line ends without a carriage return");
    if (outcome == Lines::kIncomplete) return {};
    if (line.empty()) break;
    if (head.headers.size() == limits.header_count)
      return refuse(431, "there are too many headers");
    result = read_header(line, seen, head);
    if (result.status) return result;
  }
  result = finish(seen, head);
  if (result.status) return result;
  result.size = lines.at();
  return result;
}

}  // namespace flin::http
