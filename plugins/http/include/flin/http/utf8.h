// UTF-8 as in RFC 3629, checked byte by byte: for bodies and headers in one piece, and for
// WebSocket messages that come in fragments (RFC 6455 8.1). Linked statically into each plugin that
// uses it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace flin::http {

class Utf8Checker {
 public:
  // False as soon as the bytes seen so far cannot begin any valid text; then it stays false.
  bool feed(std::string_view bytes);
  // True when no code point is cut off at the end.
  bool complete() const { return valid_ && missing_ == 0; }
  void reset() { *this = Utf8Checker(); }

 private:
  bool begin(unsigned char byte);

  std::uint8_t missing_ = 0;               // continuation bytes still to come
  std::uint8_t low_ = 0x80, high_ = 0xBF;  // bounds of the next one
  bool valid_ = true;
};

bool is_utf8(std::string_view bytes);

// The bytes themselves when they are UTF-8, else each byte above 0x7F as the code point of that
// number (ISO 8859-1, what HTTP/1.1 once gave header values).
std::string to_utf8(std::string_view bytes);

}  // namespace flin::http
