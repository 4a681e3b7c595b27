// UTF-8 (RFC 3629) and the escaping of HTML: what the runtime, pages and parsers of foreign bytes
// share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace flin::text {

constexpr char32_t kReplacement = 0xFFFD;

// Strict: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_valid_utf8(std::string_view text);

// Number of code points of valid UTF-8.
std::size_t count(std::string_view text);

// Decodes the code point at `at` of valid UTF-8 and moves `at` behind it.
char32_t decode(std::string_view text, std::size_t& at);
// Bytes of the code point that begins with this byte, in valid UTF-8.
inline std::size_t width(char first) {
  const auto b = static_cast<unsigned char>(first);
  return b < 0x80 ? 1 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
}
// Byte offset of the code point number `index`; text.size() if there are not that many.
std::size_t offset_of(std::string_view text, std::size_t index);
// A copy with every malformed sequence replaced by U+FFFD.
std::string repaired(std::string_view text);

bool is_scalar_value(std::int64_t n);  // a Unicode code point that is no surrogate
void append_code_point(std::string& out, char32_t c);

bool is_space(char32_t c);  // White_Space of Unicode
std::string_view trim(std::string_view text);
std::string_view trim_start(std::string_view text);
std::string_view trim_end(std::string_view text);

// Case by Unicode's simple mappings, and `ß` to `SS` upwards. Independent of the locale.
void append_upper(std::string& out, char32_t c);
void append_lower(std::string& out, char32_t c);
std::string upper(std::string_view text);
std::string lower(std::string_view text);

// Escapes for a place in HTML text or in a quoted attribute: & < > " ' as references, CR as &#13;
// (a parser would make it a line feed), U+0000 as U+FFFD (WHATWG HTML 13.2.5).
void append_html(std::string& out, std::string_view text);
std::string html_escaped(std::string_view text);

}  // namespace flin::text
