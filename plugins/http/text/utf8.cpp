#include "flin/http/utf8.h"

namespace flin::http {

// Well-formed sequences are those of Unicode's table 3-7: the second byte of some leads has
// narrower bounds, which is what keeps overlong forms, surrogates and numbers above U+10FFFF out.
bool Utf8Checker::begin(unsigned char byte) {
  low_ = 0x80;
  high_ = 0xBF;
  if (byte >= 0xC2 && byte <= 0xDF) {
    missing_ = 1;
  } else if (byte >= 0xE0 && byte <= 0xEF) {
    missing_ = 2;
    if (byte == 0xE0) low_ = 0xA0;
    if (byte == 0xED) high_ = 0x9F;
  } else if (byte >= 0xF0 && byte <= 0xF4) {
    missing_ = 3;
    if (byte == 0xF0) low_ = 0x90;
    if (byte == 0xF4) high_ = 0x8F;
  } else {
    return false;
  }
  return true;
}

bool Utf8Checker::feed(std::string_view bytes) {
  if (!valid_) return false;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (missing_ == 0) {
      if (byte < 0x80) continue;
      if (!begin(byte)) return valid_ = false;
      continue;
    }
    if (byte < low_ || byte > high_) return valid_ = false;
    low_ = 0x80;
    high_ = 0xBF;
    --missing_;
  }
  return true;
}

bool is_utf8(std::string_view bytes) {
  Utf8Checker checker;
  return checker.feed(bytes) && checker.complete();
}

std::string to_utf8(std::string_view bytes) {
  if (is_utf8(bytes)) return std::string(bytes);
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 2);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out.push_back(c);
    } else {
      out.push_back(static_cast<char>(0xC0 | (byte >> 6)));
      out.push_back(static_cast<char>(0x80 | (byte & 0x3F)));
    }
  }
  return out;
}

}  // namespace flin::http
