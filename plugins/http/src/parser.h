// The head of an HTTP/1.1 request (RFC 9112), read in place. Strict: whatever two readers could
// understand differently is refused, since that is how requests are smuggled past a proxy.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace flin::http {

struct HeadLimits {
  std::size_t uri_bytes = 8 * 1024;
  std::size_t header_bytes = 32 * 1024;  // all header lines together, without the request line
  std::size_t header_count = 100;
};

struct HeaderView {
  std::string_view name, value;  // name as it was written; value without the blanks around it
};

// Views into the parsed bytes.
struct RequestHead {
  std::string_view method;
  std::string_view target;  // as in the request line
  std::string_view path;    // of the target, still percent-encoded; "*" for OPTIONS *
  std::string_view query;   // behind the '?', without it
  std::string_view
      host;  // of the Host header, or of an absolute target, which wins (RFC 9112 3.2.2)
  std::vector<HeaderView> headers;
  std::uint64_t content_length = 0;
  int minor = 1;         // HTTP/1.<minor>, 0 or 1
  bool chunked = false;  // otherwise the body has content_length bytes
  bool keep_alive = true;
  bool expects_continue = false;
  bool upgrade = false;  // Connection names `upgrade` and there is an Upgrade header

  void clear();                                   // keeps the memory of `headers`
  void rebase(const char* from, const char* to);  // the bytes were copied from `from` to `to`
  std::string_view header(std::string_view lower_case_name) const;  // first one; "" when absent
};

// What parsing came to. `status` is 0 for a whole head (`size` bytes long) and for one that is not
// complete yet (`size` 0); otherwise the HTTP status to answer with, after which the connection has
// to be closed, and `reason`, a sentence in lower case without full stop.
struct HeadResult {
  std::size_t size = 0;
  int status = 0;
  const char* reason = "";
};
HeadResult parse_head(std::string_view bytes, const HeadLimits& limits, RequestHead& head);

bool equals_ignoring_case(std::string_view a, std::string_view b);
// Calls `fn(token)` for each non-empty member of a comma-separated list (RFC 9110 5.6.1).
template <class Fn>
void for_each_token(std::string_view list, Fn fn) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view item = list.substr(0, comma);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
    while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
    if (!item.empty()) fn(item);
  }
}

}  // namespace flin::http
