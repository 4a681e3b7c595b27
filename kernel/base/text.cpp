#include "base/text.h"

#include <locale.h>
#include <wctype.h>
#include <cstring>

#include <algorithm>
#include <array>

namespace flin::text {

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Length of the well-formed sequence at `at`, 0 if there is none (Unicode table 3-7).
std::size_t sequence(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const std::size_t left = text.size() - at;
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (left < size) return 0;
  for (std::size_t i = 1; i < size; ++i)
    if (!is_continuation(text[at + i])) return 0;
  if (first == 0xE0 && byte(1) < 0xA0) return 0;
  if (first == 0xED && byte(1) > 0x9F) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) > 0x8F) return 0;
  return size;
}

// Made once and never freed; the process's own locale is not touched.
locale_t unicode_locale() {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

using EscapeTable = std::array<const char*, 256>;
constexpr EscapeTable make_escapes() {
  EscapeTable table{};
  table['&'] = "&amp;";
  table['<'] = "&lt;";
  table['>'] = "&gt;";
  table['"'] = "&quot;";
  table['\''] = "&#39;";
  table['\r'] = "&#13;";
  table[0] = "\xEF\xBF\xBD";
  return table;
}
constexpr EscapeTable kEscapes = make_escapes();

}  // namespace

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = sequence(text, at);
    if (size == 0) return false;
    at += size;
  }
  return true;
}

std::size_t count(std::string_view text) {
  // Eight bytes at a time: a continuation byte has its top bit set and the next one clear.
  constexpr std::uint64_t kTops = 0x8080808080808080u;
  std::size_t continuations = 0, at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + at, 8);
    if ((word & kTops) != 0)
      continuations += static_cast<std::size_t>(__builtin_popcountll(word & ~(word << 1) & kTops));
  }
  for (; at < text.size(); ++at) continuations += is_continuation(text[at]);
  return text.size() - continuations;
}

char32_t decode(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) {
    return static_cast<char32_t>(static_cast<unsigned char>(text[at + i]));
  };
  const char32_t first = byte(0);
  char32_t c = first;
  const std::size_t size = width(text[at]);
  if (at + size > text.size()) {
    at = text.size();
    return kReplacement;
  }
  if (size == 2) c = (first & 0x1F) << 6 | (byte(1) & 0x3F);
  if (size == 3) c = (first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  if (size == 4)
    c = (first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
  at += size;
  return c;
}

std::size_t offset_of(std::string_view text, std::size_t index) {
  std::size_t at = 0;
  while (index-- > 0 && at < text.size()) at += width(text[at]);
  return std::min(at, text.size());
}

std::string repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = sequence(text, at);
    if (size == 0) {
      append_code_point(out, kReplacement);
      ++at;
    } else {
      out.append(text.substr(at, size));
      at += size;
    }
  }
  return out;
}

bool is_scalar_value(std::int64_t n) {
  return n >= 0 && n <= 0x10FFFF && !(n >= 0xD800 && n <= 0xDFFF);
}

void append_code_point(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0 | c >> 6);
  } else {
    if (c < 0x10000) {
      put(0xE0 | c >> 12);
    } else {
      put(0xF0 | c >> 18);
      put(0x80 | (c >> 12 & 0x3F));
    }
    put(0x80 | (c >> 6 & 0x3F));
  }
  put(0x80 | (c & 0x3F));
}

bool is_space(char32_t c) {
  return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000 || c == 0xFEFF;
}

std::string_view trim_start(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t next = at;
    if (!is_space(decode(text, next))) return text.substr(at);
    at = next;
  }
  return {};
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty()) {
    std::size_t at = text.size() - 1;
    while (at > 0 && is_continuation(text[at])) --at;
    const std::size_t start = at;
    if (!is_space(decode(text, at))) return text;
    text = text.substr(0, start);
  }
  return text;
}

std::string_view trim(std::string_view text) { return trim_end(trim_start(text)); }

void append_upper(std::string& out, char32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c));
  } else if (c == 0xDF) {
    out += "SS";
  } else {
    append_code_point(out,
                      static_cast<char32_t>(towupper_l(static_cast<wint_t>(c), unicode_locale())));
  }
}

void append_lower(std::string& out, char32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c));
  } else {
    append_code_point(out,
                      static_cast<char32_t>(towlower_l(static_cast<wint_t>(c), unicode_locale())));
  }
}

std::string upper(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append_upper(out, decode(text, at));
  return out;
}

std::string lower(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) append_lower(out, decode(text, at));
  return out;
}

void append_html(std::string& out, std::string_view text) {
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char* escape = kEscapes[static_cast<unsigned char>(text[at])];
    if (escape == nullptr) continue;
    out.append(text.data() + start, at - start);
    out.append(escape);
    start = at + 1;
  }
  out.append(text.data() + start, text.size() - start);
}

std::string html_escaped(std::string_view text) {
  std::string out;
  append_html(out, text);
  return out;
}

}  // namespace flin::text
