#include "handshake.h"

#include <Poco/Base64Encoder.h>
#include <Poco/SHA1Engine.h>

#include <sstream>

namespace flin::ws {
namespace {

std::string_view header(const http::Handover& handover, std::string_view name) {
  for (const Pair& pair : handover.headers) {
    if (std::string_view(pair.name) == name) return pair.value;
  }
  return {};
}

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

// A page of this host, or a program without cookies, which no page can stand behind.
bool may_connect(const http::Handover& handover, std::string_view origins) {
  const std::string_view origin = header(handover, "origin");
  if (origin.empty()) return header(handover, "cookie").empty() || is_listed(origins, "");
  const std::size_t scheme = origin.find("://");
  if (scheme != std::string_view::npos &&
      equals_ignoring_case(origin.substr(scheme + 3), header(handover, "host")))
    return true;
  return is_listed(origins, origin);
}

}  // namespace

std::uint32_t check_handshake(const http::Handover& handover, std::string_view origins,
                              Text& reason) {
  if (std::string_view(handover.method) != "GET") {
    reason = "a WebSocket is opened by GET";
    return 400;
  }
  if (header(handover, "sec-websocket-version") != "13") {
    reason = "the WebSocket version spoken here is 13";
    return 426;
  }
  if (!is_key(header(handover, "sec-websocket-key"))) {
    reason = "Sec-WebSocket-Key is missing or malformed";
    return 400;
  }
  if (!may_connect(handover, origins)) {
    reason = "WebSockets are for pages of this host";
    return 403;
  }
  return 0;
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

std::string accept_head(const http::Handover& handover) {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
         "Upgrade\r\nSec-WebSocket-Accept: " +
         accept_key(header(handover, "sec-websocket-key")) + "\r\n\r\n";
}

}  // namespace flin::ws
