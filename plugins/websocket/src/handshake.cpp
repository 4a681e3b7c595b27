#include "handshake.h"

#include <Poco/Base64Encoder.h>
#include <Poco/SHA1Engine.h>

#include <sstream>

namespace flin::ws {
namespace {

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

// 16 bytes in base64 are 22 digits and two paddings.
bool is_key(std::string_view key) {
  if (key.size() != 24 || key.substr(22) != "==") return false;
  for (const char c : key.substr(0, 22)) {
    const bool digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                       c == '+' || c == '/';
    if (!digit) return false;
  }
  return true;
}

bool is_listed(std::string_view origins, std::string_view origin) {
  while (!origins.empty()) {
    const std::size_t end = origins.find_first_of(", ");
    const std::string_view item = origins.substr(0, end);
    if (item == "*" || (!item.empty() && equals_ignoring_case(item, origin))) return true;
    origins = end == std::string_view::npos ? std::string_view() : origins.substr(end + 1);
  }
  return false;
}

bool is_own(List<Pair> headers, std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  return scheme != std::string_view::npos &&
         equals_ignoring_case(origin.substr(scheme + 3), header(headers, "host"));
}

// RFC 6455 11.3: these stand once in a request. Of two Origins one could be the wrong one.
bool has_one_each(List<Pair> headers) {
  unsigned keys = 0, versions = 0, origins = 0;
  for (const Pair& pair : headers) {
    const std::string_view name = pair.name;
    keys += name == "sec-websocket-key";
    versions += name == "sec-websocket-version";
    origins += name == "origin";
  }
  return keys <= 1 && versions <= 1 && origins <= 1;
}

// A page of this host, or a program without cookies, which no page can stand behind.
bool may_connect(List<Pair> headers, std::string_view origins) {
  const std::string_view origin = header(headers, "origin");
  if (origin.empty()) return header(headers, "cookie").empty() || is_listed(origins, "");
  return is_own(headers, origin) || is_listed(origins, origin);
}

}  // namespace

std::string_view header(List<Pair> headers, std::string_view name) {
  for (const Pair& pair : headers) {
    if (std::string_view(pair.name) == name) return pair.value;
  }
  return {};
}

std::uint32_t check_handshake(const http::Handover& handover, std::string_view origins,
                              Compression& compression, Text& reason) {
  const List<Pair> headers = handover.headers;
  if (std::string_view(handover.method) != "GET") {
    reason = "a WebSocket is opened by GET";
    return 400;
  }
  if (!has_one_each(headers)) {
    reason = "Sec-WebSocket-Key, Sec-WebSocket-Version and Origin stand once in a request";
    return 400;
  }
  if (header(headers, "sec-websocket-version") != "13") {
    reason = "the WebSocket version spoken here is 13";
    return 426;
  }
  if (!is_key(header(headers, "sec-websocket-key"))) {
    reason = "Sec-WebSocket-Key is missing or malformed";
    return 400;
  }
  if (!negotiate(headers, compression)) {
    reason = "Sec-WebSocket-Extensions is malformed";
    return 400;
  }
  if (!check_protocols(headers)) {
    reason = "Sec-WebSocket-Protocol is malformed";
    return 400;
  }
  if (!may_connect(headers, origins)) {
    reason = "WebSockets are for pages of this host";
    return 403;
  }
  return 0;
}

std::uint32_t check_event_origin(List<Pair> headers, std::string_view origins,
                                 std::string_view& allowed, Text& reason) {
  const std::string_view origin = header(headers, "origin");
  const std::string_view site = header(headers, "sec-fetch-site");
  const bool is_foreign =
      origin.empty() ? site == "cross-site" || site == "same-site" : !is_own(headers, origin);
  if (!is_foreign) return 0;
  if (!origin.empty() && is_listed(origins, origin) && has_one_each(headers)) {
    allowed = origin;
    return 0;
  }
  reason = "events are for pages of this host";
  return 403;
}

std::string accept_key(std::string_view key) {
  Poco::SHA1Engine engine;
  engine.update(key.data(), key.size());
  engine.update(std::string("258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
  const Poco::DigestEngine::Digest& digest = engine.digest();
  std::ostringstream out;
  Poco::Base64Encoder encoder(out);
  encoder.write(reinterpret_cast<const char*>(digest.data()),
                static_cast<std::streamsize>(digest.size()));
  encoder.close();
  return out.str();
}

std::string accept_head(const http::Handover& handover, const Compression& compression) {
  std::string out =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
      "Upgrade\r\nSec-WebSocket-Accept: " +
      accept_key(header(handover.headers, "sec-websocket-key")) + "\r\n";
  if (const std::string extensions = extensions_answer(compression); !extensions.empty())
    out.append("Sec-WebSocket-Extensions: ").append(extensions).append("\r\n");
  return out.append("\r\n");
}

}  // namespace flin::ws
